import { canonicalSymbol } from '../../model/symbol.js';
import type { Link } from './chain.js';

/** Where the values of a key are held. */
export interface Keys<T, A> {
  /** The place of the key, if there is one. */
  readonly find: (value: T) => Link<A> | undefined;
  readonly open: (value: T, link: Link<A>) => void;
  /** Forgets the key of the value. */
  readonly forget: (value: T) => void;
  /** Forgets all keys. */
  readonly clear: () => void;
  /** The value that `find` was asked of last, in the spelling of its symbol that came first. */
  readonly spelled: (value: T) => T;
}

/** Keys by a function of the caller. */
export const keysBy =
  <T>(key: (value: T) => unknown) =>
  <A>(): Keys<T, A> => {
    const links = new Map<unknown, Link<A>>();
    return {
      find: (value) => links.get(key(value)),
      open: (value, link) => links.set(key(value), link),
      forget: (value) => links.delete(key(value)),
      clear: () => links.clear(),
      spelled: (value) => value,
    };
  };

interface Event {
  readonly provider?: unknown;
  readonly feed?: unknown;
  readonly kind?: unknown;
  readonly interval?: unknown;
  readonly symbol?: unknown;
}

/** Where the values of one instrument are held; it stays when they have left. */
interface Place<A> {
  /** As it was spelled first. */
  readonly symbol: unknown;
  link: Link<A> | undefined;
  /** Before which clearing the link was put there. */
  epoch: number;
}

/** Places by each spelling, and by the instrument. */
interface Table<A> {
  readonly spelled: Map<unknown, Place<A>>;
  readonly known: Map<unknown, Place<A>>;
}

/** From how many on places are forgotten with their values. */
const MOST_PLACES = 50_000;

/**
 * One key for each instrument, however it is spelled, kind and feed, for klines also each interval. Tables in tables: a
 * string made of the parts would have to be copied and hashed for each event. Places stay, so that nothing is hashed anew
 * at each beat.
 */
export const eventKeys = <T extends object, A>(): Keys<T, A> => {
  const byFeed = new Map<unknown, Map<unknown, Table<A>>>();
  let places = 0;
  let epoch = 0;
  let last: Place<A> | undefined;

  const tableOf = ({ provider, feed, kind, interval }: Event): Table<A> => {
    const ofFeed = within(byFeed, feed ?? provider);
    const key = kind === 'kline' ? interval : kind;
    let table = ofFeed.get(key);
    if (table === undefined) ofFeed.set(key, (table = { spelled: new Map(), known: new Map() }));
    return table;
  };

  const learn = ({ spelled, known }: Table<A>, symbol: unknown): Place<A> => {
    const key = instrumentOf(symbol);
    let place = known.get(key);
    if (place === undefined) {
      known.set(key, (place = { symbol, link: undefined, epoch }));
      places += 1;
    }
    spelled.set(symbol, place);
    return place;
  };

  const placeOf = (value: Event): Place<A> => {
    const table = tableOf(value);
    const place = table.spelled.get(value.symbol) ?? learn(table, value.symbol);
    if (place.epoch !== epoch) {
      place.epoch = epoch;
      place.link = undefined;
    }
    return place;
  };

  return {
    find: (value: Event) => (last = placeOf(value)).link,
    open: (value: Event, link) => {
      placeOf(value).link = link;
    },
    forget: (value: Event) => {
      const place = placeOf(value);
      place.link = undefined;
      if (places <= MOST_PLACES) return;
      const { spelled, known } = tableOf(value);
      for (const spelling of [value.symbol, place.symbol]) spelled.delete(spelling);
      if (known.delete(instrumentOf(place.symbol))) places -= 1;
    },
    clear: () => {
      epoch += 1;
      if (places <= MOST_PLACES) return;
      byFeed.clear();
      places = 0;
    },
    spelled: (value) => {
      const symbol = last?.symbol;
      return (value as Event).symbol === symbol ? value : { ...value, symbol };
    },
  };
};

const instrumentOf = (symbol: unknown): unknown => (typeof symbol === 'string' ? canonicalSymbol(symbol) : symbol);

const within = <K, V>(map: Map<unknown, Map<K, V>>, key: unknown): Map<K, V> => {
  let inner = map.get(key);
  if (inner === undefined) map.set(key, (inner = new Map<K, V>()));
  return inner;
};

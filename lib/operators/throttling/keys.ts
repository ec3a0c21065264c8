import { canonicalSymbol } from '../../model/symbol.js';

/** Where the values of one key are held. */
export interface Place<A> {
  held: A | undefined;
  /** For who holds something, to find it. */
  at: number;
  /** For who opens a key, to know when. */
  opened: number;
}

/** Where the values of each key are held. */
export interface Keys<T, A> {
  /** The place of the key of a value, made where there is none. */
  readonly placeOf: (value: T) => Place<A>;
  /** Nothing is held of the key of the value any more. */
  readonly forget: (value: T) => void;
  /** A beat is over, and nothing is held: forgets the places that are of no use, and none that is opened for the beat that begins. */
  readonly tidy: (beat: number) => void;
  /** The value that `placeOf` was asked of last, in the spelling of its symbol that came first. */
  readonly spelled: (value: T) => T;
}

/** Keys by a function of the caller. */
export const keysBy =
  <T>(key: (value: T) => unknown) =>
  <A>(): Keys<T, A> => {
    const places = new Map<unknown, Place<A>>();
    return {
      placeOf: (value) => {
        const own = key(value);
        let place = places.get(own);
        if (place === undefined) places.set(own, (place = { held: undefined, at: -1, opened: -1 }));
        return place;
      },
      forget: (value) => places.delete(key(value)),
      // Keys may be as many as values.
      tidy: (beat) => {
        for (const [own, { opened }] of places) if (opened !== beat) places.delete(own);
      },
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

/** The place of one instrument; it stays when its values have left. */
interface InstrumentPlace<A> extends Place<A> {
  /** As it was spelled first. */
  readonly symbol: unknown;
  /** In which beat there was a value of it. */
  seen: number;
}

/** Places by each spelling, and by the instrument. */
interface Table<A> {
  readonly spelled: Map<unknown, InstrumentPlace<A>>;
  readonly known: Map<unknown, InstrumentPlace<A>>;
}

/** From how many on places are forgotten with their values. */
const MOST_PLACES = 50_000;
/** After so many beats without a value a place is forgotten, at most as many later. */
const LONG = 256;

/**
 * One key for each instrument, however it is spelled, kind and feed, for klines also each interval. Tables in tables: a
 * string made of the parts would have to be copied and hashed for each event. Places stay, so that nothing is hashed anew
 * at each beat.
 */
export const eventKeys = <T extends object, A>(): Keys<T, A> => {
  const byFeed = new Map<unknown, Map<unknown, Table<A>>>();
  let places = 0;
  let beat = 0;
  let last: InstrumentPlace<A> | undefined;
  // Mostly one kind of one feed comes many times in a row.
  let lastFeed: unknown;
  let lastKey: unknown;
  let lastTable: Table<A> | undefined;

  const tableOf = ({ provider, feed = provider, kind, interval }: Event): Table<A> => {
    const key = kind === 'kline' ? interval : kind;
    if (lastTable && feed === lastFeed && key === lastKey) return lastTable;
    const ofFeed = within(byFeed, feed);
    let table = ofFeed.get(key);
    if (table === undefined) ofFeed.set(key, (table = { spelled: new Map(), known: new Map() }));
    lastFeed = feed;
    lastKey = key;
    lastTable = table;
    return table;
  };

  const learn = ({ spelled, known }: Table<A>, symbol: unknown): InstrumentPlace<A> => {
    const key = instrumentOf(symbol);
    let place = known.get(key);
    if (place === undefined) {
      known.set(key, (place = { held: undefined, at: -1, opened: -1, symbol, seen: beat }));
      places += 1;
    }
    spelled.set(symbol, place);
    return place;
  };

  const forgetAll = (): void => {
    byFeed.clear();
    lastTable = undefined;
    places = 0;
  };
  const forgetOld = ({ spelled, known }: Table<A>): void => {
    for (const table of [spelled, known]) {
      for (const [key, { seen }] of table) {
        if (beat - seen > LONG && table.delete(key) && table === known) places -= 1;
      }
    }
  };

  return {
    placeOf: (value: Event) => {
      const table = tableOf(value);
      const place = table.spelled.get(value.symbol) ?? learn(table, value.symbol);
      place.seen = beat;
      return (last = place);
    },
    forget: (value: Event) => {
      const { spelled, known } = tableOf(value);
      const place = spelled.get(value.symbol);
      if (place === undefined) return;
      place.held = undefined;
      if (places <= MOST_PLACES) return;
      for (const spelling of [value.symbol, place.symbol]) spelled.delete(spelling);
      if (known.delete(instrumentOf(place.symbol))) places -= 1;
    },
    tidy: () => {
      beat += 1;
      if (places > MOST_PLACES) return forgetAll();
      if (beat % LONG !== 0) return;
      for (const tables of byFeed.values()) tables.forEach(forgetOld);
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

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
    };
  };

interface Event {
  readonly provider?: unknown;
  readonly kind?: unknown;
  readonly interval?: unknown;
  readonly symbol?: unknown;
}

/**
 * One key for each symbol, kind and provider, for klines also each interval. Tables in tables: a string made of the
 * parts would have to be copied and hashed for each event.
 */
export const eventKeys = <T extends object, A>(): Keys<T, A> => {
  const byProvider = new Map<unknown, Map<unknown, Map<unknown, Link<A>>>>();
  const tableOf = ({ provider, kind, interval }: Event): Map<unknown, Link<A>> =>
    within(within(byProvider, provider), kind === 'kline' ? interval : kind);
  return {
    find: (value: Event) => tableOf(value).get(value.symbol),
    open: (value: Event, link) => tableOf(value).set(value.symbol, link),
    forget: (value: Event) => tableOf(value).delete(value.symbol),
    clear: () => {
      for (const tables of byProvider.values()) for (const table of tables.values()) table.clear();
    },
  };
};

const within = <K, V>(map: Map<unknown, Map<K, V>>, key: unknown): Map<K, V> => {
  let inner = map.get(key);
  if (inner === undefined) map.set(key, (inner = new Map<K, V>()));
  return inner;
};

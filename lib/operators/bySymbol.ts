import { canonicalSymbol } from '../model/symbol.js';

/** Something for each instrument, however its symbol is spelled. */
export interface BySymbol<T> {
  readonly find: (symbol: string) => T | undefined;
  /** Adds what `find` did not find, and returns it. */
  readonly add: (symbol: string, value: T) => T;
  /** Adds a value in the place of what there was, in all spellings. */
  readonly put: (symbol: string, value: T) => void;
  /** All there are, oldest first; or those of some symbols. */
  readonly values: (isOf?: (symbol: string) => boolean) => Iterable<T>;
  readonly size: () => number;
  readonly forget: (symbol: string) => void;
}

/**
 * A table by symbol in which `700.HK` and `00700.HK` are one entry. A spelling that was seen costs one look-up and no
 * expression.
 */
export const bySymbol = <T>(): BySymbol<T> => {
  const spelled = new Map<string, T>();
  const known = new Map<string, T>();

  const learn = (symbol: string): T | undefined => {
    const found = known.get(canonicalSymbol(symbol));
    if (found !== undefined) spelled.set(symbol, found);
    return found;
  };

  const add = (symbol: string, value: T): T => {
    known.set(canonicalSymbol(symbol), value);
    spelled.set(symbol, value);
    return value;
  };
  const forget = (symbol: string): void => {
    const key = canonicalSymbol(symbol);
    known.delete(key);
    spelled.delete(symbol);
    if (spelled.size === known.size) return;
    for (const spelling of spelled.keys()) if (canonicalSymbol(spelling) === key) spelled.delete(spelling);
  };

  return {
    find: (symbol) => spelled.get(symbol) ?? learn(symbol),
    add,
    put: (symbol, value) => {
      forget(symbol);
      add(symbol, value);
    },
    values: (isOf) => (isOf ? [...known].flatMap(([key, value]) => (isOf(key) ? [value] : [])) : known.values()),
    size: () => known.size,
    forget,
  };
};

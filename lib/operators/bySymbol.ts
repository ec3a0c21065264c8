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
  /** The spellings of each instrument, but for the one that it is known by. */
  const others = new Map<string, string[]>();

  const spell = (symbol: string, key: string, value: T): void => {
    spelled.set(symbol, value);
    if (symbol === key) return;
    const more = others.get(key);
    if (more) more.push(symbol);
    else others.set(key, [symbol]);
  };
  const learn = (symbol: string): T | undefined => {
    const key = canonicalSymbol(symbol);
    const found = known.get(key);
    if (found !== undefined) spell(symbol, key, found);
    return found;
  };
  const add = (symbol: string, value: T): T => {
    const key = canonicalSymbol(symbol);
    known.set(key, value);
    spell(symbol, key, value);
    return value;
  };
  const forget = (symbol: string): void => {
    const key = canonicalSymbol(symbol);
    known.delete(key);
    spelled.delete(key);
    for (const spelling of others.get(key) ?? []) spelled.delete(spelling);
    others.delete(key);
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

import { emptyMap, type KeyMap } from './keyMap.js';

/** A set of texts that is never changed: each step makes another one, and costs little more than what changes. */
export interface KeySet extends Iterable<string> {
  readonly size: number;
  readonly has: (key: string) => boolean;
  readonly keys: () => string[];
  /** The set with these as well; the very same when it has them all. */
  readonly with: (keys: Iterable<string>) => KeySet;
  /** The set without these; the very same when it has none of them. */
  readonly without: (keys: Iterable<string>) => KeySet;
  /** The same as a table. */
  readonly map: KeyMap<true>;
}

const keySet = (map: KeyMap<true>): KeySet => {
  const keys = (): string[] => Array.from(map, ([key]) => key);
  const changed = (next: KeyMap<true>): KeySet => (next === map ? self : keySet(next));
  const self: KeySet = {
    size: map.size,
    has: map.has,
    keys,
    with: (some) => changed(map.with(Array.from(some, (key) => [key, true]))),
    without: (some) => changed(map.without(some)),
    map,
    [Symbol.iterator]: () => keys()[Symbol.iterator](),
  };
  return self;
};

/** The set of nothing. */
export const noKeys: KeySet = keySet(emptyMap());

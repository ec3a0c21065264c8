/** A table by text that is never changed: each step makes another one, and costs little more than what changes. */
export interface KeyMap<V> extends Iterable<readonly [string, V]> {
  readonly size: number;
  readonly get: (key: string) => V | undefined;
  readonly has: (key: string) => boolean;
  readonly values: () => V[];
  /** The table with these as well; the very same when it has them all. */
  readonly with: (entries: Iterable<readonly [string, V]>) => KeyMap<V>;
  /** The table without these; the very same when it has none of them. */
  readonly without: (keys: Iterable<string>) => KeyMap<V>;
  /** What it is made of, the newest first. */
  readonly layers: readonly Layer<V>[];
}

/** Which keys came, and which went (null), since the layer below. */
type Layer<V> = ReadonlyMap<string, V | null>;

/** Layers, the newest first, each at least twice as large as the one before, so that a look-up meets few of them. */
const keyMap = <V>(layers: readonly Layer<V>[], size: number): KeyMap<V> => {
  const get = (key: string): V | undefined => {
    for (const layer of layers) {
      const found = layer.get(key);
      if (found !== undefined) return found ?? undefined;
    }
    return undefined;
  };
  const all = (): Map<string, V> => onlyIn(layers.reduceRight(merged, new Map<string, V | null>()));

  const changed = (layer: Layer<V>, by: number): KeyMap<V> =>
    layer.size === 0 ? self : keyMap(onTop(layer, layers), size + by);

  const self: KeyMap<V> = {
    size,
    get,
    has: (key) => get(key) !== undefined,
    values: () => [...all().values()],
    with: (entries) => {
      const layer = new Map<string, V>();
      let added = 0;
      for (const [key, value] of entries) {
        const before = layer.get(key) ?? get(key);
        if (before === value) continue;
        if (before === undefined) added += 1;
        layer.set(key, value);
      }
      return changed(layer, added);
    },
    without: (keys) => {
      const layer = new Map<string, null>();
      for (const key of keys) if (get(key) !== undefined) layer.set(key, null);
      return changed(layer, -layer.size);
    },
    layers,
    [Symbol.iterator]: () => all()[Symbol.iterator](),
  };
  return self;
};

/** Merges layers of about one size, as carrying does in a sum: each key is copied as often as the table doubles. */
const onTop = <V>(layer: Layer<V>, layers: readonly Layer<V>[]): readonly Layer<V>[] => {
  let top = layer;
  let at = 0;
  for (let below = layers[at]; below && below.size < 2 * top.size; below = layers[at]) {
    top = merged(below, top);
    at += 1;
  }
  return [at === layers.length ? onlyIn(top) : top, ...layers.slice(at)];
};

const merged = <V>(below: Layer<V>, above: Layer<V>): Map<string, V | null> => new Map([...below, ...above]);

const onlyIn = <V>(layer: Layer<V>): Map<string, V> => {
  const found = new Map<string, V>();
  for (const [key, value] of layer) if (value !== null) found.set(key, value);
  return found;
};

/** The table of nothing. */
export const emptyMap = <V>(): KeyMap<V> => keyMap<V>([], 0);

/**
 * The keys in which two tables may differ: few more than were changed where one was made of the other, and all keys of both
 * else.
 */
export const differing = <V>({ layers: one }: KeyMap<V>, { layers: other }: KeyMap<V>): ReadonlySet<string> => {
  let shared = 0;
  while (shared < one.length && shared < other.length && one.at(-1 - shared) === other.at(-1 - shared)) shared += 1;
  const keys = new Set<string>();
  for (const layers of [one, other]) {
    for (const layer of layers.slice(0, layers.length - shared)) for (const key of layer.keys()) keys.add(key);
  }
  return keys;
};

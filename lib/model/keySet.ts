/** A set of texts that is never changed: each step makes another one, and costs little more than what changes. */
export interface KeySet {
  readonly size: number;
  readonly has: (key: string) => boolean;
  readonly keys: () => string[];
  /** The set with these as well; the very same when it has them all. */
  readonly with: (keys: Iterable<string>) => KeySet;
  /** The set without these; the very same when it has none of them. */
  readonly without: (keys: Iterable<string>) => KeySet;
}

/** Which keys came, and which went, since the layer below. */
type Layer = ReadonlyMap<string, boolean>;

/** Layers, the newest first, each at least twice as large as the one before, so that a look-up meets few of them. */
const keySet = (layers: readonly Layer[], size: number): KeySet => {
  const has = (key: string): boolean => {
    for (const layer of layers) {
      const found = layer.get(key);
      if (found !== undefined) return found;
    }
    return false;
  };

  const changed = (keys: Iterable<string>, isIn: boolean): KeySet => {
    const layer = new Map<string, boolean>();
    for (const key of keys) if (has(key) !== isIn) layer.set(key, isIn);
    if (layer.size === 0) return self;
    return keySet(onTop(layer, layers), size + (isIn ? layer.size : -layer.size));
  };

  const self: KeySet = {
    size,
    has,
    keys: () => [...onlyIn(layers.reduceRight(merged, new Map()))],
    with: (keys) => changed(keys, true),
    without: (keys) => changed(keys, false),
  };
  return self;
};

/** Merges layers of about one size, as carrying does in a sum: each key is copied as often as the set doubles. */
const onTop = (layer: Layer, layers: readonly Layer[]): readonly Layer[] => {
  let top = layer;
  let at = 0;
  for (let below = layers[at]; below && below.size < 2 * top.size; below = layers[at]) {
    top = merged(below, top);
    at += 1;
  }
  const isBottom = at === layers.length;
  return [isBottom ? new Map(onlyIn(top).map((key) => [key, true])) : top, ...layers.slice(at)];
};

const merged = (below: Layer, above: Layer): Layer => new Map([...below, ...above]);

const onlyIn = (layer: Layer): string[] => [...layer].flatMap(([key, isIn]) => (isIn ? [key] : []));

/** The set of nothing. */
export const noKeys: KeySet = keySet([], 0);

const { imul, floor } = Math;

/** A number in [0, 1); the same sequence for the same seed. */
export type Random = () => number;

/** Mulberry32: 32 bits of state, more than enough for a market that only has to look alive. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A seed of its own for each name, so that instruments added later do not disturb the others (FNV-1a). */
export const seedFor = (seed: number, name: string): number => {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/** A number in [0, 1) for each pair of whole numbers, the same for the same seed, whatever was asked before. */
export const hashed = (seed: number, one: number, other: number): number => {
  let mixed = (seed ^ imul(one, 0x9e3779b1) ^ imul(other, 0x85ebca6b)) >>> 0;
  mixed = imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
};

/** A line through random points in [-1, 1), one at each whole number: it wanders, and can be asked anywhere. */
export const wandering = (seed: number, at: number): number => {
  const from = floor(at);
  const share = at - from;
  const smooth = share * share * (3 - 2 * share);
  return 2 * (hashed(seed, from, 0) * (1 - smooth) + hashed(seed, from + 1, 0) * smooth) - 1;
};

/** A number in [0, 1), another one each time. */
export type Random = () => number;

/** Mulberry32, begun at a place of its own for each name (FNV-1a): faults with the same seed do not fall together. */
export const seeded = (seed: number, name: string): Random => {
  let state = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at += 1) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

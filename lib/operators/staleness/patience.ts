import type { StalenessSettings } from './StalenessOptions.js';

/** How long a symbol may be silent. */
export interface Patience {
  /** In whole milliseconds. */
  readonly length: () => number;
  /** Takes in the time between two events. */
  readonly learn: (gap: number) => void;
}

/** The weight of the newest gap: some eight events are remembered. */
const WEIGHT = 1 / 8;

export const patienceOf = ({ after, adaptive }: StalenessSettings): Patience => {
  if (!adaptive) return { length: () => after, learn: () => undefined };
  const { factor, floor, cap } = adaptive;
  const bounded = (length: number): number => Math.ceil(Math.min(Math.max(length, floor), cap));
  let length = bounded(after);
  let mean: number | undefined;
  return {
    length: () => length,
    learn: (gap) => {
      // One stall of an hour is no habit.
      const told = Math.min(gap, cap);
      mean = mean === undefined ? told : mean + (told - mean) * WEIGHT;
      length = bounded(factor * mean);
    },
  };
};

import type { AdaptiveSilence, StalenessSettings } from './StalenessOptions.js';

/** How long a symbol may be silent, and what that was learnt from. */
export interface Threshold {
  /** In whole milliseconds. */
  length: number;
  /** Of the times between its events. */
  mean: number | undefined;
}

/** The weight of the newest gap: some eight events are remembered. */
const WEIGHT = 1 / 8;

/** Makes the threshold of a symbol; all have the same one where nothing is learnt. */
export const thresholdOf = ({ after, adaptive }: StalenessSettings): (() => Threshold) => {
  if (adaptive) return () => ({ length: bounded(adaptive, after), mean: undefined });
  const given = { length: after, mean: undefined };
  return () => given;
};

/** Takes in the time between two events. */
export const learn = (threshold: Threshold, adaptive: AdaptiveSilence, gap: number): void => {
  // One stall of an hour is no habit.
  const told = Math.min(gap, adaptive.maxAfter);
  const mean = threshold.mean === undefined ? told : threshold.mean + (told - threshold.mean) * WEIGHT;
  threshold.mean = mean;
  threshold.length = bounded(adaptive, adaptive.factor * mean);
};

const bounded = ({ minAfter, maxAfter }: AdaptiveSilence, length: number): number =>
  Math.ceil(Math.min(Math.max(length, minAfter), maxAfter));

import type { Delay } from './Health.js';

/** A distribution in fixed buckets, changed in place: an event costs it some comparisons. */
export interface Delays {
  readonly bounds: readonly number[];
  readonly counts: number[];
  count: number;
  sum: number;
  latest: number;
  worst: number;
}

/** Milliseconds; of lags and round trips, and of holes. */
export const LAGS: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
export const HOLES: readonly number[] = [100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000];

export const newDelays = (bounds: readonly number[]): Delays => ({
  bounds,
  counts: bounds.concat(0).map(() => 0),
  count: 0,
  sum: 0,
  latest: 0,
  worst: -Infinity,
});

export const addDelay = (delays: Delays, value: number): void => {
  const { bounds, counts } = delays;
  let at = 0;
  while (at < bounds.length && value > (bounds[at] ?? 0)) at += 1;
  counts[at] = (counts[at] ?? 0) + 1;
  delays.count += 1;
  delays.sum += value;
  delays.latest = value;
  if (value > delays.worst) delays.worst = value;
};

/** Several with the same bounds as one. */
export const delayOf = (all: readonly Delays[], bounds: readonly number[]): Delay => {
  const counts = newDelays(bounds).counts.map((_, at) => sum(all.map((delays) => delays.counts[at] ?? 0)));
  const some = all.filter(({ count }) => count > 0);
  const count = sum(counts);
  const worst = some.length > 0 ? Math.max(...some.map((delays) => delays.worst)) : undefined;
  /** The bound below which such a part lies; no larger than the worst. */
  const quantile = (part: number): number | undefined => {
    if (worst === undefined) return undefined;
    let left = Math.ceil(part * count);
    const at = counts.findIndex((inBucket) => (left -= inBucket) <= 0);
    return Math.min(bounds[at] ?? Infinity, worst);
  };
  return {
    count,
    sum: sum(some.map((delays) => delays.sum)),
    latest: some.length > 0 ? Math.max(...some.map(({ latest }) => latest)) : undefined,
    worst,
    p50: quantile(0.5),
    p99: quantile(0.99),
    bounds,
    counts,
  };
};

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

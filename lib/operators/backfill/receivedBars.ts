import type { Bucket } from '../../model/calendar/bucketing.js';
import { minus, plus } from '../../model/exact.js';
import type { Kline } from '../../model/marketEvent.js';
import type { BucketOf } from '../klines/hours.js';
import type { Evidence } from './examine.js';
import { firstOf, lastOf, type Hole } from './hole.js';

/** The bars on both sides of a hole that a history is compared with. */
export type Beside = Pick<Evidence, 'before' | 'after'>;
/** What was received, beside the hole and in it. */
type Received = Pick<Evidence, 'live' | 'firstGrowth' | 'firstFigureIn'>;

/** So many closed bars are remembered beside a hole. */
const MEMORY = 128;
/** On each side of a hole one of so many bars is compared, as a history may lack some. */
const COMPARED = 3;
/** A bar to compare is no more bars of time before the hole than this. */
const REACH = 100;

/**
 * The closed bars that were made of what was received of a symbol, as far as a hole may need them.
 *
 * @param length of a bar, in milliseconds
 * @param leastKept when the first bar opens that must be kept
 */
export const receivedBars = (bucketOf: BucketOf, length: number, leastKept: () => number) => {
  const live = new Map<number, Kline>();
  const firstGrowth = new Map<number, number>();
  /** What of the volume missed in a bar is explained by then, by when it opens. */
  const explained = new Map<number, number>();
  /** The latest bars in which the first figure behind a hole came: it tells of more than of them. */
  let touched: readonly number[] = [];
  let firstFigureIn: number | undefined;

  const touch = ({ openTime }: Bucket): void => {
    touched = [...touched, openTime].slice(-MEMORY);
  };

  return {
    known: (): Received => ({ live, firstGrowth, firstFigureIn }),
    add: (kline: Kline): void => {
      const missedVolume = minus(kline.missedVolume, explained.get(kline.openTime) ?? 0);
      live.set(kline.openTime, { ...kline, missedVolume: Math.max(0, missedVolume) });
      pruned(live, leastKept);
    },
    /** A cumulative figure grew; returns the bar in which it came. */
    grow: (time: number, growth: number): Bucket => {
      const bucket = bucketOf(time);
      if (!firstGrowth.has(bucket.openTime)) {
        firstGrowth.set(bucket.openTime, Math.max(0, growth));
        pruned(firstGrowth, leastKept);
      }
      return bucket;
    },
    /** The first figure of all came: it tells nothing of what was traded before it in its bar. */
    begin: (bucket: Bucket): void => {
      firstFigureIn = bucket.openTime;
      touch(bucket);
    },
    touch,
    /** The nearest bars before and behind a hole that were seen wholly and are final. */
    beside: (hole: Hole, isSettled: (bucket: Bucket) => boolean): Beside => {
      const [first, last] = [firstOf(hole)?.openTime ?? 0, lastOf(hole)?.openTime ?? 0];
      const behind = Math.max(last, hole.figureIn?.openTime ?? -Infinity);
      const opens = [...live.values()]
        .filter(({ coverage, source, openTime }) => coverage === 1 && source !== 'empty' && !touched.includes(openTime))
        .map(({ openTime }) => openTime)
        .sort((one, other) => one - other);
      const before = opens.filter((openTime) => openTime < first && openTime > first - REACH * length);
      const after = opens.filter((openTime) => openTime > behind).map((openTime) => bucketOf(openTime));
      return {
        before: before
          .slice(-COMPARED)
          .reverse()
          .map((openTime) => bucketOf(openTime)),
        after: after.filter(isSettled).slice(0, COMPARED),
      };
    },
    /** What the figures said is missed in a hole is there now, and not missed in the next one. */
    explain: ({ provenFrom, bars, figureIn }: Hole): void => {
      const until = Math.max(figureIn?.openTime ?? 0, bars.at(-1)?.bucket.openTime ?? 0);
      for (const [openTime, kline] of live) {
        if (openTime < provenFrom || openTime > until || kline.missedVolume === 0) continue;
        explained.set(openTime, plus(explained.get(openTime) ?? 0, kline.missedVolume));
        live.set(openTime, { ...kline, missedVolume: 0 });
      }
      pruned(explained, leastKept);
    },
  };
};

/** Forgets what is oldest, but for what a hole needs: what opens at `leastKept()` or later. */
export const pruned = (table: Map<number, unknown>, leastKept: () => number): void => {
  if (table.size <= MEMORY) return;
  const least = leastKept();
  for (const openTime of table.keys()) {
    if (table.size <= MEMORY || openTime >= least) return;
    table.delete(openTime);
  }
};

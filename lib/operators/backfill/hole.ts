import { nextBucket, type Bucket } from '../../model/calendar/bucketing.js';
import { tradingTime } from '../../model/calendar/tradingTime.js';
import type { Span } from '../../model/calendar/sessionDays.js';
import type { Kline } from '../../model/marketEvent.js';
import type { BucketOf } from '../klines/hours.js';

/** A bar with a hole in it, and the share of its trading time that the link was live. */
export interface HoledBar {
  readonly bucket: Bucket;
  readonly coverage: number;
}

/** When nothing was received of a symbol, until it is repaired or given up. A cut meanwhile makes it longer. */
export interface Hole {
  /** Whether it is the time before the symbol was first seen. */
  readonly isWarm: boolean;
  /** When nothing was received; in order. */
  readonly spans: readonly Span[];
  /** The bars that lie in it, oldest first; there is at least one. */
  readonly bars: readonly HoledBar[];
  /** When the first bar of the time after the symbol was first seen opens; a figure proves nothing of what was before. */
  readonly provenFrom: number;
  /** Whether a cumulative figure was known then. */
  readonly hasFigure: boolean;
  /** The bar in which the first figure behind it came. */
  readonly figureIn: Bucket | undefined;
}

/** More bars than this are no hole but a mistake. */
const MOST = 100_000;

/** The bars that some spans lie in, as far as they are trading time. */
export const holedBars = (bucketOf: BucketOf, spans: readonly Span[]): readonly HoledBar[] => {
  const bars = new Map<number, HoledBar>();
  for (const { from, to } of spans) {
    let bucket = bucketOf(from);
    for (let i = 0; i < MOST && bucket.openTime < to; i += 1, bucket = nextBucket(bucketOf, bucket)) {
      const lost = tradingTime(bucket.trading, from, to);
      if (lost === 0) continue;
      const { coverage } = bars.get(bucket.openTime) ?? { coverage: 1 };
      bars.set(bucket.openTime, { bucket, coverage: Math.max(0, coverage - lost / tradingTime(bucket.trading)) });
    }
  }
  return [...bars.values()].sort((one, other) => one.bucket.openTime - other.bucket.openTime);
};

/** Whether the bar of a moment is over by then, as it is out of hours. */
export const isOver = ({ closeTime }: Bucket, moment: number): boolean => closeTime <= moment;

/** The hole of so many bars that were over at a moment, none of them before `since`; undefined if there is none. */
export const warmHole = (bucketOf: BucketOf, first: number, count: number, since: number): Hole | undefined => {
  const bars: HoledBar[] = [];
  let later = Infinity;
  for (let bucket = bucketOf(first); bars.length < count && bucket.openTime < later && bucket.openTime >= since;) {
    later = bucket.openTime;
    if (isOver(bucket, first)) bars.unshift({ bucket, coverage: 0 });
    bucket = bucketOf(bucket.since - 1);
  }
  const from = bars[0]?.bucket.openTime;
  const to = bars.at(-1)?.bucket.closeTime;
  if (from === undefined || to === undefined) return undefined;
  return { isWarm: true, spans: [{ from, to }], bars, provenFrom: to, hasFigure: false, figureIn: undefined };
};

/** The hole, longer by a span. Bars that were seen wholly between the two lie in none. */
export const extended = (bucketOf: BucketOf, hole: Hole | undefined, span: Span, hasFigure: boolean): Hole => {
  const spans = [...(hole?.spans ?? []), span];
  const bars = holedBars(bucketOf, spans);
  const before = hole?.isWarm === false ? hole : undefined;
  return {
    isWarm: false,
    spans,
    bars,
    provenFrom: before?.provenFrom ?? bucketOf(span.from).openTime,
    hasFigure: before ? before.hasFigure : hasFigure,
    figureIn: undefined,
  };
};

export const firstOf = ({ bars }: Hole): Bucket | undefined => bars[0]?.bucket;
export const lastOf = ({ bars }: Hole): Bucket | undefined => bars.at(-1)?.bucket;

/** The closed bars made of what was received, by when they open. */
export type LiveBars = ReadonlyMap<number, Kline>;

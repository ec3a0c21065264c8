import { nextBucket, type Bucket } from '../../model/calendar/bucketing.js';
import type { Kline, Quote, SizeUnit } from '../../model/marketEvent.js';
import type { Bar } from './Bar.js';
import type { BucketOf, Hours, LeftOut } from './hours.js';
import type { Named } from './feedTable.js';
import type { Served, Source } from './source.js';
import { noVolumes, type DayFigures } from './dayFigures.js';
import type { Memory, Recent } from './repeats.js';
import type { Timing } from './timing.js';
import { beginAtZero, type Growth, type Volumes } from './Volumes.js';

/** The bars of one symbol. */
export interface Series extends DayFigures, Timing, Recent {
  /** As the first event named its provider and its feed. */
  provider: string;
  feed: string | undefined;
  readonly symbol: string;
  source: Source<Series>;
  /** The feed that served before, until a bar begins that says so. */
  left: Kline['left'];
  readonly served: Served;
  readonly bucketOf: BucketOf;
  readonly without: LeftOut;
  /** The best kind of data seen so far: trades, else quotes, else bars. Lesser kinds no longer set prices. */
  madeOf: Exclude<Kline['source'], 'backfill'>;
  forming: Bar | undefined;
  /** Closed bars that can still be corrected, oldest first. */
  readonly kept: Bar[];
  /** Volume whose price counts in no bar, from before the first bar. */
  unplaced: Unplaced | undefined;
  /** The figure of a day of which no trade came yet: the first bar of the day misses what it proves. */
  unproven: Figure | undefined;
  /** The last quote, while bars are made of quotes. */
  quote: Quote | undefined;
  /** How many times the link had been lost when the last figure came; -1 where its topic was lost since. */
  losses: number;
  /** Whether trades carry cumulative volume, so that quotes prove nothing more; and the unit of their sizes. */
  hasOwnFigures: boolean;
  sizeUnit: SizeUnit | undefined;
  /** Whether the forming bar waits for the next beat. */
  waiting: boolean;
  /** At which look it last had an event. */
  fedAt: number;
  /** What is older may be in a bar of before it was forgotten. */
  readonly floor: number;
}

/** A cumulative volume, and its vendor time. */
export interface Figure {
  readonly volume: number;
  readonly time: number;
}

export interface Unplaced {
  /** Vendor time of the last of it. */
  readonly time: number;
  volume: number;
  missed: readonly Growth[];
  readonly trades: number;
}

export const newSeries = (
  source: Source<Series>,
  { provider, feed, symbol }: Named,
  { bucketOf, periodOf, without }: Hours,
  delay: number | 'measured',
  memory: Memory,
): Series => ({
  // Written out: an object that begins as a spread is slow for every trade. What every trade looks at comes first.
  source,
  ring: undefined,
  head: 0,
  at: 0,
  counted: 0,
  ids: undefined,
  without,
  forming: undefined,
  madeOf: 'empty',
  volumes: noVolumes(),
  memory,
  checkAt: -Infinity,
  earlier: undefined,
  periodOf,
  delay: delay === 'measured' ? 0 : delay,
  lag: delay === 'measured' ? 0 : delay,
  isMeasured: delay === 'measured',
  latest: -Infinity,
  behind: 0,
  settledAt: -Infinity,
  agreed: 0,
  odd: 0,
  nearest: 0,
  oddAt: -Infinity,
  isDoubtful: false,
  provider,
  feed,
  left: undefined,
  symbol,
  served: { trades: undefined, quotes: undefined, provider: undefined },
  bucketOf,
  kept: [],
  unplaced: undefined,
  unproven: undefined,
  quote: undefined,
  losses: source.losses,
  hasOwnFigures: false,
  sizeUnit: undefined,
  waiting: false,
  fedAt: 0,
  floor: source.floor,
});

/** The bucket after this one. A vendor's own may end elsewhere than the calendar's. */
export const following = ({ bucketOf }: Series, bucket: Bucket): Bucket => nextBucket(bucketOf, bucket);

export const newestOf = ({ forming, kept }: Series): Bar | undefined => forming ?? kept.at(-1);

/** Where the bars of a symbol end: what is earlier may be in one of them. */
export const endOf = (series: Series): number => newestOf(series)?.until ?? -Infinity;

/** Whether nothing of a symbol matters any more: its last bar is over, and so is the day of which its figures prove something. */
export const isOver = (series: Series, now: number): boolean => {
  const { forming, unplaced, volumes, periodOf, lag } = series;
  if (forming) return false;
  const provenUntil = volumes.figure === undefined || volumes.until === Infinity ? -Infinity : volumes.until;
  const unplacedUntil = unplaced ? (periodOf(unplaced.time)?.until ?? -Infinity) : -Infinity;
  return Math.max(endOf(series), provenUntil, unplacedUntil) <= now - lag;
};

/** The vendor says that nothing was traded: where nothing is known of the day, counting begins at zero. */
export const beginWithNothing = (series: Series, volumes: Volumes | undefined, time: number): void => {
  if (volumes && volumes.figure === undefined && newestOf(series) === undefined && !series.unplaced)
    beginAtZero(volumes, time);
};

/** Puts a closed bar in its place; returns the bar that can no longer be corrected for it. */
export const keep = ({ kept }: Series, bar: Bar, horizon: number): Bar | undefined => {
  let at = kept.length;
  for (let before = kept[at - 1]; before && before.bucket.openTime > bar.bucket.openTime; before = kept[at - 1]) at--;
  if (at === kept.length) kept.push(bar);
  else kept.splice(at, 0, bar);
  return kept.length > horizon ? kept.shift() : undefined;
};

/** The flat bars right behind a bar, which carry its close. */
export const carriedFrom = ({ kept, forming }: Series, bar: Bar): readonly Bar[] => {
  const later = kept.slice(kept.indexOf(bar) + 1);
  if (forming) later.push(forming);
  const end = later.findIndex(({ source }) => source !== 'empty');
  return end < 0 ? later : later.slice(0, end);
};

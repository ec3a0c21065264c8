import type { Bucket } from '../../model/calendar/bucketing.js';
import type { Trade } from '../../model/marketEvent.js';
import { addSize, countTrade, emptyBar, flatten, type Bar } from './Bar.js';
import type { BucketOf, Hours } from './bucketsBySymbol.js';
import { presenceOf, type Named, type Served, type Source } from './feedTable.js';
import { addGrowth, figuresAt, wasSeen } from './figures.js';
import { isPriced } from './isPriced.js';
import { noVolumes, volumesAt, type Ledger } from './Ledger.js';
import type { LeftOut } from './leftOut.js';
import { coverageOf } from './link.js';
import { isRepeat, type Memory, type Recent } from './repeats.js';
import { settledDelay, type Timing } from './timing.js';
import { beginAtZero, countProof, countSize, growthTo, isDuplicate } from './Volumes.js';

/** The counted bars of one symbol. */
export interface CountedSeries extends Ledger, Timing, Recent {
  readonly provider: string;
  readonly feedName: string | undefined;
  readonly symbol: string;
  readonly source: Source<CountedSeries>;
  readonly served: Served;
  feed: 'trades';
  readonly dayOf: BucketOf;
  readonly without: LeftOut;
  forming: Bar | undefined;
  /** The last price. */
  close: number | undefined;
  /** The latest vendor time so far: no bar opens before it, even if its first execution is late. */
  newest: number;
  /** How many times the link had been lost when the last figure came; -1 where its topic was lost since. */
  losses: number;
  /** Whether the forming bar waits for the next beat. */
  waiting: boolean;
}

export const newCountedSeries = (
  source: Source<CountedSeries>,
  { provider, feed, symbol }: Named,
  { bucketOf: dayOf, periodOf, without }: Hours,
  delay: number | 'measured',
  memory: Memory,
): CountedSeries => ({
  // Written out: an object that begins as a spread is slow for every trade.
  checkAt: -Infinity,
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
  feedName: feed,
  symbol,
  source,
  served: {},
  feed: 'trades',
  dayOf,
  without,
  periodOf,
  volumes: noVolumes(),
  earlier: undefined,
  ring: undefined,
  head: 0,
  at: 0,
  counted: 0,
  memory,
  forming: undefined,
  close: undefined,
  newest: -Infinity,
  losses: source.losses,
  waiting: false,
});

/** Whether a trade was counted before. */
export const isRepeated = (series: CountedSeries, trade: Trade): boolean => {
  const { size, volume, time } = trade;
  if (volume === undefined) return isRepeat(series, trade);
  if (size === undefined && isRepeat(series, trade)) return true;
  const volumes = figuresAt(series, trade, seenSince);
  return volumes !== undefined && isDuplicate(volumes, size, volume, time);
};

/** Whether a trade is an execution. One of size 0, or without a price, is none; its cumulative volume still proves. */
export const isExecution = (trade: Trade): boolean =>
  isPriced(trade) || (trade.volumeOnly === true && (trade.size ?? 1) > 0);

/** A bar in which nothing is counted yet, of the trading day of its first execution. */
export const openBar = (series: CountedSeries, { price, time, receivedAt }: Trade): Bar => {
  series.newest = Math.max(series.newest, time);
  const bar = emptyBar(series.dayOf(series.newest), series.close ?? price, receivedAt);
  bar.openedAt = series.newest;
  bar.time = series.newest;
  series.forming = bar;
  return bar;
};

/** Takes an execution in, in the order of arrival. */
export const addExecution = (series: CountedSeries, bar: Bar, trade: Trade): void => {
  const { price, time, receivedAt } = trade;
  if (isPriced(trade)) {
    if (bar.source === 'empty') flatten(bar, price);
    if (price > bar.high) bar.high = price;
    if (price < bar.low) bar.low = price;
    bar.close = price;
    bar.source = 'trades';
    series.close = price;
  }
  if (time > series.newest) series.newest = time;
  bar.time = series.newest;
  bar.receivedAt = receivedAt;
  countTrade(bar);
  addVolume(series, bar, trade);
};

/** Takes what a trade that is no execution proves. */
export const addProof = (series: CountedSeries, { time, size, volume }: Trade): void => {
  const volumes = volumesAt(series, time);
  if (volume === undefined || volumes === undefined) return;
  if (volume === 0) {
    if (volumes.figure === undefined && series.newest === -Infinity) beginAtZero(volumes, time);
  } else if (size === 0 && series.forming) countProof(volumes, series.forming, volume, time);
};

const addVolume = (series: CountedSeries, bar: Bar, trade: Trade): void => {
  const { size, volume, time } = trade;
  const volumes = volumesAt(series, time);
  if (size !== undefined) {
    // What was seen before the first figure is part of it.
    if (volumes && (volume !== undefined || volumes.figure !== undefined))
      countSize(volumes, bar, size, volume, time, trade.vendorTime === undefined);
    addSize(bar, size);
  } else if (volumes && volume !== undefined) {
    const growth = growthTo(volumes, volume, time);
    addGrowth(bar, growth, wasSeen(series, volumes, growth, trade));
  }
};

/** What closed bars saw of the day is not remembered. */
const seenSince = ({ newest }: CountedSeries): number | undefined => (newest === -Infinity ? 0 : undefined);

/** The share of the bar's span that the link was live: of the trading time in it, if there is any. */
export const coverageOfBar = (series: CountedSeries, bar: Bar): number =>
  coverageOf(presenceOf(series, 'trades'), bar.receivedAt, spanOf(bar), settledDelay(series));

const spanOf = ({ bucket, openedAt, time }: Bar): Bucket => {
  const whole = { from: openedAt, to: time + 1 };
  const trading = bucket.trading
    .map(({ from, to }) => ({ from: Math.max(from, whole.from), to: Math.min(to, whole.to) }))
    .filter(({ from, to }) => from < to);
  return { ...bucket, openTime: whole.from, closeTime: whole.to, trading: trading.length > 0 ? trading : [whole] };
};

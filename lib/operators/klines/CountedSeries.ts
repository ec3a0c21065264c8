import type { Bucket } from '../../model/calendar/bucketing.js';
import type { Trade } from '../../model/marketEvent.js';
import { emptyBar, type Bar } from './Bar.js';
import { presenceOf, type Named, type Served, type Source } from './feedTable.js';
import { coverageOf } from './link.js';
import type { BucketOf } from './Series.js';
import { countDelta, countSize, isDuplicate, newVolumes, type Volumes } from './Volumes.js';

/** The counted bars of one symbol. */
export interface CountedSeries {
  readonly provider: string;
  readonly feedName: string | undefined;
  readonly symbol: string;
  readonly source: Source<CountedSeries>;
  readonly served: Served;
  feed: 'trades';
  readonly dayOf: BucketOf;
  readonly volumes: Volumes;
  forming: Bar | undefined;
  /** The latest vendor time so far: no bar opens before it, even if its first execution is late. */
  latest: number;
  /** How many times the link had been lost when the last figure came; -1 where its topic was lost since. */
  losses: number;
  /** Whether the forming bar waits for the next beat. */
  waiting: boolean;
}

export const newCountedSeries = (
  source: Source<CountedSeries>,
  { provider, feed, symbol }: Named,
  dayOf: BucketOf,
): CountedSeries => ({
  provider,
  feedName: feed,
  symbol,
  source,
  served: {},
  feed: 'trades',
  dayOf,
  volumes: newVolumes(),
  forming: undefined,
  latest: -Infinity,
  losses: source.losses,
  waiting: false,
});

/** Whether a trade was counted before. */
export const isRepeated = ({ volumes }: CountedSeries, { size, volume, time }: Trade): boolean =>
  volume !== undefined && isDuplicate(volumes, size, volume, time);

/** A bar in which nothing is counted yet, of the trading day of its first execution. */
export const openBar = (series: CountedSeries, { price, time, receivedAt }: Trade): Bar => {
  series.latest = Math.max(series.latest, time);
  const bar = emptyBar(series.dayOf(series.latest), price, receivedAt);
  bar.openedAt = series.latest;
  bar.time = series.latest;
  bar.source = 'trades';
  series.forming = bar;
  return bar;
};

/** Takes an execution in, in the order of arrival. */
export const addExecution = (series: CountedSeries, bar: Bar, trade: Trade): void => {
  const { price, time, receivedAt } = trade;
  if (price > bar.high) bar.high = price;
  if (price < bar.low) bar.low = price;
  if (time > series.latest) series.latest = time;
  bar.close = price;
  bar.time = series.latest;
  bar.receivedAt = receivedAt;
  bar.trades = (bar.trades ?? 0) + 1;
  addVolume(series, bar, trade);
};

const addVolume = (series: CountedSeries, bar: Bar, { size, volume, time }: Trade): void => {
  const { volumes, source } = series;
  if (size !== undefined) {
    // What was seen before the first figure is part of it.
    if (volume !== undefined || volumes.figure !== undefined) countSize(volumes, bar, size, volume, time);
    bar.volume += size;
  } else if (volume !== undefined) {
    const traded = countDelta(volumes, volume, time);
    if (series.losses === source.losses) bar.volume += traded;
    else bar.missedVolume += traded;
    series.losses = source.losses;
  }
};

/** The share of the bar's span that the link was live: of the trading time in it, if there is any. */
export const coverageOfBar = (series: CountedSeries, bar: Bar): number =>
  coverageOf(presenceOf(series, 'trades'), bar.receivedAt, spanOf(bar));

const spanOf = ({ bucket, openedAt, time }: Bar): Bucket => {
  const whole = { from: openedAt, to: time + 1 };
  const trading = bucket.trading
    .map(({ from, to }) => ({ from: Math.max(from, whole.from), to: Math.min(to, whole.to) }))
    .filter(({ from, to }) => from < to);
  return { ...bucket, openTime: whole.from, closeTime: whole.to, trading: trading.length > 0 ? trading : [whole] };
};

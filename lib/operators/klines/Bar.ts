import type { Bucket } from '../../model/calendar/bucketing.js';
import { minus, tidy } from '../../model/exact.js';
import type { Kline } from '../../model/marketEvent.js';

/**
 * A bar at work. It is changed in place, so that a trade makes no object; what is emitted is a copy. What every trade
 * looks at comes first, so that it lies together in memory.
 */
export interface Bar {
  source: Kline['source'];
  /** Those of the bucket: a trade looks at them, and need not go further. */
  readonly since: number;
  readonly until: number;
  /** Vendor time of the closing price, the last one heard of. */
  time: number;
  receivedAt: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** What rounding took from the volume. */
  rest: number;
  trades: number | undefined;
  open: number;
  /** Vendor time of the opening price. */
  openedAt: number;
  readonly bucket: Bucket;
  turnover: number | undefined;
  missedVolume: number;
  closed: boolean;
  /** Below 0 until the bar is first emitted as closed. */
  revision: number;
  /** As last emitted. */
  coverage: number;
}

/** A flat bar in which nothing happened yet. */
export const emptyBar = (bucket: Bucket, price: number, receivedAt: number): Bar => ({
  source: 'empty',
  since: bucket.since,
  until: bucket.until,
  time: bucket.openTime,
  receivedAt,
  high: price,
  low: price,
  close: price,
  volume: 0,
  rest: 0,
  trades: undefined,
  open: price,
  openedAt: bucket.openTime,
  bucket,
  turnover: undefined,
  missedVolume: 0,
  closed: false,
  revision: -1,
  coverage: 1,
});

interface Timed {
  readonly time: number;
  readonly receivedAt: number;
}

/**
 * Open and close go by vendor time; of equal times the first opens and the last closes. Times come inside their event:
 * handed over as numbers, each would be put on the heap.
 */
export const addPrice = (bar: Bar, price: number, { time, receivedAt }: Timed): void => {
  if (bar.source === 'empty') {
    flatten(bar, price);
    bar.openedAt = time;
    bar.time = time;
  } else {
    if (price > bar.high) bar.high = price;
    if (price < bar.low) bar.low = price;
    if (time >= bar.time) {
      bar.close = price;
      bar.time = time;
    } else if (time < bar.openedAt) {
      bar.open = price;
      bar.openedAt = time;
    }
  }
  bar.receivedAt = receivedAt;
};

export const countTrade = (bar: Bar): void => {
  bar.trades = (bar.trades ?? 0) + 1;
};

export const flatten = (bar: Bar, price: number): void => {
  bar.open = price;
  bar.high = price;
  bar.low = price;
  bar.close = price;
};

/** Adds volume, and loses no fraction of it. */
export const addSize = (bar: Bar, size: number): void => {
  const { volume } = bar;
  const sum = volume + size;
  bar.volume = sum;
  if (isRounded(sum, volume, size)) bar.rest += restOf(sum, volume, size);
};

/** Whether a sum is not exactly that of its parts. */
export const isRounded = (sum: number, volume: number, size: number): boolean =>
  sum - volume !== size || sum - size !== volume;

/** What rounding took from a sum. */
export const restOf = (sum: number, volume: number, size: number): number => {
  const added = sum - volume;
  return volume - (sum - added) + (size - added);
};

/** The volume as its parts were sent: ten times 0.1 is 1. */
export const volumeOf = ({ volume, rest }: Bar): number => tidy(volume + rest);

export const setVolume = (bar: Bar, volume: number): void => {
  bar.volume = volume;
  bar.rest = 0;
};

export const takeVolume = (bar: Bar, size: number): void => setVolume(bar, minus(volumeOf(bar), size));

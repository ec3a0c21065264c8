import type { Bucket } from '../../model/calendar/bucketing.js';
import { minus, plus, tidy } from '../../model/exact.js';
import { figures, isSameTrading } from '../../model/kline.js';
import type { Kline, Trade } from '../../model/marketEvent.js';

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
  /**
   * What of the volume has a price, and what it was worth above `anchor`: of a price that stands, the average is that price.
   * What rounding took from both.
   */
  priced: number;
  pricedRest: number;
  worth: number;
  worthRest: number;
  anchor: number;
  /** The volume of which a trade said who crossed the spread, and by how much more buyers did; what rounding took from both. */
  sided: number;
  sidedRest: number;
  delta: number;
  deltaRest: number;
  open: number;
  /** Vendor time of the opening price. */
  openedAt: number;
  /** The vendor's numbers of the trades that opened and closed it; `NaN` where there are none. */
  openId: number;
  closeId: number;
  readonly bucket: Bucket;
  turnover: number | undefined;
  /** As they were when the bar was last settled. */
  vwap: number | undefined;
  buyVolume: number | undefined;
  sellVolume: number | undefined;
  missedVolume: number;
  closed: boolean;
  /** Below 0 until the bar is first emitted as closed. */
  revision: number;
  /** As last emitted. */
  coverage: number;
  /** The feed that served before, where another one took over. */
  left: Kline['left'];
}

/** A flat bar in which nothing happened yet. `openedAt` is the start of its bucket, if not said otherwise. */
export const emptyBar = (bucket: Bucket, price: number, receivedAt: number, openedAt = bucket.openTime): Bar => ({
  source: 'empty',
  since: bucket.since,
  until: bucket.until,
  time: openedAt,
  receivedAt,
  high: price,
  low: price,
  close: price,
  volume: 0,
  rest: 0,
  trades: undefined,
  priced: 0,
  pricedRest: 0,
  worth: 0,
  worthRest: 0,
  anchor: price,
  sided: 0,
  sidedRest: 0,
  delta: 0,
  deltaRest: 0,
  open: price,
  openedAt,
  openId: NaN,
  closeId: NaN,
  bucket,
  turnover: undefined,
  vwap: undefined,
  buyVolume: undefined,
  sellVolume: undefined,
  missedVolume: 0,
  closed: false,
  revision: -1,
  coverage: 1,
  left: undefined,
});

interface Timed {
  readonly time: number;
  readonly receivedAt: number;
  readonly id?: number | undefined;
}

/**
 * Open and close go by vendor time; of equal times the first opens and the last closes, by their ids where they have some. Times come inside their event:
 * handed over as numbers, each would be put on the heap.
 */
export const addPrice = (bar: Bar, price: number, { time, receivedAt, id = NaN }: Timed): void => {
  if (bar.source === 'empty') {
    flatten(bar, price);
    bar.openedAt = time;
    bar.time = time;
    bar.openId = id;
    bar.closeId = id;
  } else {
    if (price > bar.high) bar.high = price;
    if (price < bar.low) bar.low = price;
    if (time > bar.time || (time === bar.time && !(id < bar.closeId))) {
      bar.close = price;
      bar.time = time;
      bar.closeId = id;
    } else if (time < bar.openedAt || (time === bar.openedAt && id < bar.openId)) {
      bar.open = price;
      bar.openedAt = time;
      bar.openId = id;
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
  bar.volume = volume + size;
  bar.rest += restOf(bar.volume, volume, size);
};

/** What rounding took from a sum. It is worked out each time: to ask first whether there is any takes longer. */
const restOf = (sum: number, volume: number, size: number): number => {
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

/** Counts a price with the volume that was traded at it. */
export const addWorth = (bar: Bar, price: number, size: number): void => {
  const { priced, worth } = bar;
  const above = (price - bar.anchor) * size;
  bar.priced = priced + size;
  bar.worth = worth + above;
  bar.pricedRest += restOf(bar.priced, priced, size);
  bar.worthRest += restOf(bar.worth, worth, above);
};

/** Counts volume for the side that crossed the spread: 1 is the buyer, -1 the seller; 0 is not known. */
export const addSide = (bar: Bar, side: number, size: number): void => {
  if (side === 0) return;
  const { sided, delta } = bar;
  bar.sided = sided + size;
  bar.delta = delta + side * size;
  bar.sidedRest += restOf(bar.sided, sided, size);
  bar.deltaRest += restOf(bar.delta, delta, side * size);
};

export const sideOf = ({ aggressor }: Trade): number => (aggressor === undefined ? 0 : aggressor === 'buyer' ? 1 : -1);

/** How a trade stands in a row of numbers: its time, price, size and side. */
export const FIELDS = 4;

/**
 * Adds the trades of a row of numbers, of which each plainly follows the one before: all at once, in less than half the time.
 * It comes to what `addPrice`, `addSize`, `addWorth`, `addSide` and `countTrade` make of one after the other.
 */
export const addTrades = (bar: Bar, row: Float64Array, from: number, to: number): void => {
  const { anchor } = bar;
  let { high, low, volume, rest, priced, pricedRest, worth, worthRest, sided, sidedRest, delta, deltaRest } = bar;
  for (let i = from; i < to; i += FIELDS) {
    const price = row[i + 1] ?? 0;
    const size = row[i + 2] ?? 0;
    const side = row[i + 3] ?? 0;
    if (price > high) high = price;
    if (price < low) low = price;
    const sum = volume + size;
    rest += restOf(sum, volume, size);
    volume = sum;
    const weight = priced + size;
    pricedRest += restOf(weight, priced, size);
    priced = weight;
    const above = (price - anchor) * size;
    const value = worth + above;
    worthRest += restOf(value, worth, above);
    worth = value;
    // A product is quicker than a question whose answer is random.
    const more = side * size;
    const told = side * more;
    const both = sided + told;
    sidedRest += restOf(both, sided, told);
    sided = both;
    const balance = delta + more;
    deltaRest += restOf(balance, delta, more);
    delta = balance;
  }
  bar.high = high;
  bar.low = low;
  bar.volume = volume;
  bar.rest = rest;
  bar.priced = priced;
  bar.pricedRest = pricedRest;
  bar.worth = worth;
  bar.worthRest = worthRest;
  bar.sided = sided;
  bar.sidedRest = sidedRest;
  bar.delta = delta;
  bar.deltaRest = deltaRest;
  bar.close = row[to - FIELDS + 1] ?? 0;
  bar.time = row[to - FIELDS] ?? 0;
  bar.trades = (bar.trades ?? 0) + (to - from) / FIELDS;
};

/** What the trades of a bar were worth, in its price times the unit of its volume. */
export const worthOf = ({ anchor, priced, pricedRest, worth, worthRest }: Bar): number =>
  plus(anchor * priced, worth + (anchor * pricedRest + worthRest));

/** How far the prices of a bar are apart. */
export const rangeOf = ({ high, low }: Bar): number => minus(high, low);

/**
 * Works out what is not kept with each trade. To be called before a bar is shown.
 *
 * @param shares how many of them a unit of volume is, where that is known
 */
export const settle = (bar: Bar, shares: number | undefined): void => {
  if (bar.source === 'provider' || bar.source === 'backfill') return;
  const { volume, sided, delta } = bar;
  bar.volume = volumeOf(bar);
  bar.rest += volume - bar.volume;
  bar.vwap = averageOf(bar, shares);
  if (sided === 0) return;
  const [known, more] = [sided + bar.sidedRest, delta + bar.deltaRest];
  bar.buyVolume = tidy((known + more) / 2, known);
  bar.sellVolume = tidy((known - more) / 2, known);
};

/** The average price: of trades, else by turnover. */
const averageOf = (bar: Bar, shares = NaN): number | undefined => {
  const { anchor, priced, pricedRest, worth, worthRest, low, high, turnover, volume } = bar;
  // Rounding takes it out of the bar.
  if (priced > 0) return Math.min(high, Math.max(low, plus(anchor, (worth + worthRest) / (priced + pricedRest))));
  const average = (turnover ?? NaN) / (volume * shares);
  return Number.isFinite(average) ? tidy(average) : undefined;
};

/** Makes the bar what a vendor says of it; returns whether that is anything new. */
export const takeKline = (bar: Bar, kline: Kline): boolean => {
  if (bar.source === kline.source && !(kline.closed && !bar.closed) && isSameTrading(bar, kline)) {
    if (bar.source === 'provider' || bar.missedVolume === kline.missedVolume) return false;
  }
  const { volume, vwap, buyVolume, sellVolume } = kline;
  for (const figure of figures) (bar as Record<typeof figure, number | undefined>)[figure] = kline[figure];
  bar.rest = 0;
  bar.priced = vwap === undefined ? 0 : volume;
  bar.pricedRest = 0;
  bar.worth = 0;
  bar.worthRest = 0;
  bar.anchor = vwap ?? kline.close;
  bar.sided = plus(buyVolume ?? 0, sellVolume ?? 0);
  bar.delta = minus(buyVolume ?? 0, sellVolume ?? 0);
  bar.sidedRest = 0;
  bar.deltaRest = 0;
  bar.missedVolume = kline.missedVolume;
  bar.source = kline.source;
  bar.time = kline.time;
  bar.receivedAt = kline.receivedAt;
  return true;
};

import { openingOf, type Interval } from './intervals.js';
import type { AggTrade } from './trade.js';

/** A kline in units of price, size and both. */
export interface Row {
  readonly openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** A month of it is more than a number can hold to the last digit. */
  quote: bigint;
  trades: number;
  /** What takers bought. */
  buyVolume: number;
  buyQuote: bigint;
}

/** A kline in which nothing has traded: flat at a price. */
export const emptyRow = (openTime: number, price: number): Row => ({
  openTime,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 0,
  quote: 0n,
  trades: 0,
  buyVolume: 0,
  buyQuote: 0n,
});

/** Adds what came later. */
const addRow = (row: Row, later: Row): void => {
  // A flat row has a price, but no trade was made at it.
  if (row.trades === 0) {
    row.open = later.open;
    row.high = later.high;
    row.low = later.low;
  } else {
    row.high = Math.max(row.high, later.high);
    row.low = Math.min(row.low, later.low);
  }
  row.close = later.close;
  row.volume += later.volume;
  row.quote += later.quote;
  row.trades += later.trades;
  row.buyVolume += later.buyVolume;
  row.buyQuote += later.buyQuote;
};

export const countTrade = (row: Row, { price, size, first, last, buyerIsMaker }: AggTrade): void => {
  addRow(row, {
    ...emptyRow(row.openTime, price),
    volume: size,
    quote: BigInt(price * size),
    trades: last - first + 1,
    buyVolume: buyerIsMaker ? 0 : size,
    buyQuote: buyerIsMaker ? 0n : BigInt(price * size),
  });
};

/** Longer klines out of shorter ones, oldest first. */
export const folded = (rows: Iterable<Row>, interval: Interval, zone = 0): Row[] => {
  const made: Row[] = [];
  for (const row of rows) {
    const openTime = openingOf(interval, row.openTime, zone);
    const last = made.at(-1);
    if (last?.openTime !== openTime) made.push({ ...row, openTime });
    else if (row.trades > 0) addRow(last, row);
  }
  return made;
};

/** All of them as one that opens at a moment; `undefined` when there are none. */
export const summed = ([first, ...others]: readonly Row[], openTime: number): Row | undefined => {
  if (first === undefined) return undefined;
  const sum = { ...first, openTime };
  for (const row of others) if (row.trades > 0) addRow(sum, row);
  return sum;
};

/** Every bar length that the market keeps. */
export const barLengths = ['1m', '5m', '15m', '30m', '1h', '2h', '4h', '1d', '1w', '1M'] as const;
export type BarLength = (typeof barLengths)[number];

/** One forming bar, in whole units of price, size and turnover. */
export interface MarketBar {
  readonly openTime: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: number;
}

/** The forming bar of each length. An instrument has had an execution before anyone can look, so all are there. */
export type Bars = Record<BarLength, MarketBar>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MONDAY = 4 * DAY;

const constantLength: Partial<Record<BarLength, number>> = {
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': 60 * MINUTE,
  '2h': 120 * MINUTE,
  '4h': 240 * MINUTE,
  '1d': DAY,
};

/** When the bar that holds a moment began; bars join at local midnight, on Mondays, on the first of the month. */
export const openTimeOf = (length: BarLength, time: number, offset: number): number => {
  const local = time + offset;
  const constant = constantLength[length];
  if (constant !== undefined) return Math.floor(local / constant) * constant - offset;
  if (length === '1w') return Math.floor((local - MONDAY) / (7 * DAY)) * 7 * DAY + MONDAY - offset;
  const day = new Date(local);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1) - offset;
};

const barFrom = (openTime: number, price: number): MarketBar => ({
  openTime,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 0,
  turnover: 0,
});

/** Bars of every length in which nothing has traded yet. */
export const emptyBars = (): Bars => Object.fromEntries(barLengths.map((length) => [length, barFrom(NaN, 0)])) as Bars;

/** Counts one execution into all bars, and starts those whose time has come. */
export const countIn = (bars: Bars, time: number, offset: number, price: number, size: number): void => {
  for (const length of barLengths) {
    const openTime = openTimeOf(length, time, offset);
    if (bars[length].openTime !== openTime) bars[length] = barFrom(openTime, price);
    const bar = bars[length];
    if (price > bar.high) bar.high = price;
    if (price < bar.low) bar.low = price;
    bar.close = price;
    bar.volume += size;
    bar.turnover += price * size;
  }
};

/** Every bar length that the market keeps. */
export const barLengths = ['1m', '5m', '15m', '30m', '1h', '2h', '4h', '1d', '1w', '1M'] as const;
export type BarLength = (typeof barLengths)[number];

/** Every bar length that can be made of kept bars: those that vendors have only in their history as well. */
export type Span = BarLength | '10m' | '1Q' | '1Y';

/** One bar, in whole units of price, size and turnover. */
export interface MarketBar {
  readonly openTime: number;
  open: number;
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

const constantLength: Partial<Record<Span, number>> = {
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '10m': 10 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': 60 * MINUTE,
  '2h': 120 * MINUTE,
  '4h': 240 * MINUTE,
  '1d': DAY,
};

/** Months in the longer bars. */
const monthsIn: Partial<Record<Span, number>> = { '1M': 1, '1Q': 3, '1Y': 12 };

/** Milliseconds of a bar; of weeks and longer ones, never less than they last. */
export const longest = (length: Span): number =>
  constantLength[length] ?? (monthsIn[length] === undefined ? 7 : 31 * (monthsIn[length] ?? 1)) * DAY;

/** When the bar that holds a moment began; bars join at local midnight, on Mondays, on the first of the month. */
export const openTimeOf = (length: Span, time: number, offset: number): number => {
  const local = time + offset;
  const constant = constantLength[length];
  if (constant !== undefined) return Math.floor(local / constant) * constant - offset;
  if (length === '1w') return Math.floor((local - MONDAY) / (7 * DAY)) * 7 * DAY + MONDAY - offset;
  const day = new Date(local);
  const month = day.getUTCMonth();
  return Date.UTC(day.getUTCFullYear(), month - (month % (monthsIn[length] ?? 1)), 1) - offset;
};

/** `openTimeOf` by the clocks of a zone: days and longer bars open at its midnight, also when its clocks change after it. */
export const openingsBy = (offsetAt: (time: number) => number): ((length: Span, time: number) => number) => {
  const known: Partial<Record<Span, { readonly local: number; readonly openTime: number }>> = {};
  return (length, time) => {
    const offset = offsetAt(time);
    const openTime = openTimeOf(length, time, offset);
    if (longest(length) < DAY) return openTime;
    const local = openTime + offset;
    // Asking for the offset of another hour is slow.
    if (known[length]?.local !== local) known[length] = { local, openTime: local - offsetAt(openTime) };
    return known[length].openTime;
  };
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

/** Adds an earlier bar. */
export const addBefore = (bar: MarketBar, { open, high, low, volume, turnover }: MarketBar): void => {
  bar.open = open;
  if (high > bar.high) bar.high = high;
  if (low < bar.low) bar.low = low;
  bar.volume += volume;
  bar.turnover += turnover;
};

/** Counts one execution into all bars, and starts those whose time has come. */
export const countIn = (
  bars: Bars,
  time: number,
  openingOf: ReturnType<typeof openingsBy>,
  price: number,
  size: number,
): void => {
  for (const length of barLengths) {
    const openTime = openingOf(length, time);
    if (bars[length].openTime !== openTime) bars[length] = barFrom(openTime, price);
    const bar = bars[length];
    if (price > bar.high) bar.high = price;
    if (price < bar.low) bar.low = price;
    bar.close = price;
    bar.volume += size;
    bar.turnover += price * size;
  }
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Every bar length, shortest first. `1M` is a month, `1m` a minute. No vendor has them all. */
export const intervals = [
  ...(['1s', '1m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h'] as const),
  ...(['1d', '3d', '1w', '1M'] as const),
] as const;

/**
 * The length of a bar, as people type it. Days, weeks and months follow the exchange's calendar; `3d` are three of its dates,
 * counted from 1970-01-01.
 */
export type Interval = (typeof intervals)[number];

/** An interval that lasts the same number of milliseconds on any day. */
export type IntradayInterval = Exclude<Interval, '1d' | '3d' | '1w' | '1M'>;

/** Milliseconds of each interval that has a constant length. */
export const intradayLength: Readonly<Record<IntradayInterval, number>> = {
  '1s': SECOND,
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '10m': 10 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
};

/** Whether a value is one of `intervals`; narrows the type. */
export const isInterval = (value: unknown): value is Interval => (intervals as readonly unknown[]).includes(value);

export const isIntraday = (interval: Interval): interval is IntradayInterval => Object.hasOwn(intradayLength, interval);

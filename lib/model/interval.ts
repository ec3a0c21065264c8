const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Every bar length, shortest first. `1M` is a month, `1m` a minute. */
export const intervals = ['1m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '1d', '1w', '1M'] as const;

/** The length of a bar, as people type it. Days, weeks and months follow the exchange's calendar. */
export type Interval = (typeof intervals)[number];

/** An interval that lasts the same number of milliseconds on any day. */
export type IntradayInterval = Exclude<Interval, '1d' | '1w' | '1M'>;

/** Milliseconds of each interval that has a constant length. */
export const intradayLength: Readonly<Record<IntradayInterval, number>> = {
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '10m': 10 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
};

/** Whether a value is one of `intervals`; narrows the type. */
export const isInterval = (value: unknown): value is Interval => (intervals as readonly unknown[]).includes(value);

export const isIntraday = (interval: Interval): interval is IntradayInterval => Object.hasOwn(intradayLength, interval);

/** Every kline interval that Binance has. */
export const intervals = [
  ...(['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M'] as const),
];
export type Interval = (typeof intervals)[number];

export const isInterval = (text: string): text is Interval => intervals.some((interval) => interval === text);

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONDAY = 4 * DAY;

/** Milliseconds of a kline; a month has none that is always right. */
const lengths: Readonly<Record<Exclude<Interval, '1M'>, number>> = {
  '1s': SECOND,
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
  '3d': 3 * DAY,
  '1w': 7 * DAY,
};

/** When the kline that holds a moment opened; `zone` is how many milliseconds its clocks are ahead of UTC. */
export const openingOf = (interval: Interval, time: number, zone = 0): number => {
  const local = time + zone;
  if (interval === '1M') {
    const date = new Date(local);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) - zone;
  }
  const origin = interval === '1w' ? MONDAY : 0;
  const length = lengths[interval];
  return Math.floor((local - origin) / length) * length + origin - zone;
};

/** The opening of the kline so many later; earlier, when negative. */
export const shifted = (interval: Interval, openTime: number, klines: number, zone = 0): number => {
  if (interval !== '1M') return openTime + klines * lengths[interval];
  const date = new Date(openTime + zone);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + klines) - zone;
};

import type { Interval } from '../../model/interval.js';

export const PROVIDER = 'itick';

/** The clusters of iTick; one connection serves one of them. */
export const markets = ['stock', 'forex', 'indices', 'crypto', 'future', 'fund'] as const;

/** A cluster of iTick, and the last part of its address. */
export type ItickMarket = (typeof markets)[number];

/** Where the vendor's documentation sends everybody; accounts may have a host of their own. */
export const DEFAULT_URL = 'wss://api.itick.org';

/** The vendor wants a ping at least every 30 s and cuts after a minute without (docs.itick.org, read 2026-07-28). */
export const PING_EVERY = 20_000;

/** How many products go into one command. The vendor allows 500 a connection and states no limit for a command. */
export const PRODUCTS_PER_COMMAND = 100;

/** How many products a connection takes (docs.itick.org, read 2026-07-28). */
export const PRODUCTS_PER_CONNECTION = 500;

/** What the vendor calls the channels it has; a code follows its bars. */
export const channels = { trade: 'tick', quote: 'quote', depth: 'depth', kline: 'kline' } as const;

/** The codes behind `kline@`, for the intervals that the vendor has. Code 3 is 15m in the current documentation and in the typed SDK; the oldest page said 10m. See `codeThree`. */
export const klineCodes: Readonly<Partial<Record<Interval, number>>> = {
  '1m': 1,
  '5m': 2,
  '10m': 3,
  '15m': 3,
  '30m': 4,
  '1h': 5,
  '2h': 6,
  '4h': 7,
  '1d': 8,
  '1w': 9,
  '1M': 10,
};

/** The code whose meaning is disputed. */
export const CODE_THREE = '3';

/** Intervals by what may follow `kline@` in a push: the code, or the interval itself as the SDK writes it. */
export const klineIntervals: ReadonlyMap<unknown, Interval> = new Map(
  Object.entries(klineCodes).flatMap(([interval, code]) => [
    [String(code), interval as Interval],
    [interval, interval as Interval],
  ]),
);

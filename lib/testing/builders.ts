import type { Bbo, Depth, Kline, Quote, Trade } from '../model/marketEvent.js';

const base = { provider: 'test', symbol: 'AAPL.US', time: 0, receivedAt: 0 } as const;

/** A trade; state only what matters to the test. */
export const aTrade = (overrides: Partial<Trade> = {}): Trade => ({
  ...base,
  kind: 'trade',
  price: 100,
  size: 1,
  ...overrides,
});

/** A quote; state only what matters to the test. */
export const aQuote = (overrides: Partial<Quote> = {}): Quote => ({ ...base, kind: 'quote', last: 100, ...overrides });

/** A depth snapshot with one level a side; state only what matters to the test. */
export const aDepth = (overrides: Partial<Depth> = {}): Depth => ({
  ...base,
  kind: 'depth',
  type: 'snapshot',
  bids: [{ price: 99, size: 1 }],
  asks: [{ price: 101, size: 1 }],
  ...overrides,
});

/** The best prices of a vendor; state only what matters to the test. */
export const aBbo = (overrides: Partial<Bbo> = {}): Bbo => ({
  ...base,
  kind: 'bbo',
  bid: { price: 99, size: 1 },
  ask: { price: 101, size: 1 },
  valid: true,
  ...overrides,
});

/** A forming vendor bar; state only what matters to the test. */
export const aKline = (overrides: Partial<Kline> = {}): Kline => ({
  ...base,
  kind: 'kline',
  interval: '1m',
  openTime: 0,
  closeTime: (overrides.openTime ?? 0) + 60_000,
  open: 100,
  high: 100,
  low: 100,
  close: 100,
  volume: 0,
  closed: false,
  revision: 0,
  coverage: 1,
  source: 'provider',
  missedVolume: 0,
  ...overrides,
});

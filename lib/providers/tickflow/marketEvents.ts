import type { Depth, Level, Quote, QuoteStatus, SizeUnit } from '../../model/marketEvent.js';
import { PROVIDER } from './protocol.js';
import type * as wire from './wire.js';

export const toQuote = (row: wire.Quote, symbol: string, receivedAt: number): Quote => ({
  kind: 'quote',
  provider: PROVIDER,
  symbol,
  time: row.timestamp || receivedAt,
  receivedAt,
  last: row.last_price,
  open: row.open || undefined,
  high: row.high || undefined,
  low: row.low || undefined,
  previousClose: row.prev_close || undefined,
  volume: row.volume ?? undefined,
  turnover: row.amount ?? undefined,
  sizeUnit: sizeUnitOf(symbol),
  status: statusOf(row.session),
});

export const toDepth = (row: wire.Depth, symbol: string, receivedAt: number): Depth => ({
  kind: 'depth',
  provider: PROVIDER,
  symbol,
  time: row.timestamp || receivedAt,
  receivedAt,
  type: 'snapshot',
  bids: toLevels(row.bid_prices, row.bid_volumes),
  asks: toLevels(row.ask_prices, row.ask_volumes),
  sizeUnit: sizeUnitOf(symbol),
  sequence: undefined,
});

type Numbers = readonly number[] | null | undefined;

/** A price without a size is no level, and a size without a price neither. */
const toLevels = (prices: Numbers, sizes: Numbers): readonly Level[] => {
  const levels: Level[] = [];
  if (!prices || !sizes) return levels;
  for (let i = 0; i < prices.length && i < sizes.length; i++) {
    levels.push({ price: prices[i] as number, size: sizes[i] as number, orders: undefined });
  }
  return levels;
};

/**
 * Mainland stocks come in lots of 100 shares (amount / volume is 100 times the price in the vendor's own sample), and
 * futures in contracts. Hong Kong and US stocks are taken to come in shares; the vendor does not say.
 */
const sizeUnits: ReadonlyMap<string, SizeUnit> = new Map([
  ...['SH', 'SZ', 'BJ', 'SHF', 'DCE', 'ZCE', 'CFX', 'INE', 'GFE'].map((venue) => [venue, 'lots'] as const),
  ...['HK', 'US'].map((venue) => [venue, 'shares'] as const),
]);

const sizeUnitOf = (symbol: string): SizeUnit | undefined => sizeUnits.get(symbol.slice(symbol.lastIndexOf('.') + 1));

const statuses: ReadonlyMap<unknown, QuoteStatus> = new Map<string, QuoteStatus>([
  ['pre_market', 'pre_market'],
  ['regular', 'regular'],
  ['lunch_break', 'lunch_break'],
  ['after_hours', 'after_hours'],
  ['closed', 'closed'],
  ['halted', 'halted'],
]);

const statusOf = (session: string | null | undefined): QuoteStatus | undefined => statuses.get(session);

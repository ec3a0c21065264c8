import type * as t from 'io-ts';
import { readerOf } from '../../codec/reader.js';
import type { Depth, Level, MarketEvent, Quote, QuoteStatus, SizeUnit } from '../../model/marketEvent.js';
import { PROVIDER, type channels } from './protocol.js';
import * as wire from './wire.js';

const toQuote = (
  row: wire.Quote,
  feed: string,
  symbol: string,
  time: number,
  receivedAt: number,
  sizeUnit: SizeUnit | undefined,
): Quote => ({
  kind: 'quote',
  provider: PROVIDER,
  feed,
  symbol,
  time,
  receivedAt,
  last: row.last_price,
  open: row.open || undefined,
  high: row.high || undefined,
  low: row.low || undefined,
  previousClose: row.prev_close || undefined,
  volume: row.volume ?? undefined,
  turnover: row.amount ?? undefined,
  sizeUnit,
  status: statusOf(row.session),
});

const toDepth = (
  row: wire.Depth,
  feed: string,
  symbol: string,
  time: number,
  receivedAt: number,
  sizeUnit: SizeUnit | undefined,
): Depth => ({
  kind: 'depth',
  provider: PROVIDER,
  feed,
  symbol,
  time,
  receivedAt,
  type: 'snapshot',
  bids: toLevels(row.bid_prices, row.bid_volumes),
  asks: toLevels(row.ask_prices, row.ask_volumes),
  sizeUnit,
  sequence: undefined,
});

/** What every item has. */
export interface Item {
  readonly symbol: string;
  readonly timestamp?: unknown;
}

/** How the items of a channel are read and turned into events. `toEvent` is a method, so that it may want more than any item has. */
export interface Kind {
  readonly codec: t.Mixed;
  readonly read: (item: unknown) => Item | undefined;
  toEvent(
    item: Item,
    feed: string,
    symbol: string,
    time: number,
    receivedAt: number,
    sizeUnit: SizeUnit | undefined,
  ): MarketEvent;
}

type ChannelName = (typeof channels)[keyof typeof channels];

/** The kinds of items, by what the vendor calls their channel. */
export const kinds: Readonly<Record<ChannelName, Kind>> = {
  quotes: { codec: wire.Quote, read: readerOf(wire.Quote), toEvent: toQuote },
  depth: { codec: wire.Depth, read: readerOf(wire.Depth), toEvent: toDepth },
};

/** Whether what a frame says is the name of a channel. */
export const isChannelName = (op: unknown): op is ChannelName => typeof op === 'string' && Object.hasOwn(kinds, op);

type Numbers = readonly number[] | null | undefined;

/** A level has a price and a size. */
const toLevels = (prices: Numbers, sizes: Numbers): readonly Level[] => {
  if (!prices || !sizes) return [];
  // Made in its length: an array that grows takes room for 17 items at the first.
  const levels = new Array<Level>(Math.min(prices.length, sizes.length));
  for (let i = 0; i < levels.length; i++) {
    levels[i] = { price: prices[i] as number, size: sizes[i], orders: undefined };
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

/** The unit of a symbol's sizes, with a memory: cutting the venue off costs more than the rest of an event. */
export const rememberedSizeUnit = (): ((symbol: string) => SizeUnit | undefined) => {
  const known = new Map<string, SizeUnit | undefined>();
  return (symbol) => {
    const found = known.get(symbol);
    if (found !== undefined || known.has(symbol)) return found;
    const unit = sizeUnits.get(symbol.slice(symbol.lastIndexOf('.') + 1));
    if (known.size >= MEMORY) known.clear();
    known.set(symbol, unit);
    return unit;
  };
};

const MEMORY = 10_000;

const statuses: ReadonlyMap<unknown, QuoteStatus> = new Map<string, QuoteStatus>([
  ['pre_market', 'pre_market'],
  ['regular', 'regular'],
  ['lunch_break', 'lunch_break'],
  ['after_hours', 'after_hours'],
  ['closed', 'closed'],
  ['halted', 'halted'],
]);

const statusOf = (session: string | null | undefined): QuoteStatus | undefined => statuses.get(session);

import { klineOf } from '../../model/kline.js';
import type {
  Depth,
  Kline,
  Level,
  Quote,
  QuoteStatus,
  SizeUnit,
  Trade,
  TradingPhase,
} from '../../model/marketEvent.js';
import type { Interval } from '../../model/interval.js';
import { PROVIDER } from './protocol.js';
import type * as wire from './wire.js';

/** Which of the two a tick's `v` is; see `tickVolume`. */
export type TickVolume = 'size' | 'cumulative';

export const toTrade = (
  row: wire.Tick,
  feed: string,
  symbol: string,
  time: number,
  receivedAt: number,
  sizeUnit: SizeUnit | undefined,
  meaning: TickVolume,
  /** Whether the market may give no sizes, so that zero stands for that. */
  unsized: boolean,
): Trade => {
  const v = (unsized ? row.v || undefined : row.v) ?? undefined;
  return {
    kind: 'trade',
    provider: PROVIDER,
    feed,
    symbol,
    time,
    receivedAt,
    price: row.ld,
    size: meaning === 'size' ? v : undefined,
    volume: meaning === 'size' ? undefined : v,
    sizeUnit,
    aggressor: row.d === 1 ? 'seller' : row.d === 2 ? 'buyer' : undefined,
    tradingPhase: phaseOf(row.te),
  };
};

export const toQuote = (
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
  last: row.ld,
  // Zeros stand for prices before the first trade of a day.
  open: row.o || undefined,
  high: row.h || undefined,
  low: row.l || undefined,
  previousClose: row.p || undefined,
  volume: row.v ?? undefined,
  turnover: row.tu ?? undefined,
  sizeUnit,
  status: statusOf(row.ts),
});

export const toDepth = (
  row: wire.Depth,
  feed: string,
  symbol: string,
  time: number,
  receivedAt: number,
  sizeUnit: SizeUnit | undefined,
  /** Whether the market may give no sizes, so that zeros all over stand for that. */
  unsized: boolean,
): Depth => {
  const levelsOf = unsized && isBare(row) ? toBareLevels : toLevels;
  return {
    kind: 'depth',
    provider: PROVIDER,
    feed,
    symbol,
    time,
    receivedAt,
    type: 'snapshot',
    bids: levelsOf(row.b),
    asks: levelsOf(row.a),
    sizeUnit,
    sequence: undefined,
  };
};

/** A bar of the vendor's making. It is never marked as closed: the next one being pushed is the only sign of it. */
export const toKline = (
  bar: wire.NestedKline['k'],
  feed: string,
  symbol: string,
  receivedAt: number,
  interval: Interval,
  openTime: number,
  closeTime: (interval: Interval, openTime: number, symbol: string) => number,
): Kline => {
  facts.feed = feed;
  facts.symbol = symbol;
  facts.openTime = openTime;
  facts.time = openTime;
  facts.closeTime = closeTime(interval, openTime, symbol);
  facts.receivedAt = receivedAt;
  facts.open = bar.o;
  facts.high = bar.h;
  facts.low = bar.l;
  facts.close = bar.c;
  facts.volume = bar.v;
  facts.turnover = bar.tu ?? undefined;
  return klineOf(facts, interval, facts, facts);
};

/** What `klineOf` is handed, and reads at once: one object for all bars, as one for each costs as much as the bar. */
const facts = {
  provider: PROVIDER,
  feed: '',
  symbol: '',
  openTime: 0,
  closeTime: 0,
  time: 0,
  receivedAt: 0,
  open: 0,
  high: 0,
  low: 0,
  close: 0,
  volume: 0,
  turnover: undefined as number | undefined,
};

type Rows = readonly wire.Level[] | null | undefined;

const toLevels = (rows: Rows): readonly Level[] => {
  if (!rows) return [];
  // Made in its length: an array that grows takes room for 17 items at the first.
  const levels = new Array<Level>(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const { p, v, o } = rows[i] as wire.Level;
    if (p == null || v == null) return toWholeLevels(rows);
    levels[i] = { price: p, size: v, orders: o ?? undefined };
  }
  return levels;
};

/** The rows that have both a price and a size. */
const toWholeLevels = (rows: readonly wire.Level[]): readonly Level[] =>
  rows.flatMap(({ p, v, o }) => (p == null || v == null ? [] : [{ price: p, size: v, orders: o ?? undefined }]));

/** The levels of a snapshot that gives no sizes: whatever has a price stands. */
const toBareLevels = (rows: Rows): readonly Level[] =>
  (rows ?? []).flatMap(({ p, o }) => (p ? [{ price: p, size: undefined, orders: o || undefined }] : []));

/** Whether no level of a snapshot has a size. */
const isBare = ({ a, b }: wire.Depth): boolean => areBare(a) && areBare(b);

const areBare = (rows: Rows): boolean => {
  for (const { v } of rows ?? []) if (v) return false;
  return true;
};

const phaseOf = (te: number | null | undefined): TradingPhase | undefined =>
  te === 0 ? 'regular' : te === 1 ? 'pre_market' : te === 2 ? 'after_hours' : undefined;

/** 0 normal, 1 suspended, 2 delisted, 3 circuit breaker; some readers have taken `ts` for a timestamp. */
const statusOf = (ts: number | null | undefined): QuoteStatus | undefined =>
  ts === 0 ? 'normal' : ts === 1 || ts === 3 ? 'halted' : ts === 2 ? 'delisted' : undefined;

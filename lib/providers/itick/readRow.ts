import { isRecord } from '../../codec/json.js';
import { readerOf } from '../../codec/reader.js';
import { rememberedCloseTime } from '../../model/closeTime.js';
import { intradayLength, isIntraday, type Interval } from '../../model/interval.js';
import type { Depth, Kline, MarketEvent, Quote, SizeUnit, Trade } from '../../model/marketEvent.js';
import { momentOf } from '../../model/moment.js';
import { stampRule, type StampRule } from '../../model/stamps.js';
import { bad, why, type Problems } from '../../session/undecodable.js';
import { withVendorTime } from '../../session/vendorTime.js';
import { toDepth, toKline, toQuote, toTrade, type TickVolume } from './marketEvents.js';
import { codeThree, type CodeThree } from './codeThree.js';
import type { ItickControl } from './ItickMessage.js';
import { CODE_THREE, klineIntervals } from './protocol.js';
import type { Spell } from './symbols.js';
import * as wire from './wire.js';

const readTick = readerOf(wire.Tick);
const readQuote = readerOf(wire.Quote);
const readDepth = readerOf(wire.Depth);
const readKline = readerOf(wire.Kline);
const readNestedKline = readerOf(wire.NestedKline);

export type WireRow = Readonly<Record<string, unknown>>;

/** What the rows of one connection need to be understood. */
export interface RowOptions {
  /** The name of the feed, which goes into the events. */
  readonly feed: string;
  readonly spell: Spell;
  readonly tickVolume: TickVolume;
  readonly sizeUnit: SizeUnit | undefined;
  /**
   * Whether the market may give no sizes, and zeros instead.
   *
   * @defaultValue `false`
   */
  readonly unsized?: boolean | undefined;
  /** What the code 3 of a bar means; found out unless given. */
  readonly three?: CodeThree | undefined;
  /** Which stamps of the feed are believed; a new rule unless given. */
  readonly stamps?: StampRule | undefined;
}

/** Reads one row of data: the event, or the problems with it. */
export type ReadRow = (row: WireRow, receivedAt: number) => MarketEvent | ItickControl | Problems;

/** The rows of one connection as events, once they are known to fit. */
export const rowEvents = ({ feed, tickVolume, sizeUnit, unsized = false, stamps = stampRule() }: RowOptions) => {
  const closeTime = rememberedCloseTime();
  const timed = <E extends MarketEvent>(event: E, time: number | undefined, sent: unknown): E =>
    time === undefined ? withVendorTime(event, sent) : event;

  return {
    tradeOf: (tick: wire.Tick, symbol: string, receivedAt: number): Trade => {
      const time = stamps.read(tick.t, receivedAt);
      const trade = toTrade(tick, feed, symbol, time ?? receivedAt, receivedAt, sizeUnit, tickVolume, unsized);
      return timed(trade, time, tick.t);
    },
    quoteOf: (quote: wire.Quote, symbol: string, receivedAt: number): Quote => {
      const time = stamps.read(quote.t, receivedAt);
      return timed(toQuote(quote, feed, symbol, time ?? receivedAt, receivedAt, sizeUnit), time, quote.t);
    },
    depthOf: (depth: wire.Depth, symbol: string, receivedAt: number): Depth => {
      const time = stamps.read(depth.t, receivedAt);
      return timed(toDepth(depth, feed, symbol, time ?? receivedAt, receivedAt, sizeUnit, unsized), time, depth.t);
    },
    /** Whether a bar of this length may open at this time. */
    believesOpen: (openTime: number, receivedAt: number, interval: Interval): boolean =>
      stamps.believesOpen(openTime, receivedAt, longestOf(interval)),
    klineOf: (bar: wire.Bar, symbol: string, receivedAt: number, interval: Interval, openTime: number): Kline =>
      toKline(bar, feed, symbol, receivedAt, interval, openTime, closeTime),
  };
};

/** Reads the rows of one connection. On the hot path it allocates the event and nothing else. */
export const rowReader = (options: RowOptions): ReadRow => {
  const { spell, three = codeThree('detect', { current: [] }) } = options;
  const { tradeOf, quoteOf, depthOf, klineOf, believesOpen } = rowEvents(options);

  const readBar = (row: WireRow, symbol: string, receivedAt: number): MarketEvent | ItickControl | Problems => {
    const { type, k, t } = row;
    const nested = isRecord(k);
    const coded = typeof type === 'string' && type.startsWith('kline@');
    if (!coded && !nested) return bad('type', type, 'is no kind of data');
    const code = coded ? type.slice('kline@'.length) : typeof t === 'number' ? String(t) : t;
    const named = klineIntervals.get(code);
    if (named === undefined) return bad(coded ? 'type' : 't', code, 'is no code of an interval');
    const bar = nested ? readNestedKline(row)?.k : readKline(row);
    if (!bar) return why(nested ? wire.NestedKline : wire.Kline, row);
    const openTime = momentOf(bar.t);
    const path = nested ? 'k.t' : 't';
    if (openTime === undefined) return bad(path, bar.t, 'is no time at which a bar opens');
    if (!believesOpen(openTime, receivedAt, named))
      return bad(path, bar.t, `lies too far ahead for a bar of ${named} to open`);
    const interval = code === CODE_THREE ? three.intervalOf(openTime, symbol) : named;
    if (interval === undefined) return NOT_WANTED;
    return klineOf(bar, symbol, receivedAt, interval, openTime);
  };

  return (row, receivedAt) => {
    const { s, r, e, type } = row;
    const symbol =
      typeof s === 'string'
        ? spell(s, typeof r === 'string' ? r : undefined, typeof e === 'string' ? e : undefined)
        : undefined;
    if (symbol === undefined) return bad('s', s, 'names no symbol that was asked for');
    switch (type) {
      case 'tick': {
        const tick = readTick(row);
        return tick ? tradeOf(tick, symbol, receivedAt) : why(wire.Tick, row);
      }
      case 'quote': {
        const quote = readQuote(row);
        return quote ? quoteOf(quote, symbol, receivedAt) : why(wire.Quote, row);
      }
      case 'depth': {
        const depth = readDepth(row);
        return depth ? depthOf(depth, symbol, receivedAt) : why(wire.Depth, row);
      }
      default:
        return readBar(row, symbol, receivedAt);
    }
  };
};

/** A bar that is wanted with another length only. */
const NOT_WANTED: ItickControl = { kind: 'control' };

const DAY = 86_400_000;

/** How long a bar can be: a futures day begins on the evening before, and before a weekend or a holiday that is days off. */
const longestOf = (interval: Interval): number =>
  isIntraday(interval)
    ? intradayLength[interval]
    : interval === '1d'
      ? 10 * DAY
      : interval === '1w'
        ? 14 * DAY
        : 31 * DAY;

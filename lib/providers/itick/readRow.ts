import type * as t from 'io-ts';
import { explain } from '../../codec/explain.js';
import { isRecord } from '../../codec/isRecord.js';
import { mapStrings } from '../../codec/mapStrings.js';
import { readerOf } from '../../codec/readerOf.js';
import { show } from '../../codec/show.js';
import { rememberedCloseTime } from '../../model/closeTime.js';
import type { MarketEvent, SizeUnit } from '../../model/marketEvent.js';
import { momentOf, toDepth, toKline, toQuote, toTrade, type TickVolume } from './marketEvents.js';
import { klineIntervals } from './protocol.js';
import type { Spell } from './symbols.js';
import * as wire from './wire.js';

const readTick = readerOf(wire.Tick);
const readQuote = readerOf(wire.Quote);
const readDepth = readerOf(wire.Depth);
const readKline = readerOf(wire.Kline);
const readNestedKline = readerOf(wire.NestedKline);

export type Row = Readonly<Record<string, unknown>>;

/** Why something cannot be read, a line each, beginning with the path to it. */
export type Problems = readonly string[];

/** What the rows of one connection need to be understood. */
export interface RowOptions {
  /** The name of the feed, which goes into the events. */
  readonly feed: string;
  readonly spell: Spell;
  readonly tickVolume: TickVolume;
  readonly sizeUnit: SizeUnit | undefined;
  /** Takes the credential out of a text. */
  readonly redact: (text: string) => string;
}

/** Reads one row of data: the event, or the problems with it. */
export type ReadRow = (row: Row, receivedAt: number) => MarketEvent | Problems;

/** Reads the rows of one connection. On the hot path it allocates the event and nothing else. */
export const rowReader = ({ feed, spell, tickVolume, sizeUnit, redact }: RowOptions): ReadRow => {
  const closeTime = rememberedCloseTime();
  const quoted = (value: unknown): string => show(mapStrings(value, redact));
  const why = (codec: t.Mixed, row: Row): Problems => explain(codec, mapStrings(row, redact));

  const readBar = (row: Row, symbol: string, receivedAt: number): MarketEvent | Problems => {
    const { type, k, t } = row;
    const nested = isRecord(k);
    const coded = typeof type === 'string' && type.startsWith('kline@');
    if (!coded && !nested) return [`type: ${quoted(type)} is no kind of data`];
    const code = coded ? type.slice('kline@'.length) : typeof t === 'number' ? String(t) : t;
    const interval = klineIntervals.get(code);
    if (interval === undefined) return [`${coded ? 'type' : 't'}: ${quoted(code)} is no code of an interval`];
    const bar = nested ? readNestedKline(row)?.k : readKline(row);
    if (!bar) return why(nested ? wire.NestedKline : wire.Kline, row);
    const openTime = momentOf(bar.t);
    if (openTime === undefined) return [`${nested ? 'k.t' : 't'}: ${bar.t} is no time at which a bar opens`];
    return toKline(bar, feed, symbol, receivedAt, interval, openTime, closeTime);
  };

  return (row, receivedAt) => {
    const { s, r, e, type } = row;
    const symbol =
      typeof s === 'string'
        ? spell(s, typeof r === 'string' ? r : undefined, typeof e === 'string' ? e : undefined)
        : undefined;
    if (symbol === undefined) return [`s: ${quoted(s)} names no symbol that was asked for`];
    switch (type) {
      case 'tick': {
        const tick = readTick(row);
        return tick ? toTrade(tick, feed, symbol, receivedAt, sizeUnit, tickVolume) : why(wire.Tick, row);
      }
      case 'quote': {
        const quote = readQuote(row);
        return quote ? toQuote(quote, feed, symbol, receivedAt, sizeUnit) : why(wire.Quote, row);
      }
      case 'depth': {
        const depth = readDepth(row);
        return depth ? toDepth(depth, feed, symbol, receivedAt, sizeUnit) : why(wire.Depth, row);
      }
      default:
        return readBar(row, symbol, receivedAt);
    }
  };
};

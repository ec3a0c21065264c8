import { explain } from '../../codec/explain.js';
import { isRecord } from '../../codec/isRecord.js';
import { readerOf } from '../../codec/readerOf.js';
import { show } from '../../codec/show.js';
import { rememberedCloseTime } from '../../model/closeTime.js';
import type { MarketEvent, SizeUnit } from '../../model/marketEvent.js';
import { toDepth, toKline, toQuote, toTrade, type TickVolume } from './marketEvents.js';
import { klineIntervals } from './protocol.js';
import type { Spell } from './symbols.js';
import * as wire from './wire.js';

const readTick = readerOf(wire.Tick);
const readQuote = readerOf(wire.Quote);
const readDepth = readerOf(wire.Depth);
const readKline = readerOf(wire.Kline);
const readNestedKline = readerOf(wire.NestedKline);

/** What the rows of one connection need to be understood. */
export interface RowOptions {
  readonly spell: Spell;
  readonly tickVolume: TickVolume;
  readonly sizeUnit: SizeUnit | undefined;
}

/** Reads one row of data: the event, or the problems with it. */
export type ReadRow = (row: unknown, receivedAt: number) => MarketEvent | readonly string[];

/** Reads the rows of one connection. On the hot path it allocates the event and nothing else. */
export const rowReader = ({ spell, tickVolume, sizeUnit }: RowOptions): ReadRow => {
  const closeTime = rememberedCloseTime();

  const readBar = (row: Row, symbol: string, receivedAt: number): MarketEvent | readonly string[] => {
    const type = typeof row['type'] === 'string' ? row['type'] : '';
    const nested = isRecord(row['k']);
    const code = type.startsWith('kline@') ? type.slice('kline@'.length) : nested ? String(row['t']) : undefined;
    if (code === undefined) return [`data.type: ${show(row['type'])} is no kind of data`];
    const interval = klineIntervals.get(code);
    if (interval === undefined) return [`data: "${code}" is no code of an interval`];
    const bar = nested ? readNestedKline(row)?.k : readKline(row);
    if (bar) return toKline(bar, symbol, receivedAt, interval, closeTime);
    return explain(nested ? wire.NestedKline : wire.Kline, row);
  };

  return (row, receivedAt) => {
    if (!isRecord(row)) return ['data: not an object'];
    const { s, r, type } = row;
    const symbol = typeof s === 'string' ? spell(s, typeof r === 'string' ? r : undefined) : undefined;
    if (symbol === undefined) return [`data.s: ${show(s)} names no symbol that was asked for`];
    switch (type) {
      case 'tick': {
        const tick = readTick(row);
        return tick ? toTrade(tick, symbol, receivedAt, sizeUnit, tickVolume) : explain(wire.Tick, row);
      }
      case 'quote': {
        const quote = readQuote(row);
        return quote ? toQuote(quote, symbol, receivedAt, sizeUnit) : explain(wire.Quote, row);
      }
      case 'depth': {
        const depth = readDepth(row);
        return depth ? toDepth(depth, symbol, receivedAt, sizeUnit) : explain(wire.Depth, row);
      }
      default:
        return readBar(row, symbol, receivedAt);
    }
  };
};

type Row = Readonly<Record<string, unknown>>;

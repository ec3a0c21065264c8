import type { BarLength } from '../market/bars.js';
import type { Execution, SimulatedBar, SimulatedLevel } from '../market/snapshot.js';
import type { Instrument } from '../market/instrument.js';
import type { ItickRules } from './rules.js';

/** What iTick calls a bar length after `kline@`. */
export const klineCodes: Readonly<Record<BarLength, number>> = {
  '1m': 1,
  '5m': 2,
  '15m': 3,
  '30m': 4,
  '1h': 5,
  '2h': 6,
  '4h': 7,
  '1d': 8,
  '1w': 9,
  '1M': 10,
};

const directions = { seller: 1, buyer: 2 } as const;
const tradingSessions: Readonly<Record<string, number>> = { pre_market: 1, after_hours: 2 };
const SUSPENDED = 1;

type Row = Readonly<Record<string, unknown>>;
type Rules = Required<ItickRules>;

/** Push frames as JSON text. */
export interface ItickFrames {
  readonly tick: (instrument: Instrument, execution: Execution) => string;
  readonly quote: (instrument: Instrument) => string;
  readonly depth: (instrument: Instrument) => string;
  readonly kline: (instrument: Instrument, length: BarLength) => string;
}

export const itickFrames = (rules: Rules): ItickFrames => {
  const { symbolForm, numbers, klineForm, envelope, previousClose, forexSizes } = rules;
  const asText = (_key: string, value: unknown): unknown => (typeof value === 'number' ? String(value) : value);
  const json = (row: Row): string => JSON.stringify(row, numbers === 'string' ? asText : undefined);
  const push = (row: Row): string => {
    switch (envelope) {
      case 'object':
        return `{"code":1,"data":${json(row)}}`;
      case 'array':
        return `{"code":1,"data":[${json(row)}]}`;
      case 'bare':
        return json(row);
    }
  };

  const spelled = ({ listing: { symbol, code, exchange, venue } }: Instrument): Row => {
    switch (symbolForm) {
      case 'dotted':
        return { s: symbol };
      case 'region':
        return { s: code, r: venue, ...(exchange !== undefined && { e: exchange }) };
      case 'dollar':
        return { s: requested(symbol, code), r: venue };
      case 'lower':
        return { s: code.toLowerCase() };
    }
  };

  return {
    tick: (instrument, execution) => push({ ...spelled(instrument), ...tickRow(instrument, execution), type: 'tick' }),
    quote: (instrument) => push({ ...spelled(instrument), ...quoteRow(instrument, previousClose), type: 'quote' }),
    depth: (instrument) => push({ ...spelled(instrument), ...depthRow(instrument, forexSizes), type: 'depth' }),
    kline: (instrument, length) => {
      const code = klineCodes[length];
      const k = klineRow(instrument.bar(length));
      return klineForm === 'flat'
        ? push({ ...k, type: `kline@${code}`, ...spelled(instrument) })
        : `{"code":0,"msg":null,"data":${json({ ...spelled(instrument), t: code, k })}}`;
    },
  };
};

/** A trade; `v` is cumulative where the instrument is a stock. */
export const tickRow = (
  { listing: { cluster } }: Instrument,
  { time, price, size, volume, aggressor, phase }: Execution,
): { readonly ld: number; readonly v: number; readonly t: number; readonly d?: number; readonly te?: number } =>
  cluster === 'stock'
    ? {
        ld: price,
        v: volume,
        t: time,
        d: aggressor === undefined ? 0 : directions[aggressor],
        te: tradingSessions[phase] ?? 0,
      }
    : { ld: price, v: size, t: time };

/** The figures of the day. */
export const quoteRow = ({ figures }: Instrument, withPrevious: boolean): Row => {
  const { last, open, high, low, time, volume, turnover, halted, previousClose: p } = figures();
  return {
    ld: last,
    o: open,
    ...(withPrevious && { p }),
    h: high,
    l: low,
    t: time,
    v: volume,
    tu: turnover,
    ts: halted ? SUSPENDED : 0,
    ...(withPrevious && {
      ch: last === 0 ? 0 : rounded(last - p, 8),
      chp: last === 0 ? 0 : rounded((100 * (last - p)) / p, 2),
    }),
  };
};

/**
 * Both sides of the book. Exchanges count orders and show ten levels; elsewhere `o` repeats the size and five are shown.
 * Currencies have one level, and its size is left out.
 */
export const depthRow = ({ listing: { cluster }, ladders }: Instrument, forexSizes: boolean): Row => {
  const { bids, asks } = ladders();
  const sizeless = cluster === 'forex' && !forexSizes;
  const counted = cluster === 'stock' || cluster === 'fund' || cluster === 'future';
  const side = (levels: readonly SimulatedLevel[]): Row[] =>
    levels.length === 0
      ? [{ po: 1, p: 0, v: 0, o: 0 }]
      : levels.slice(0, counted ? 10 : sizeless ? 1 : 5).map(({ price, size: given, orders }, at) => {
          const size = sizeless ? 0 : given;
          return { po: at + 1, p: price, v: size, o: counted ? orders : size };
        });
  return { a: side(asks), b: side(bids) };
};

/** A bar. */
export const klineRow = ({ turnover, close, openTime, volume, high, low, open }: SimulatedBar): Row => ({
  tu: turnover,
  c: close,
  t: openTime,
  v: volume,
  h: high,
  l: low,
  o: open,
});

/** A symbol as one asks for it: `AAPL$US`, `RELIANCE$NSE$IN`, `BRK.B$US`. */
const requested = (symbol: string, code: string): string => code + symbol.slice(code.length).replaceAll('.', '$');

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));

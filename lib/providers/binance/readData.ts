import { numberOf } from '../../codec/fields.js';
import { isRecord } from '../../codec/json.js';
import { rememberedCloseTime } from '../../model/closeTime.js';
import { isInterval } from '../../model/interval.js';
import { klineOf } from '../../model/kline.js';
import type { Depth, Level, MarketEvent } from '../../model/marketEvent.js';
import { momentOf } from '../../model/moment.js';
import { stampRule, type StampRule } from '../../model/stamps.js';
import { minus } from '../../model/exact.js';
import { lengthOf } from '../../history/pages.js';
import { bad, why, within, type Problems } from '../../session/undecodable.js';
import { withVendorTime } from '../../session/vendorTime.js';
import { PROVIDER, symbolOf } from './protocol.js';
import * as wire from './wire.js';

type Row = Readonly<Record<string, unknown>>;

/** Reads the data of one stream: the event, or what is wrong with it. */
type Read = (row: Row, symbol: string, receivedAt: number) => MarketEvent | Problems;

export interface ReadOptions {
  /** The name of the feed, which goes into the events. */
  readonly feed: string;
  /** Which stamps of the feed are believed; a new rule unless given. */
  readonly stamps?: StampRule | undefined;
}

/**
 * Reads the data of streams, by what stands behind the `@` of their name. Figures are quoted, so that each is read where it is used: to
 * decode a copy of the row first would cost more than to parse the frame. The codecs of `wire.ts` say what does not fit.
 */
export const dataReader = ({ feed, stamps = stampRule() }: ReadOptions) => {
  const closeTime = rememberedCloseTime();
  const timed = <E extends MarketEvent>(event: E, time: number | undefined, sent: unknown): E =>
    time === undefined ? withVendorTime(event, sent) : event;

  const readTrade: Read = (row, symbol, receivedAt) => {
    const id = numberOf(row['a']);
    const price = numberOf(row['p']);
    const size = numberOf(row['q']);
    const { m, T } = row;
    if (!areFinite(id, price, size) || (m != null && typeof m !== 'boolean')) return why(wire.AggTrade, row);
    const time = stamps.read(T, receivedAt);
    return timed(
      {
        kind: 'trade',
        provider: PROVIDER,
        feed,
        symbol,
        time: time ?? receivedAt,
        receivedAt,
        price,
        size,
        volume: undefined,
        sizeUnit: undefined,
        aggressor: m == null ? undefined : m ? 'seller' : 'buyer',
        tradingPhase: undefined,
        id,
      },
      time,
      T,
    );
  };

  const readTicker: Read = (row, symbol, receivedAt) => {
    const last = numberOf(row['c']);
    const rolling = {
      hours: 24,
      open: maybe(row['o']),
      high: maybe(row['h']),
      low: maybe(row['l']),
      volume: maybe(row['v']),
      turnover: maybe(row['q']),
      trades: maybe(row['n']),
    };
    if (!areFinite(last) || Object.values(rolling).some(Number.isNaN)) return why(wire.Ticker, row);
    const time = stamps.read(row['E'], receivedAt);
    return timed(
      { kind: 'quote', provider: PROVIDER, feed, symbol, time: time ?? receivedAt, receivedAt, last, rolling },
      time,
      row['E'],
    );
  };

  const readBookTicker: Read = (row, symbol, receivedAt) => {
    const sequence = numberOf(row['u']);
    const bid = numberOf(row['b']);
    const bidSize = numberOf(row['B']);
    const ask = numberOf(row['a']);
    const askSize = numberOf(row['A']);
    if (!areFinite(sequence, bid, bidSize) || !areFinite(ask, askSize)) return why(wire.BookTicker, row);
    return {
      kind: 'bbo',
      provider: PROVIDER,
      feed,
      symbol,
      time: receivedAt,
      receivedAt,
      bid: offer(bid, bidSize),
      ask: offer(ask, askSize),
      valid: true,
      sizeUnit: undefined,
      sequence,
    };
  };

  const readDepth: Read = (row, symbol, receivedAt) => {
    const first = numberOf(row['U']);
    const last = numberOf(row['u']);
    const bids = levelsOf(row['b']);
    const asks = levelsOf(row['a']);
    if (!areFinite(first, last) || !bids || !asks) return why(wire.DepthUpdate, row);
    const time = stamps.read(row['E'], receivedAt);
    return timed(
      depthOf('update', symbol, time ?? receivedAt, receivedAt, bids, asks, { first, last }),
      time,
      row['E'],
    );
  };

  const depthOf = (
    type: Depth['type'],
    symbol: string,
    time: number,
    receivedAt: number,
    bids: readonly Level[],
    asks: readonly Level[],
    sequence: { readonly first: number; readonly last: number },
  ): Depth => ({
    kind: 'depth',
    provider: PROVIDER,
    feed,
    symbol,
    time,
    receivedAt,
    type,
    bids,
    asks,
    sizeUnit: undefined,
    sequence,
  });

  const readKline: Read = (row, symbol, receivedAt) => {
    const { k } = row;
    if (!isRecord(k)) return why(wire.Kline, row);
    const { i: interval, t, x } = k;
    if (!isInterval(interval)) return bad('k.i', interval, 'is no length of a bar');
    const openTime = momentOf(t);
    if (openTime === undefined) return bad('k.t', t, 'is no time at which a bar opens');
    if (!stamps.believesOpen(openTime, receivedAt, lengthOf(interval))) {
      return bad('k.t', t, `lies too far ahead for a bar of ${interval} to open`);
    }
    const open = numberOf(k['o']);
    const high = numberOf(k['h']);
    const low = numberOf(k['l']);
    const close = numberOf(k['c']);
    const volume = numberOf(k['v']);
    const turnover = maybe(k['q']);
    const trades = maybe(k['n']);
    const buyVolume = maybe(k['V']);
    const isSound = areFinite(open, high, low) && areFinite(close, volume) && (x == null || typeof x === 'boolean');
    if (!isSound || [turnover, trades, buyVolume].some(Number.isNaN)) return why(wire.Kline, row);
    const time = stamps.read(row['E'], receivedAt) ?? openTime;
    const span = { openTime, closeTime: closeTime(interval, openTime, symbol) };
    return klineOf({ provider: PROVIDER, feed, symbol }, interval, span, {
      time,
      receivedAt,
      open,
      high,
      low,
      close,
      volume,
      turnover,
      vwap: averageOf(turnover, volume),
      buyVolume,
      sellVolume: buyVolume === undefined ? undefined : minus(volume, buyVolume),
      trades,
      closed: x === true,
    });
  };

  const readers: ReadonlyMap<string, Read> = new Map([
    ['aggTrade', readTrade],
    ['ticker', readTicker],
    ['bookTicker', readBookTicker],
    ['depth', readDepth],
  ]);
  /** What is known of a stream, by its name. */
  const known = new Map<string, { readonly read: Read; readonly code: string; readonly symbol: string }>();

  const learn = (stream: string, code: unknown) => {
    const at = stream.indexOf('@');
    const [name = ''] = stream.slice(at + 1).split('@');
    const read = name.startsWith('kline_') ? readKline : readers.get(name);
    if (!read) return bad('stream', stream, 'is none that was asked for');
    const symbol = typeof code === 'string' ? symbolOf(code) : undefined;
    if (typeof code !== 'string' || symbol === undefined || code.toLowerCase() !== stream.slice(0, at)) {
      return bad('data.s', code, 'is not the symbol of the stream');
    }
    if (known.size >= MEMORY) known.clear();
    const found = { read, code, symbol };
    known.set(stream, found);
    return found;
  };

  return {
    /** The event of a combined message, or what is wrong with it. */
    read: (stream: string, row: Row, receivedAt: number): MarketEvent | Problems => {
      const before = known.get(stream);
      const of = before && before.code === row['s'] ? before : learn(stream, row['s']);
      if (typeof of === 'function') return of;
      const found = of.read(row, of.symbol, receivedAt);
      return typeof found === 'function' ? within('data', found) : found;
    },
    /** A whole book of REST. */
    readBook: (body: Row, symbol: string, receivedAt: number): Depth | Problems => {
      const last = numberOf(body['lastUpdateId']);
      const bids = levelsOf(body['bids']);
      const asks = levelsOf(body['asks']);
      if (!areFinite(last) || !bids || !asks) return why(wire.Book, body);
      return depthOf('snapshot', symbol, receivedAt, receivedAt, bids, asks, { first: last, last });
    },
  };
};

const MEMORY = 10_000;

const areFinite = (a: number, b = 0, c = 0): boolean => a - a === 0 && b - b === 0 && c - c === 0;

/** A figure that may be absent; `NaN` where it is none. */
const maybe = (value: unknown): number | undefined => {
  if (value == null) return undefined;
  const number = numberOf(value);
  return number - number === 0 ? number : NaN;
};

/** A side without orders is said with zeros. */
const offer = (price: number, size: number): Level | undefined =>
  price === 0 || size === 0 ? undefined : { price, size, orders: undefined };

const levelsOf = (rows: unknown): readonly Level[] | undefined => {
  if (!Array.isArray(rows)) return undefined;
  // Made in its length: an array that grows takes room for 17 items at the first.
  const levels = new Array<Level>(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row: unknown = rows[i];
    if (!Array.isArray(row)) return undefined;
    const price = numberOf(row[0]);
    const size = numberOf(row[1]);
    if (!areFinite(price, size)) return undefined;
    levels[i] = { price, size, orders: undefined };
  }
  return levels;
};

const averageOf = (turnover: number | undefined, volume: number): number | undefined =>
  turnover === undefined || volume === 0 ? undefined : turnover / volume;

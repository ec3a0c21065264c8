import { fixed } from './fixed.js';
import type { Changed } from './deepBook.js';
import type { Traded } from './instruments.js';
import { shifted, type Interval } from './intervals.js';
import type { BookNews, Ledger } from './ledger.js';
import type { Row } from './row.js';
import { partsOf, type AggTrade } from './trade.js';

/** The payloads of the streams, as JSON text. `time` is that of the event. */

const writers = ({ priceDecimals, sizeDecimals }: Ledger) => ({
  price: (units: number): string => fixed(units, priceDecimals),
  size: (units: number): string => fixed(units, sizeDecimals),
  quote: (units: bigint): string => fixed(units, priceDecimals + sizeDecimals),
});

export const aggTradeEvent = (ledger: Ledger, trade: AggTrade, time: number): string => {
  const { price, size } = writers(ledger);
  return JSON.stringify({
    e: 'aggTrade',
    E: time,
    s: ledger.symbol,
    a: trade.id,
    p: price(trade.price),
    q: size(trade.size),
    f: trade.first,
    l: trade.last,
    T: trade.time,
    m: trade.buyerIsMaker,
    M: true,
  });
};

/** The trades of an aggregate, one payload each. */
export const tradeEvents = (ledger: Ledger, trade: AggTrade, time: number): readonly string[] => {
  const { price, size } = writers(ledger);
  return partsOf(trade).map((part, at) =>
    JSON.stringify({
      e: 'trade',
      E: time,
      s: ledger.symbol,
      t: trade.first + at,
      p: price(trade.price),
      q: size(part),
      T: trade.time,
      m: trade.buyerIsMaker,
      M: true,
    }),
  );
};

/** The best bid and ask: price and size of each. A side without orders is zeros. */
export const bestOf = (ledger: Ledger) => {
  const { price, size } = writers(ledger);
  const nothing = { price: 0, size: 0 };
  const [bid = nothing] = ledger.bids(1);
  const [ask = nothing] = ledger.asks(1);
  return { b: price(bid.price), B: size(bid.size), a: price(ask.price), A: size(ask.size) };
};

export const bookTickerEvent = (ledger: Ledger): string =>
  JSON.stringify({ u: ledger.updateId(), s: ledger.symbol, ...bestOf(ledger) });

export const depthEvent = (ledger: Ledger, { first, last, bids, asks }: BookNews, time: number): string => {
  const { price, size } = writers(ledger);
  const rows = (changed: Changed): [string, string][] => [...changed].map((level) => [price(level[0]), size(level[1])]);
  return JSON.stringify({
    e: 'depthUpdate',
    E: time,
    s: ledger.symbol,
    U: first,
    u: last,
    b: rows(bids),
    a: rows(asks),
  });
};

/** A kline; `lastTrade` is the newest trade that there was when it ended, or now while it forms. */
export const klineEvent = (
  ledger: Ledger,
  interval: Interval,
  row: Row,
  isClosed: boolean,
  lastTrade: number,
  time: number,
): string => {
  const { price, size, quote } = writers(ledger);
  const isFlat = row.trades === 0;
  return JSON.stringify({
    e: 'kline',
    E: time,
    s: ledger.symbol,
    k: {
      t: row.openTime,
      T: shifted(interval, row.openTime, 1) - 1,
      s: ledger.symbol,
      i: interval,
      f: isFlat ? -1 : lastTrade - row.trades + 1,
      L: isFlat ? -1 : lastTrade,
      o: price(row.open),
      c: price(row.close),
      h: price(row.high),
      l: price(row.low),
      v: size(row.volume),
      n: row.trades,
      x: isClosed,
      q: quote(row.quote),
      V: size(row.buyVolume),
      Q: quote(row.buyQuote),
      B: '0',
    },
  });
};

/** A kline as a row of REST. */
export const klineRow = (ledger: Ledger, interval: Interval, row: Row, zone: number): readonly (number | string)[] => {
  const { price, size, quote } = writers(ledger);
  return [
    row.openTime,
    price(row.open),
    price(row.high),
    price(row.low),
    price(row.close),
    size(row.volume),
    shifted(interval, row.openTime, 1, zone) - 1,
    quote(row.quote),
    row.trades,
    size(row.buyVolume),
    quote(row.buyQuote),
    '0',
  ];
};

/** The rolling day, by the names of the stream. */
export const dayOf = ({ ledger, dayStats }: Traded) => {
  const { price, size, quote } = writers(ledger);
  const { row, before, openTime, closeTime } = dayStats();
  const newest = ledger.newest();
  const average = Math.round((Number(row.quote) / row.volume) * 10 ** (8 - ledger.priceDecimals));
  return {
    p: price(row.close - row.open),
    P: ((100 * (row.close - row.open)) / row.open).toFixed(3),
    w: row.volume === 0 ? price(average) : fixed(average, 8),
    x: price(before),
    c: price(row.close),
    Q: size(partsOf(newest).at(-1) ?? 0),
    ...bestOf(ledger),
    o: price(row.open),
    h: price(row.high),
    l: price(row.low),
    v: size(row.volume),
    q: quote(row.quote),
    O: openTime,
    C: closeTime,
    F: newest.last - row.trades + 1,
    L: newest.last,
    n: row.trades,
  };
};

export const tickerEvent = (traded: Traded, time: number): string =>
  JSON.stringify({ e: '24hrTicker', E: time, s: traded.ledger.symbol, ...dayOf(traded) });

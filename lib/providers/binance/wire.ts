import * as t from 'io-ts';
import { numeric, optional } from '../../codec/fields.js';

/** Times are epoch milliseconds; see `stampRule`. One that cannot be read costs the stamp, not the event. */
const moment = t.unknown;

/** A message of a combined stream. */
export const Combined = t.type({ stream: t.string, data: t.UnknownRecord });

/**
 * An aggregate trade: `a` id, `p` price, `q` quantity, `T` time of the trade, `m` whether the buyer was the maker
 * (web-socket-streams.md, "Aggregate Trade Streams").
 */
export const AggTrade = t.intersection([
  t.type({ s: t.string, a: numeric, p: numeric, q: numeric }),
  t.partial({ T: moment, m: optional(t.boolean) }),
]);

/** The last 24 hours, not a day: `c` last price, `o`, `h`, `l`, `v` and `q` volume and turnover, `n` trades ("Individual Symbol Ticker Streams"). */
export const Ticker = t.intersection([
  t.type({ s: t.string, c: numeric }),
  t.partial({
    E: moment,
    o: optional(numeric),
    h: optional(numeric),
    l: optional(numeric),
    v: optional(numeric),
    q: optional(numeric),
    n: optional(numeric),
  }),
]);

/** The best bid `b`, `B` and ask `a`, `A`, and the number `u` of the book ("Individual Symbol Book Ticker Streams"). It has no time. */
export const BookTicker = t.type({ s: t.string, u: numeric, b: numeric, B: numeric, a: numeric, A: numeric });

/** Price and size of a level; a size of 0 removes it. What stands behind them is left out, as a third item that the vendor once sent. */
const Level = t.tuple([numeric, numeric]);

/** Changes of a book: the numbers `U` to `u`, bids `b` and asks `a` ("Diff. Depth Stream"). */
export const DepthUpdate = t.intersection([
  t.type({ s: t.string, U: numeric, u: numeric, b: t.array(Level), a: t.array(Level) }),
  t.partial({ E: moment }),
]);

/** A whole book by REST (rest-api.md, "Order book"). */
export const Book = t.type({ lastUpdateId: numeric, bids: t.array(Level), asks: t.array(Level) });

/** A bar: `t` is its first moment, `x` whether it is over, `q` its turnover, `V` what buyers took ("Kline/Candlestick Streams"). */
export const Kline = t.type({
  s: t.string,
  k: t.intersection([
    t.type({
      t: t.union([t.number, t.string]),
      i: t.string,
      o: numeric,
      h: numeric,
      l: numeric,
      c: numeric,
      v: numeric,
    }),
    t.partial({ x: optional(t.boolean), q: optional(numeric), n: optional(numeric), V: optional(numeric) }),
  ]),
});

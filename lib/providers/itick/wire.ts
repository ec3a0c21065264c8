import * as t from 'io-ts';
import { numeric, optional } from '../../codec/fields.js';

/** Which instrument a row is about; see `symbols.ts` for the forms in which it is met. */
const about = { s: t.string };
const region = { r: optional(t.string) };

/** A time in whatever form it is sent; see `stampRule`. One that cannot be read costs the stamp, not the row. */
const moment = { t: t.unknown };

/** A reply to a command or to the login. The data of the login reply may echo the token; nothing reads it. */
export const Reply = t.intersection([
  t.type({ resAc: t.string }),
  t.partial({ code: optional(numeric), msg: optional(t.string) }),
]);

export const Pong = t.type({ resAc: t.literal('pong'), data: t.type({ params: numeric }) });

/** A message about the connection that answers nothing, such as the greeting. */
export const Notice = t.intersection([t.type({ msg: t.string }), t.partial({ code: optional(numeric) })]);

/** One execution: `ld` price, `v` volume, `t` epoch ms, `d` direction, `te` trading phase. */
export const Tick = t.intersection([
  t.type({ ...about, ld: numeric }),
  t.partial({ ...region, ...moment, v: optional(numeric), d: optional(numeric), te: optional(numeric) }),
]);

/** A session summary: `ld` last, `p` previous close, `v` and `tu` the day's volume and turnover, `ts` status. */
export const Quote = t.intersection([
  t.type({ ...about, ld: numeric }),
  t.partial({
    ...region,
    ...moment,
    o: optional(numeric),
    h: optional(numeric),
    l: optional(numeric),
    p: optional(numeric),
    v: optional(numeric),
    tu: optional(numeric),
    ts: optional(numeric),
  }),
]);

/** A price level: `p` price, `v` size, `o` orders. One whose price is null is not a level, and does not cost the others. */
const Level = t.intersection([
  t.type({ p: t.union([numeric, t.null]) }),
  t.partial({ v: optional(numeric), o: optional(numeric) }),
]);

/** A full snapshot: `a` asks ascending, `b` bids descending. */
export const Depth = t.intersection([
  t.type(about),
  t.partial({ ...region, ...moment, a: optional(t.array(Level)), b: optional(t.array(Level)) }),
]);

const bar = { t: t.union([t.number, t.string]), o: numeric, h: numeric, l: numeric, c: numeric, v: numeric };
const turnover = { tu: optional(numeric) };

/** A bar as the REST interface has it, without its instrument. */
export const Bar = t.intersection([t.type(bar), t.partial(turnover)]);

/** A bar as it is pushed today: the interval is in `type`, `t` is when it opened. */
export const Kline = t.intersection([t.type({ ...about, ...bar }), t.partial({ ...region, ...turnover })]);

/** A bar as the oldest documentation shows it: the outer `t` is the interval's code, `k` the bar. */
export const NestedKline = t.intersection([
  t.type({ ...about, k: Bar }),
  t.partial({ ...region, t: optional(numeric), type: optional(t.string) }),
]);

export type Tick = t.TypeOf<typeof Tick>;
export type Quote = t.TypeOf<typeof Quote>;
export type Level = t.TypeOf<typeof Level>;
export type Depth = t.TypeOf<typeof Depth>;
export type Bar = t.TypeOf<typeof Bar>;
export type Kline = t.TypeOf<typeof Kline>;
export type NestedKline = t.TypeOf<typeof NestedKline>;

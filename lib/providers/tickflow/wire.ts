import * as t from 'io-ts';
import { numeric, optional } from '../../codec/fields.js';

/** A session summary. `timestamp` may have any form; see `stampRule`. `volume` and `amount` are the day's so far; prices are 0 before the first trade of a day. */
export const Quote = t.intersection([
  t.type({ symbol: t.string, last_price: numeric }),
  t.partial({
    prev_close: optional(numeric),
    open: optional(numeric),
    high: optional(numeric),
    low: optional(numeric),
    volume: optional(numeric),
    amount: optional(numeric),
    timestamp: t.unknown,
    session: optional(t.string),
  }),
]);

const numbers = optional(t.array(numeric));

/** A full snapshot of up to five levels a side, in parallel arrays, best first. */
export const Depth = t.intersection([
  t.type({ symbol: t.string }),
  t.partial({
    timestamp: t.unknown,
    bid_prices: numbers,
    bid_volumes: numbers,
    ask_prices: numbers,
    ask_volumes: numbers,
  }),
]);

/** What a channel serves after a subscribe or an unsubscribe; observed without `channel` and `symbols` too. */
export const Subscribed = t.partial({
  channel: optional(t.string),
  symbols: optional(t.array(t.string)),
  total: optional(numeric),
});

/** A command failed; the message names neither the command nor its symbols. */
export const Failure = t.type({ message: t.string });

export type Quote = t.TypeOf<typeof Quote>;
export type Depth = t.TypeOf<typeof Depth>;
export type Subscribed = t.TypeOf<typeof Subscribed>;

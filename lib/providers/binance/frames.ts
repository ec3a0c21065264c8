import * as t from 'io-ts';
import * as wire from './wire.js';

/**
 * The frames that are read from their bytes: the data of a stream. Any other is read as a text.
 *
 * `npm run generate` makes `scan.generated.ts` of them.
 */
export const Frame = t.type({
  stream: t.string,
  data: t.union([
    t.intersection([t.type({ e: t.literal('aggTrade') }), wire.AggTrade]),
    t.intersection([t.type({ e: t.literal('24hrTicker') }), wire.Ticker]),
    t.intersection([t.type({ e: t.literal('depthUpdate') }), wire.DepthUpdate]),
    t.intersection([t.type({ e: t.literal('kline') }), wire.Kline]),
    // The only one that does not say what it is.
    t.intersection([t.partial({ e: t.undefined }), wire.BookTicker]),
  ]),
});

export type Frame = t.TypeOf<typeof Frame>;

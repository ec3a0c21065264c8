import * as t from 'io-ts';
import * as wire from './wire.js';

/**
 * The frames that are read from their bytes: the items of a channel. Any other is read as a text.
 *
 * `npm run generate` makes `scan.generated.ts` of them.
 */
export const Frame = t.union([
  t.type({ op: t.literal('quotes'), data: t.array(wire.Quote) }),
  t.type({ op: t.literal('depth'), data: t.array(wire.Depth) }),
]);

export type Frame = t.TypeOf<typeof Frame>;

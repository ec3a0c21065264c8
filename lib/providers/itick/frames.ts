import * as t from 'io-ts';
import { optional } from '../../codec/fields.js';
import type { Interval } from '../../model/interval.js';
import { CODE_THREE, klineIntervals } from './protocol.js';
import * as wire from './wire.js';

/** The exchange that a row may name; and what it never has where it is of a kind that is pushed today. */
const row = t.partial({ e: optional(t.string), k: t.undefined });

type BarType = `kline@${string}`;

/** The intervals of bars by their types, but for the code whose meaning is disputed: what that is takes several bars to know. */
export const barTypes: ReadonlyMap<BarType, Interval> = new Map(
  [...klineIntervals]
    .filter(([code]) => code !== CODE_THREE)
    .map(([code, interval]) => [`kline@${String(code)}` as const, interval]),
);

/**
 * The frames that are read from their bytes: one row of data. Any other is read as a text.
 *
 * `npm run generate` makes `scan.generated.ts` of them.
 */
export const Frame = t.type({
  data: t.union([
    t.intersection([t.type({ type: t.literal('tick') }), wire.Tick, row]),
    t.intersection([t.type({ type: t.literal('quote') }), wire.Quote, row]),
    t.intersection([t.type({ type: t.literal('depth') }), wire.Depth, row]),
    t.intersection([
      t.type({ type: t.keyof(Object.fromEntries(barTypes) as Readonly<Record<BarType, Interval>>) }),
      wire.Kline,
      row,
    ]),
  ]),
  resAc: t.undefined,
});

export type Frame = t.TypeOf<typeof Frame>;

import fc from 'fast-check';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Kline, Quote, Trade } from '../../../lib/model/marketEvent.js';
import { boundaryOf } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { klineResampler } from '../../../lib/operators/klines/klineResampler.js';
import { resampleSettings } from '../../../lib/operators/klines/klineResampler.js';
import { klineSettings, type KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { connected, disconnected } from '../../share/linkEvents.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/** A venue without hours. */
export const symbol = 'BTCUSDT.BA';

/** Everything the builder says of the events; the clock stands still. */
export const barsOf = (events: readonly FeedEvent[], interval: Interval, options: KlineOptions = {}): Kline[] => {
  const bars: Kline[] = [];
  const outlet = {
    emit: (kline: Kline) => bars.push(kline),
    closeAt: () => undefined,
    now: () => 0,
    beat: () => undefined,
  };
  const builder = klineBuilder(
    boundaryOf(interval),
    klineSettings({ forming: 'each', horizon: 1_000, ...options }),
    0,
    outlet,
  );
  events.forEach(builder.accept);
  return bars;
};

/** The larger bars of the smaller ones. */
export const resampled = (klines: readonly Kline[], interval: Interval): Kline[] => {
  const bars: Kline[] = [];
  const outlet = { emit: (kline: Kline) => bars.push(kline), closeAt: () => undefined, now: () => 0 };
  const { accept } = klineResampler(interval, resampleSettings({ horizon: 1_000 }), outlet);
  klines.forEach(accept);
  return bars;
};

/** The last word on each bar, in the order of time. */
export const lastWords = (bars: readonly Kline[]): Kline[] =>
  [...new Map(bars.map((bar) => [bar.openTime, bar])).values()].sort((a, b) => a.openTime - b.openTime);

export interface Tape {
  /** What happened, in order, each trade with its cumulative volume. */
  readonly truth: readonly Trade[];
  /** What arrived: some dropped, some twice, some late, with the link lost in between. */
  readonly heard: readonly FeedEvent[];
}

interface Fate {
  readonly wait: number;
  readonly price: number;
  readonly size: number;
  readonly copies: number;
  readonly delay: number;
  readonly outage: boolean;
}

const fate: fc.Arbitrary<Fate> = fc.record({
  wait: fc.integer({ min: 1, max: 90 * SECOND }),
  price: fc.integer({ min: 90, max: 110 }),
  size: fc.integer({ min: 1, max: 50 }),
  copies: fc.constantFrom(0, 1, 1, 1, 2),
  delay: fc.constantFrom(0, 0, 0, 1.5, 3.5),
  outage: fc.constantFrom(false, false, false, false, true),
});

/** A day of one symbol: any drop, duplication, reordering and loss of the link. */
export const aTape: fc.Arbitrary<Tape> = fc.array(fate, { minLength: 1, maxLength: 40 }).map((fates) => {
  let time = 0;
  let volume = 0;
  const truth = fates.map(({ wait, price, size }) => {
    time += wait;
    volume += size;
    return aTrade({ symbol, time, receivedAt: time, price, size, volume });
  });
  const heard = fates
    .flatMap(({ copies, delay }, index) =>
      Array.from({ length: copies }, (_, copy) => ({ place: index + delay + copy * 0.7, event: truth[index]! })),
    )
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
  let now = 0;
  const events = heard.flatMap((event, index): FeedEvent[] => {
    const heardAt = now;
    now = Math.max(now, event.receivedAt);
    if (!fates[index % fates.length]!.outage || now === heardAt) return [event];
    const resumed = { from: Math.max(heardAt, now - 20 * SECOND), to: now };
    const noticedAt = Math.ceil((resumed.from + now) / 2);
    return [{ ...disconnected, receivedAt: noticedAt }, { ...connected, receivedAt: now, resumed }, event];
  });
  return { truth, heard: [{ ...connected, receivedAt: 0 }, ...events] };
});

const word = fc.record({
  wait: fc.integer({ min: 1, max: 90 * SECOND }),
  tenths: fc.integer({ min: 1, max: 50 }),
  kind: fc.constantFrom('trade', 'trade', 'lost', 'quote'),
  delay: fc.constantFrom(0, 0, 0, 1.5, 3.5),
});

interface Placed {
  readonly place: number;
  readonly event: Trade | Quote;
}

/** Trades that tell their sizes, fractions, and no more; some lost, some late. Quotes tell the cumulative volume. */
export const aTapeOfSizes: fc.Arbitrary<readonly (Trade | Quote)[]> = fc
  .tuple(fc.integer({ min: 0, max: 9_000 }), fc.array(word, { minLength: 1, maxLength: 30 }))
  .map(([start, words]) => {
    let time = 0;
    let tenths = start;
    const heard = words.flatMap(({ wait, tenths: size, kind, delay }, index): Placed[] => {
      time += wait;
      if (kind !== 'quote') tenths += size;
      const at = { symbol, time, receivedAt: time };
      if (kind === 'quote') return [{ place: index, event: aQuote({ ...at, last: 100, volume: tenths / 10 }) }];
      return kind === 'lost' ? [] : [{ place: index + delay, event: aTrade({ ...at, price: 100, size: size / 10 }) }];
    });
    const events = heard.sort((a, b) => a.place - b.place).map(({ event }) => event);
    return [aTrade({ symbol, time: 0, receivedAt: 0, price: 100, size: 0.1 }), ...events];
  });

export const sumOf = (bars: readonly Kline[], field: 'volume' | 'missedVolume'): number =>
  bars.reduce((sum, bar) => sum + bar[field], 0);

export const groupedBy = <T>(values: readonly T[], keyOf: (value: T) => number): ReadonlyMap<number, readonly T[]> => {
  const groups = new Map<number, T[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
};

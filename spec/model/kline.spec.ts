import fc from 'fast-check';
import type { Kline } from '../../lib/model/marketEvent.js';
import { klineSemigroup } from '../../lib/model/kline.js';
import { aKline } from '../../lib/testing/builders.js';

const { concat } = klineSemigroup;
const MINUTE = 60_000;
const count = fc.integer({ min: 0, max: 1_000 });
const maybe = fc.option(count, { nil: undefined });

const bar = (openTime: number): fc.Arbitrary<Kline> =>
  fc
    .record({
      ...{ open: count, high: count, low: count, close: count, volume: count, turnover: maybe, trades: maybe },
      ...{ vwap: maybe, buyVolume: maybe, sellVolume: maybe },
      ...{ revision: count, missedVolume: count, time: count, receivedAt: count, closed: fc.boolean() },
      coverage: fc.double({ min: 0, max: 1, noNaN: true }),
      source: fc.constantFrom('trades', 'quotes', 'provider', 'empty'),
    })
    .map((fields) => aKline({ ...fields, openTime, closeTime: openTime + MINUTE }));

describe('klineSemigroup', () => {
  it('is associative, so that bars may be joined in any grouping', () => {
    fc.assert(
      fc.property(bar(0), bar(MINUTE), bar(3 * MINUTE), (a, b, c) => {
        const { coverage: left, vwap: leftAverage, ...one } = concat(concat(a, b), c);
        const { coverage: right, vwap: rightAverage, ...other } = concat(a, concat(b, c));
        expect(one).toEqual(other);
        expect(left).toBeCloseTo(right, 9);
        expect(leftAverage === undefined).toBe(rightAverage === undefined);
        expect(leftAverage ?? 0).toBeCloseTo(rightAverage ?? 0, 9);
      }),
      { numRuns: 1_000 },
    );
  });

  it('joins what was seen and what was not', () => {
    const earlier = aKline({ open: 10, high: 14, low: 9, close: 12, volume: 5, coverage: 0.5, trades: 2 });
    const later = aKline({ open: 12, high: 13, low: 8, close: 11, volume: 7, missedVolume: 3, turnover: 70 });
    expect(concat(earlier, { ...later, openTime: MINUTE, closeTime: 2 * MINUTE })).toMatchObject({
      ...{ openTime: 0, closeTime: 2 * MINUTE, open: 10, high: 14, low: 8, close: 11, volume: 12 },
      ...{ missedVolume: 3, coverage: 0.75, trades: 2, turnover: 70, source: 'provider', closed: false },
    });
  });

  it('is as late as the later word on either, and closed when both are', () => {
    const bar = (time: number, closed: boolean, openTime: number): Kline =>
      aKline({ time, receivedAt: 10 - time, closed, openTime, closeTime: openTime + MINUTE });
    const joined = (one: boolean, other: boolean): Kline => concat(bar(2, one, 0), bar(7, other, MINUTE));
    expect(joined(true, true)).toMatchObject({ kind: 'kline', time: 7, receivedAt: 8, closed: true });
    expect([joined(true, false), joined(false, true)].map(({ closed }) => closed)).toEqual([false, false]);
  });

  it('weights the average price by volume, and knows none where a bar with volume tells none', () => {
    const one = aKline({ volume: 30, vwap: 10, buyVolume: 20, sellVolume: 10 });
    const other = aKline({ volume: 10, vwap: 14, buyVolume: 1, openTime: MINUTE, closeTime: 2 * MINUTE });
    expect(concat(one, other)).toMatchObject({ vwap: 11, buyVolume: 21, sellVolume: 10 });
    const nothing = aKline({ openTime: MINUTE, closeTime: 2 * MINUTE });
    expect([concat(one, nothing).vwap, concat(nothing, one).vwap]).toEqual([10, 10]);
    expect(concat(one, { ...nothing, volume: 1 }).vwap).toBeUndefined();
  });

  it('takes no price from a flat bar', () => {
    const flat = aKline({ open: 9, high: 9, low: 9, close: 9, source: 'empty' });
    const traded = aKline({ open: 10, high: 14, low: 10, close: 12, source: 'quotes' });
    const prices = { open: 10, high: 14, low: 10, close: 12, source: 'quotes' };
    expect(concat(flat, traded)).toMatchObject(prices);
    expect(concat(traded, flat)).toMatchObject(prices);
    const later = aKline({ open: 7, high: 7, low: 7, close: 7, source: 'empty' });
    expect(concat(flat, later)).toMatchObject({ open: 9, high: 9, low: 7, close: 7, source: 'empty' });
  });
});

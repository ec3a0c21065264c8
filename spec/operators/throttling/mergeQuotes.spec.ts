import * as fc from 'fast-check';
import type { Quote } from '../../../lib/model/marketEvent.js';
import { mergeQuotes } from '../../../lib/operators/throttling/mergeQuotes.js';
import { aQuote } from '../../../lib/testing/builders.js';

describe('mergeQuotes', () => {
  it('takes the close of the day before for no price of today', () => {
    const before = aQuote({ last: 9, volume: 0, previousClose: 9 });
    const traded = aQuote({ last: 10, volume: 5, previousClose: 9 });
    expect(mergeQuotes(before, traded)).toMatchObject({ last: 10, high: 10, low: 10, volume: 5 });
    const flat = aQuote({ last: 9, volume: 5, previousClose: 9 });
    expect(mergeQuotes(flat, traded)).toMatchObject({ high: 10, low: 9 });
  });

  it('is the later quote with the extremes of both', () => {
    const held = aQuote({ last: 7, high: 9, low: 3, time: 1 });
    const next = aQuote({ last: 5, high: 8, low: 4, time: 2 });
    expect(mergeQuotes(held, next)).toEqual(aQuote({ last: 5, high: 9, low: 3, time: 2 }));
  });

  it('takes the last price where a vendor sends no high and no low', () => {
    const merged = mergeQuotes(aQuote({ last: 7 }), aQuote({ last: 5 }));
    expect(merged).toMatchObject({ last: 5, high: 7, low: 5 });
  });

  it('lets the first quote of a new trading day stand alone', () => {
    const next = aQuote({ last: 5, volume: 10 });
    expect(mergeQuotes(aQuote({ last: 7, high: 9, volume: 1_000 }), next)).toBe(next);
  });

  const at = (iso: string, fields: Partial<Quote>): Quote => aQuote({ time: Date.parse(iso), ...fields });

  it.each([
    ['by a lot', 9],
    ['by a little', 9.999],
    ['to nothing, as an all-zero quote does in mid-session', 0],
  ])('keeps the spike where the volume is corrected %s', (_, volume) => {
    const held = at('2026-11-25T15:00:00Z', { last: 100, volume: 10, high: 110, low: 90 });
    const next = at('2026-11-25T15:20:00Z', { last: 101, volume });
    expect(mergeQuotes(held, next)).toEqual({ ...next, high: 110, low: 90 });
    const same = { ...next, time: held.time };
    if (volume > 5) expect(mergeQuotes(held, same)).toEqual({ ...same, high: 110, low: 90 });
  });

  it('knows a new day by the trading hours, whatever the figures say', () => {
    const thursday = at('2026-11-19T20:59:59Z', { last: 100, volume: 1_000, high: 110, low: 90 });
    const friday = at('2026-11-20T14:30:00Z', { last: 100, volume: 1_500, high: 101, low: 99 });
    expect(mergeQuotes(thursday, friday)).toBe(friday);
    const evening = at('2026-11-20T01:00:00Z', { last: 100, volume: 1_000, high: 105, low: 99 });
    expect(mergeQuotes(thursday, evening)).toEqual({ ...evening, high: 110, low: 90 });
  });

  it('goes by the volume where the trading hours are unknown', () => {
    const held = at('2026-11-19T20:59:59Z', { symbol: 'X.XX', last: 100, volume: 1_000, high: 110 });
    const next = at('2026-11-20T20:59:59Z', { symbol: 'X.XX', last: 100, volume: 1_001, high: 101 });
    expect(mergeQuotes(held, next).high).toBe(110);
    expect(mergeQuotes(held, { ...next, volume: 10 }).high).toBe(101);
  });

  it('takes a price of zero for none, and one below zero for one', () => {
    const nothing = aQuote({ last: 0, open: 0, high: 0, low: 0, volume: 0 });
    const first = aQuote({ last: 10, high: 10.05, low: 9.95, volume: 5 });
    expect(mergeQuotes(nothing, first)).toEqual(first);
    expect(mergeQuotes(first, nothing)).toMatchObject({ high: 10.05, low: 9.95 });
    expect(mergeQuotes(nothing, nothing)).toEqual(nothing);
    expect(mergeQuotes(aQuote({ last: -37 }), aQuote({ last: -38 }))).toMatchObject({ high: -37, low: -38 });
  });

  it('merges quotes whose stamps are no time', () => {
    for (const time of [NaN, Infinity, -Infinity, 1.795e18, 8.64e15]) {
      expect(mergeQuotes(aQuote({ last: 2 }), aQuote({ last: 1, time })).high).toBe(2);
    }
  });

  it('is associative within a trading day', () => {
    const quote = fc
      .record({
        last: fc.nat(),
        high: fc.option(fc.nat(), { nil: undefined }),
        low: fc.option(fc.nat(), { nil: undefined }),
        volume: fc.option(fc.integer({ min: 60, max: 100 }), { nil: undefined }),
        time: fc.nat(1_000_000),
      })
      .map((fields) => aQuote(fields));
    fc.assert(
      fc.property(quote, quote, quote, (a, b, c) => {
        expect(mergeQuotes(mergeQuotes(a, b), c)).toEqual(mergeQuotes(a, mergeQuotes(b, c)));
      }),
      { numRuns: 1_000 },
    );
  });
});

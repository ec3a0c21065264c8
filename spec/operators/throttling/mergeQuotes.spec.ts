import * as fc from 'fast-check';
import { mergeQuotes } from '../../../lib/operators/throttling/mergeQuotes.js';
import { aQuote } from '../../../lib/testing/builders.js';

describe('mergeQuotes', () => {
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

  it('is associative within a trading day', () => {
    const quote = fc
      .record({
        last: fc.nat(),
        high: fc.option(fc.nat(), { nil: undefined }),
        low: fc.option(fc.nat(), { nil: undefined }),
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

import fc from 'fast-check';
import { newTally } from '../../lib/bin/tally.js';

describe('newTally', () => {
  it('knows nothing of nothing', () => {
    expect(newTally().quantile(0.5)).toBeUndefined();
  });

  it('finds the quantiles of small figures as sorting them does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, part) => {
          const tally = newTally();
          values.forEach(tally.add);
          const sorted = [...values].sort((a, b) => a - b);
          expect(tally.quantile(part)).toBe(sorted[Math.max(1, Math.ceil(part * values.length)) - 1]);
          expect(tally.count()).toBe(values.length);
        },
      ),
    );
  });

  it('keeps three digits of large ones', () => {
    const tally = newTally();
    tally.add(123_456);
    expect(tally.quantile(1)).toBe(123_000);
  });
});

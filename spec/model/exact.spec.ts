import fc from 'fast-check';
import { minus, plus, tidy } from '../../lib/model/exact.js';

describe('exact sums', () => {
  it('print as their parts were sent', () => {
    expect([plus(0.1, 0.2), plus(1.1, 2.2)]).toEqual([0.3, 3.3]);
    expect([minus(0.3, 0.1), minus(30_000.00002, 30_000), minus(5e10 + 0.5, 5e10)]).toEqual([0.2, 0.00002, 0.5]);
    expect([minus(0.3, 0.3), tidy(-1e-17, 0.3)].map((zero) => Object.is(zero, 0))).toEqual([true, true]);
  });

  it('leave longer figures, and what is no rounding, as they are', () => {
    expect(tidy(123_456_789.12345678)).toBe(123_456_789.12345678);
    expect(minus(1e8 + 2 ** -26 * 10, 1e8)).toBe(2 ** -26 * 10);
    expect([tidy(2 ** 60), tidy(0), tidy(Infinity)]).toEqual([2 ** 60, 0, Infinity]);
  });

  it('are those of whole numbers of the smallest unit', () => {
    const units = fc.integer({ min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(units, units, fc.constantFrom(10, 100, 1_000), (a, b, scale) => {
        expect(plus(a / scale, b / scale)).toBe((a + b) / scale + 0);
        expect(minus(a / scale, b / scale)).toBe((a - b) / scale + 0);
      }),
      { numRuns: 1_000 },
    );
  });
});

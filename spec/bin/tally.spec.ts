import fc from 'fast-check';
import { histogram } from '../../lib/bin/commands/inspect.js';

describe('histogram', () => {
  it('knows nothing of nothing', () => {
    expect(histogram().quantile(0.5)).toBeUndefined();
  });

  it('finds the quantiles of small figures as sorting them does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, part) => {
          const sizes = histogram();
          values.forEach(sizes.add);
          const sorted = [...values].sort((a, b) => a - b);
          expect(sizes.quantile(part)).toBe(sorted[Math.max(1, Math.ceil(part * values.length)) - 1]);
          expect(sizes.count()).toBe(values.length);
        },
      ),
    );
  });

  it('keeps three digits of large ones', () => {
    const sizes = histogram();
    sizes.add(123_456);
    expect(sizes.quantile(1)).toBe(123_000);
  });
});

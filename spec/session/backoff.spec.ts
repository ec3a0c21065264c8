import * as fc from 'fast-check';
import { ConnectionLost, InvalidOption } from '../../lib/model/errors.js';
import { exponential } from '../../lib/session/backoff.js';

const lost = new ConnectionLost(1006);
const attempt = fc.integer({ min: 1, max: 10_000 });

describe('exponential', () => {
  it('doubles the longest wait from 500 ms up to 30 s', () => {
    const longest = exponential({ random: () => 1 });
    expect([1, 2, 3, 4, 5, 6, 7, 8, 2_000].map((n) => longest(n, lost))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('waits any part of it: full jitter', () => {
    const waits = [0, 0.25, 0.999].map((part) => exponential({ first: 1_000, random: () => part })(2, lost));
    expect(waits).toEqual([0, 500, 1_998]);
  });

  it('never leaves 0 to cap, whatever the attempt', () => {
    const options = fc.tuple(fc.nat(100_000), fc.nat(100_000)).map(([first, more]) => ({ first, cap: first + more }));
    fc.assert(
      fc.property(options, attempt, fc.double({ min: 0, max: 1, noNaN: true }), ({ first, cap }, n, part) => {
        const wait = exponential({ first, cap, random: () => part })(n, lost);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(cap);
      }),
    );
  });

  it('rolls dice of its own', () => {
    const wait = exponential();
    fc.assert(fc.property(attempt, (n) => wait(n, lost) >= 0 && wait(n, lost) < 30_000));
  });

  it('takes no wait at all for the longest, and a cap that is the first wait', () => {
    expect(exponential({ first: 0, cap: 0, random: () => 1 })(1, lost)).toBe(0);
    expect(exponential({ first: 5, cap: 5, random: () => 1 })(9, lost)).toBe(5);
  });

  it.each([-1, NaN, Infinity])('throws at call time for a first wait of %p', (first) => {
    const error = new InvalidOption('first', first, 'a wait is a number of milliseconds, 0 or more');
    expect(() => exponential({ first, cap: Infinity })).toThrow(error);
  });

  it.each([100, NaN, Infinity])('throws at call time for a cap of %p', (cap) => {
    const error = new InvalidOption('cap', cap, 'the cap is a number of milliseconds, no less than `first`');
    expect(() => exponential({ cap })).toThrow(error);
  });

  it('waits no time where the first wait is none, however many attempts have failed', () => {
    expect(exponential({ first: 0, cap: 0, random: () => 0.5 })(5_000, lost)).toBe(0);
  });
});

import fc from 'fast-check';
import { barLengths, openTimeOf } from '../../../lib/simulator/market/bars.js';

const HOUR = 3_600_000;
const local = (year: number, month: number, day: number, hour = 0, minute = 0, offset = 8): number =>
  Date.UTC(year, month - 1, day, hour, minute) - offset * HOUR;

describe('openTimeOf', () => {
  const time = local(2026, 4, 22, 13, 47);
  it.each([
    ['1m', local(2026, 4, 22, 13, 47)],
    ['5m', local(2026, 4, 22, 13, 45)],
    ['15m', local(2026, 4, 22, 13, 45)],
    ['30m', local(2026, 4, 22, 13, 30)],
    ['1h', local(2026, 4, 22, 13)],
    ['2h', local(2026, 4, 22, 12)],
    ['4h', local(2026, 4, 22, 12)],
    ['1d', local(2026, 4, 22)],
    ['1w', local(2026, 4, 20)],
    ['1M', local(2026, 4, 1)],
  ] as const)('a %s bar of a Wednesday in Shanghai begins on the exchange clock', (length, openTime) => {
    expect(openTimeOf(length, time + 12_345, 8 * HOUR)).toBe(openTime);
  });

  it('is never after the moment, and is its own opening', () => {
    const offsets = fc.integer({ min: -22, max: 26 }).map((halves) => (halves * HOUR) / 2);
    fc.assert(
      fc.property(fc.constantFrom(...barLengths), fc.nat({ max: 4e12 }), offsets, (length, moment, offset) => {
        const openTime = openTimeOf(length, moment, offset);
        expect(openTime).toBeLessThanOrEqual(moment);
        expect(openTimeOf(length, openTime, offset)).toBe(openTime);
      }),
    );
  });
});

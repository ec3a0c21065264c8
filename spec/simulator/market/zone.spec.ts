import { zoneOffset } from '../../../lib/simulator/market/hours.js';

const HOUR = 3_600_000;

describe('zoneOffset', () => {
  it.each([
    ['UTC', 0],
    ['Asia/Shanghai', 8],
    ['Asia/Kolkata', 5.5],
    ['America/New_York', -5],
  ])('%s is %d hours ahead of UTC in January', (zone, ahead) => {
    expect(zoneOffset(zone)(Date.UTC(2026, 0, 15, 12, 34)) / HOUR).toBe(ahead);
  });

  it('follows daylight saving time', () => {
    const offset = zoneOffset('America/New_York');
    const change = Date.UTC(2026, 2, 8, 7);
    expect([offset(change - 1), offset(change)]).toEqual([-5 * HOUR, -4 * HOUR]);
  });
});

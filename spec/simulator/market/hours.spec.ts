import { hours, isTrading, pauseAt, phaseAt } from '../../../lib/simulator/market/hours.js';

const TUESDAY = Date.UTC(2026, 3, 21);
const at = (hour: number, minute = 0): number => TUESDAY + (hour * 60 + minute) * 60_000;

describe('phaseAt', () => {
  it.each([
    ['cn', 9, 14, 'closed'],
    ['cn', 9, 15, 'pre_market'],
    ['cn', 9, 29, 'pre_market'],
    ['cn', 9, 30, 'regular'],
    ['cn', 11, 30, 'lunch_break'],
    ['cn', 13, 0, 'regular'],
    ['cn', 14, 59, 'regular'],
    ['cn', 15, 0, 'closed'],
    ['cnBondFutures', 15, 14, 'regular'],
    ['hkFutures', 16, 29, 'regular'],
    ['cnFutures', 10, 20, 'closed'],
    ['hk', 12, 59, 'lunch_break'],
    ['hk', 15, 59, 'regular'],
    ['us', 4, 0, 'pre_market'],
    ['us', 9, 30, 'regular'],
    ['us', 16, 0, 'after_hours'],
    ['us', 20, 0, 'closed'],
    ['india', 15, 29, 'regular'],
    ['weekdays', 0, 0, 'regular'],
    ['never', 3, 0, 'regular'],
  ] as const)('%s at %d:%d is %s', (venue, hour, minute, phase) => {
    expect(phaseAt(hours[venue], at(hour, minute))).toBe(phase);
  });

  it.each([
    ['cn', 9, 24, 'call'],
    ['cn', 9, 25, 'wait'],
    ['cn', 9, 30, undefined],
    ['cn', 14, 56, undefined],
    ['cn', 14, 57, 'call'],
    ['cn', 15, 0, undefined],
    ['us', 16, 0, undefined],
    ['never', 3, 0, undefined],
  ] as const)('pauses for auctions: %s at %d:%d is %s', (venue, hour, minute, pause) => {
    expect(pauseAt(hours[venue], at(hour, minute))).toBe(pause);
  });

  it('is closed on Saturday and Sunday', () => {
    const phases = [3, 4, 5, 6].map((days) => phaseAt(hours.hk, at(10) + days * 86_400_000));
    expect(phases).toEqual(['regular', 'closed', 'closed', 'regular']);
  });

  it('trades before, in and after regular hours, not at lunch nor when closed', () => {
    expect((['pre_market', 'regular', 'after_hours', 'lunch_break', 'closed'] as const).map(isTrading)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

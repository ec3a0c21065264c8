import fc from 'fast-check';
import { fromWallClock, isZone, wallClock } from '../../lib/model/wallClock.js';

const zones = ['UTC', 'Asia/Shanghai', 'Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe'];

describe('wallClock', () => {
  it.each([
    ['UTC', '2026-03-04T12:00:00.250Z'],
    ['Asia/Hong_Kong', '2026-03-04T20:00:00.250Z'],
    ['America/New_York', '2026-03-04T07:00:00.250Z'],
  ])('is what the clocks show in %s', (zone, shown) => {
    expect(new Date(wallClock(Date.parse('2026-03-04T12:00:00.250Z'), zone)).toISOString()).toBe(shown);
  });

  it('and fromWallClock show the same again, also in the hour that comes twice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: -1e12, max: 4e12 }), (zone, time) => {
        const wall = wallClock(time, zone);
        expect(wallClock(fromWallClock(wall, zone), zone)).toBe(wall);
      }),
    );
  });
});

describe('isZone', () => {
  it.each([
    ['Asia/Shanghai', true],
    ['UTC', true],
    ['Shanghai', false],
    ['', false],
  ])('knows the zones of this platform: %s', (zone, known) => {
    expect(isZone(zone)).toBe(known);
  });
});

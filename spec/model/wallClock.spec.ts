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

describe('fromWallClock', () => {
  it.each([
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00.000Z'],
    ['America/New_York', '2026-03-08T03:00', '2026-03-08T07:00:00.000Z'],
    ['America/Havana', '2026-03-08T00:00', '2026-03-08T05:00:00.000Z'],
    ['America/Santiago', '2026-09-06T00:59:59.999', '2026-09-06T04:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:10', '2026-10-03T15:30:00.000Z'],
  ])('is where the clocks have jumped over what they skip: %s %s', (zone, wall, moment) => {
    expect(new Date(fromWallClock(Date.parse(`${wall}Z`), zone)).toISOString()).toBe(moment);
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

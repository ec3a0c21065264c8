import fc from 'fast-check';
import { closeTime, rememberedCloseTime } from '../../lib/model/closeTime.js';
import { intervals, intradayLength, isIntraday } from '../../lib/model/interval.js';
import { zoneOf } from '../../lib/model/venue.js';

const HOUR = 3_600_000;
const at = (iso: string): number => Date.parse(iso);

describe('closeTime', () => {
  it.each([
    ['an intraday bar', '1h', 'AAPL.US', '2026-03-08T06:30:00Z', '2026-03-08T07:30:00Z'],
    ['a day in Shanghai', '1d', '600000.SH', '2026-04-20T16:00:00Z', '2026-04-21T16:00:00Z'],
    ['a week in Shanghai', '1w', '600000.SH', '2026-04-19T16:00:00Z', '2026-04-26T16:00:00Z'],
    ['three days in Shanghai', '3d', '600000.SH', '2026-04-19T16:00:00Z', '2026-04-22T16:00:00Z'],
    ['three days around the clock', '3d', 'BTCUSDT.BA', '2026-03-07T00:00:00Z', '2026-03-10T00:00:00Z'],
    ['the three days that lose an hour', '3d', 'AAPL.US', '2026-03-07T05:00:00Z', '2026-03-10T04:00:00Z'],
    ['twelve hours', '12h', 'BTCUSDT.BA', '2026-03-07T12:00:00Z', '2026-03-08T00:00:00Z'],
    ['a second', '1s', 'BTCUSDT.BA', '2026-03-07T12:00:59Z', '2026-03-07T12:01:00Z'],
    ['a month in Shanghai', '1M', '600000.SH', '2026-03-31T16:00:00Z', '2026-04-30T16:00:00Z'],
    ['a future’s day', '1d', 'au2604.SHF', '2026-04-20T16:00:00Z', '2026-04-21T16:00:00Z'],
    ['the day that loses an hour', '1d', 'AAPL.US', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'],
    ['the day that gains an hour', '1d', 'AAPL.US', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    ['the week that loses an hour', '1w', 'AAPL.US', '2026-03-02T05:00:00Z', '2026-03-09T04:00:00Z'],
    ['the week that gains an hour', '1w', 'AAPL.US', '2026-10-26T04:00:00Z', '2026-11-02T05:00:00Z'],
    ['the month that loses an hour', '1M', 'AAPL.US', '2026-03-01T05:00:00Z', '2026-04-01T04:00:00Z'],
    ['the last day of a year', '1d', 'AAPL.US', '2026-12-31T05:00:00Z', '2027-01-01T05:00:00Z'],
    ['the last month of a year', '1M', '700.HK', '2026-11-30T16:00:00Z', '2026-12-31T16:00:00Z'],
    ['a leap February', '1M', '700.HK', '2028-01-31T16:00:00Z', '2028-02-29T16:00:00Z'],
    ['a common February', '1M', '700.HK', '2026-01-31T16:00:00Z', '2026-02-28T16:00:00Z'],
    [
      'a month that opens on a day the next one lacks',
      '1M',
      'BTCUSDT.BA',
      '2026-01-31T00:00:00Z',
      '2026-02-28T00:00:00Z',
    ],
    ['a day of a venue around the clock', '1d', 'BTCUSDT.BA', '2026-03-08T00:00:00Z', '2026-03-09T00:00:00Z'],
    ['a day of an unknown venue', '1d', 'X.NOWHERE', '2026-03-08T00:00:00Z', '2026-03-09T00:00:00Z'],
    ['a day in Berlin', '1d', 'SAP.DE', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    [
      'a bar that opens at a fraction of a second',
      '1d',
      '700.HK',
      '2026-01-05T01:30:00.250Z',
      '2026-01-06T01:30:00.250Z',
    ],
    ['a day across a change earlier that morning', '1d', 'X.US', '2026-03-07T08:00:00Z', '2026-03-08T07:00:00Z'],
    ['a day before the epoch', '1d', 'IBM.US', '1969-12-30T05:00:00.250Z', '1969-12-31T05:00:00.250Z'],
  ] as const)('ends %s', (_, interval, symbol, open, close) => {
    expect(new Date(closeTime(interval, at(open), symbol)).toISOString()).toBe(new Date(at(close)).toISOString());
  });

  /** The calendar date and the time of day in a zone, as text. */
  const clock = (time: number, zone: string): string =>
    new Date(time).toLocaleString('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });

  /** The first hour after the opening at which the zone's calendar shows midnight of the wanted date. */
  const naive = (interval: '1d' | '3d' | '1w' | '1M', openTime: number, zone: string): number => {
    const [year = 0, month = 0, day = 0] = clock(openTime, zone).slice(0, 10).split('-').map(Number);
    const end = new Date(
      interval === '1M'
        ? Date.UTC(year, month, 1)
        : Date.UTC(year, month - 1, day + { '1d': 1, '3d': 3, '1w': 7 }[interval]),
    );
    const wanted = `${end.toISOString().slice(0, 10)} 00:00:00`;
    for (let time = openTime; ; time += HOUR / 2) if (clock(time, zone) === wanted) return time;
  };
  /** The midnight at or before a moment. */
  const midnight = (time: number, zone: string): number => {
    for (let open = time - (time % (HOUR / 2)); ; open -= HOUR / 2)
      if (clock(open, zone).endsWith('00:00:00')) return open;
  };

  const symbol = fc.constantFrom('600000.SH', '700.HK', 'AAPL.US', '7203.JP', 'TCS.NSE.IN', 'SAP.DE', 'EURUSD.GB');
  const moment = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2037-12-31T00:00:00Z') });

  it('agrees with looking at the exchange’s calendar every half hour', () => {
    fc.assert(
      fc.property(fc.constantFrom('1d', '3d', '1w', '1M'), symbol, moment, (interval, name, time) => {
        const zone = zoneOf(name);
        const day = midnight(time, zone);
        const date = Number(clock(day, zone).slice(8, 10));
        const open = interval === '1M' ? midnight(day - (date - 1) * 24 * HOUR + 2 * HOUR, zone) : day;
        expect(closeTime(interval, open, name)).toBe(naive(interval, open, zone));
      }),
      { numRuns: 30 },
    );
  });

  it('adds the length of an interval that has one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...intervals.filter(isIntraday)), symbol, moment, (interval, name, time) => {
        expect(closeTime(interval, time, name)).toBe(time + intradayLength[interval]);
      }),
    );
  });

  it('is later than the opening, at any hour of any day', () => {
    fc.assert(
      fc.property(fc.constantFrom(...intervals), symbol, moment, (interval, name, time) => {
        expect(closeTime(interval, time, name)).toBeGreaterThan(time);
      }),
    );
  });
});

describe('rememberedCloseTime', () => {
  it('says the same, the first time and again', () => {
    const remembered = rememberedCloseTime();
    const open = at('2026-03-08T05:00:00Z');
    for (const interval of [...intervals, ...intervals])
      for (const symbol of ['AAPL.US', '700.HK', 'EURUSD.GB'])
        expect(remembered(interval, open, symbol)).toBe(closeTime(interval, open, symbol));
  });

  it('goes on when its memory is full', () => {
    const remembered = rememberedCloseTime();
    for (let day = 0; day < 1_002; day++) remembered('1d', day * 24 * HOUR, 'EURUSD.GB');
    expect(remembered('1d', 0, 'EURUSD.GB')).toBe(24 * HOUR);
  });
});

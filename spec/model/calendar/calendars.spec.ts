import { calendarOf, calendars } from '../../../lib/model/calendar/calendars.js';
import { withHolidays } from '../../../lib/model/calendar/withHolidays.js';

describe('calendarOf', () => {
  it.each([
    ['600000.SH', 'cn'],
    ['000001.SZ', 'cn'],
    ['430047.BJ', 'cn'],
    ['IF2606.CFX', 'cn'],
    ['au2604.SHF', 'cnFutures'],
    ['m2605.DCE', 'cnFutures'],
    ['700.HK', 'hk'],
    ['BRK.B.US', 'us'],
    ['BTCUSDT.BA', 'always'],
    ['RELIANCE.NSE.IN', 'always'],
  ] as const)('goes by the venue: %s is %s', (symbol, name) => {
    expect(calendarOf(symbol)).toBe(calendars[name]);
  });
});

describe('calendars', () => {
  it.each(Object.entries(calendars))('hold no holidays: %s', (_, calendar) => {
    expect(Object.keys(calendar)).not.toEqual(expect.arrayContaining(['holidays']));
    expect(Object.keys(calendar)).not.toEqual(expect.arrayContaining(['halfDays']));
  });
});

describe('withHolidays', () => {
  it('adds to what the calendar has, and leaves it as it is', () => {
    const first = withHolidays(calendars.hk, { holidays: ['2026-12-25'], halfDays: { '2026-12-24': '12:00' } });
    const both = withHolidays(first, { holidays: ['2027-01-01'], halfDays: { '2026-12-31': '12:00' } });
    expect(both).toEqual({
      ...calendars.hk,
      holidays: ['2026-12-25', '2027-01-01'],
      halfDays: { '2026-12-24': '12:00', '2026-12-31': '12:00' },
    });
    expect(first.holidays).toEqual(['2026-12-25']);
  });
});

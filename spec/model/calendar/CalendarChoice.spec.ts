import { calendarBy } from '../../../lib/model/calendar/CalendarChoice.js';
import { calendarOf, calendars } from '../../../lib/model/calendar/calendars.js';

describe('the calendar of a symbol', () => {
  it('is that of its venue, if nothing else is chosen', () => {
    expect(['700.HK', 'AAPL.US', 'BTCUSDT.BA'].map(calendarBy())).toEqual([
      calendars.hk,
      calendars.us,
      calendars.always,
    ]);
  });

  it('is the one chosen for all', () => {
    expect(calendarBy(calendars.cn)('AAPL.US')).toBe(calendars.cn);
  });

  it('is the one chosen for it', () => {
    const calendar = calendarBy((symbol) => (symbol.endsWith('.US') ? calendars.usExtended : calendarOf(symbol)));
    expect(['AAPL.US', '700.HK'].map(calendar)).toEqual([calendars.usExtended, calendars.hk]);
  });
});

import { calendarBy } from '../../../lib/model/calendar/CalendarChoice.js';
import { calendarOf, calendars } from '../../../lib/model/calendar/calendars.js';

describe('the calendar of a symbol', () => {
  it('is that of its venue in the market of its feed, if nothing else is chosen', () => {
    const calendar = calendarBy();
    expect(calendar('700.HK', 'itick:stock')).toBe(calendars.hk);
    expect(calendar('NQ.US', 'itick:stock')).toBe(calendars.us);
    expect(calendar('NQ.US', 'itick:future')).toBe(calendars.cmeGlobex);
    expect(calendar('BTCUSDT.BA', 'itick:crypto')).toBe(calendars.always);
  });

  it('is the one chosen for all', () => {
    expect(calendarBy(calendars.cn)('AAPL.US', 'itick:stock')).toBe(calendars.cn);
  });

  it('is the one chosen for it', () => {
    const calendar = calendarBy((symbol, feed) =>
      symbol === 'AAPL.US' ? calendars.usExtended : calendarOf(symbol, feed),
    );
    expect(calendar('AAPL.US', 'itick:stock')).toBe(calendars.usExtended);
    expect(calendar('NQ.US', 'itick:future')).toBe(calendars.cmeGlobex);
  });
});

import { calendarOf, calendars } from '../../../lib/model/calendar/calendars.js';
import { withHolidays } from '../../../lib/model/calendar/withHolidays.js';

describe('calendarOf', () => {
  it.each([
    ['600000.SH', 'cn'],
    ['000001.SZ', 'cn'],
    ['430047.BJ', 'cn'],
    ['IF2606.CFX', 'cn'],
    ['au2604.SHF', 'cnFutures'],
    ['m2605.DCE', 'cnFutures11pm'],
    ['m2605-C-3000.DCE', 'cnFutures11pm'],
    ['SR605.ZCE', 'cnFutures11pm'],
    ['cu2606.SHF', 'cnFutures1am'],
    ['sc2606.INE', 'cnFutures'],
    ['lh2607.DCE', 'cnFuturesDay'],
    ['si2607.GFE', 'cnFuturesDay'],
    ['qq2607.GFE', 'cnFutures'],
    ['T2606.CFX', 'cnBondFutures'],
    ['TF2606.CFX', 'cnBondFutures'],
    ['TS2606.CFX', 'cnBondFutures'],
    ['TL2606.CFX', 'cnBondFutures'],
    ['IO2606-C-4000.CFX', 'cn'],
    ['XX2606.CFX', 'cnBondFutures'],
    ['IFmain.CFX', 'cnBondFutures'],
    ['ad2606.SHF', 'cnFutures1am'],
    ['op2606.SHF', 'cnFutures11pm'],
    ['bz2606.DCE', 'cnFutures11pm'],
    ['lg2607.DCE', 'cnFuturesDay'],
    ['PL605.ZCE', 'cnFutures11pm'],
    ['pt2610.GFE', 'cnFuturesDay'],
    ['pd2606.GFE', 'cnFuturesDay'],
    ['l2606F.DCE', 'cnFutures11pm'],
    ['700.HK', 'hk'],
    ['BRK.B.US', 'us'],
    ['BTCUSDT.BA', 'always'],
    ['RELIANCE.NSE.IN', 'always'],
  ] as const)('goes by the venue: %s is %s', (symbol, name) => {
    expect(calendarOf(symbol)).toBe(calendars[name]);
  });
});

describe('calendarOf a symbol of a feed', () => {
  it.each([
    ['NQ.US', 'itick:future', 'cmeGlobex'],
    ['NQ.US', 'desk:future', 'cmeGlobex'],
    ['NQ.US', 'itick:future#2', 'cmeGlobex'],
    ['NQ.US', 'itick:future#12', 'cmeGlobex'],
    ['NQ.US', 'itick:stock', 'us'],
    ['NQ.US', 'tickflow', 'us'],
    ['SPY.US', 'itick:fund', 'us'],
    ['SPX.US', 'itick:indices', 'us'],
    ['HSI.HK', 'itick:future', 'hkFutures'],
    ['HSI.HK', 'itick:indices', 'hk'],
    ['2800.HK', 'itick:fund', 'hk'],
    ['IF2606.CN', 'itick:future', 'cn'],
    ['T2606.CN', 'itick:future', 'cnBondFutures'],
    ['RB2610.CN', 'itick:future', 'cnFutures11pm'],
    ['EURUSD.GB', 'itick:forex', 'forex'],
    ['XAUUSD.GB', 'itick:forex', 'cmeGlobex'],
    ['SPX.GB', 'itick:indices', 'always'],
    ['VOD.GB', 'itick:stock', 'always'],
    ['EURUSD.GB', 'desk', 'always'],
    ['BTCUSDT.BA', 'itick:crypto', 'always'],
    ['AAPL.US', 'constructor', 'us'],
  ] as const)('goes by the market that ends its name: %s of %s is %s', (symbol, feed, name) => {
    expect(calendarOf(symbol, feed)).toBe(calendars[name]);
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

  it('adds late opens', () => {
    const first = withHolidays(calendars.hk, { lateOpens: { '2020-08-19': '13:30' } });
    const both = withHolidays(first, { lateOpens: { '2020-10-13': '13:00' } });
    expect(both.lateOpens).toEqual({ '2020-08-19': '13:30', '2020-10-13': '13:00' });
    expect(withHolidays(both, { holidays: [] }).lateOpens).toEqual(both.lateOpens);
  });

  it.each(['holiday', 'halfdays', 'lateOpen', 'zone', 'x'.repeat(1_000)])(
    'throws InvalidOption for a key it does not know: %s',
    (key) => {
      const wrong = { holidays: ['2026-12-25'], [key]: ['2026-12-25'] };
      const option: unknown = expect.objectContaining({
        _tag: 'InvalidOption',
        option: `calendar.${key.slice(0, 64)}`,
      });
      expect(() => withHolidays(calendars.hk, wrong)).toThrow(option as Error);
    },
  );
});

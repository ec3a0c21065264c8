import { intervals, intradayLength, isInterval, isIntraday } from '../../lib/model/interval.js';

describe('intervals', () => {
  it('are eleven, shortest first', () => {
    expect(intervals).toEqual(['1m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '1d', '1w', '1M']);
  });

  it('have a constant length up to four hours', () => {
    expect(intervals.filter(isIntraday)).toEqual(Object.keys(intradayLength));
    expect(Object.values(intradayLength).map((length) => length / 60_000)).toEqual([1, 5, 10, 15, 30, 60, 120, 240]);
  });

  it('tell the minute from the month', () => {
    expect(['1m', '1M'].map((interval) => isIntraday(interval as '1m'))).toEqual([true, false]);
  });

  it.each(['', '1', 'm', '1D', '3m', '3d', '60m', ' 1m', 1, null, undefined, ['1m'], 'constructor', '__proto__'])(
    'do not include %p',
    (value) => {
      expect(isInterval(value)).toBe(false);
    },
  );
});

import { intervals, intradayLength, isInterval, isIntraday } from '../../lib/model/interval.js';

describe('intervals', () => {
  it('are seventeen, shortest first', () => {
    const hours = ['1h', '2h', '4h', '6h', '8h', '12h'];
    expect(intervals).toEqual(['1s', '1m', '3m', '5m', '10m', '15m', '30m', ...hours, '1d', '3d', '1w', '1M']);
  });

  it('have a constant length up to twelve hours', () => {
    expect(intervals.filter(isIntraday)).toEqual(Object.keys(intradayLength));
    expect(Object.values(intradayLength).map((length) => length / 60_000)).toEqual([
      ...[1 / 60, 1, 3, 5, 10, 15, 30],
      ...[60, 120, 240, 360, 480, 720],
    ]);
  });

  it('tell the minute from the month', () => {
    expect(['1m', '1M'].map((interval) => isIntraday(interval as '1m'))).toEqual([true, false]);
  });

  it.each([
    '',
    '1',
    'm',
    '1D',
    '7m',
    '2d',
    '60m',
    '60s',
    ' 1m',
    1,
    null,
    undefined,
    ['1m'],
    'constructor',
    '__proto__',
  ])('do not include %p', (value) => {
    expect(isInterval(value)).toBe(false);
  });
});

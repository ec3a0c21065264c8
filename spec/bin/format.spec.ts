import fc from 'fast-check';
import {
  age,
  amount,
  bytes,
  clean,
  clock,
  counted,
  decimalsOf,
  elapsed,
  milliseconds,
  percent,
  printable,
  seconds,
  share,
} from '../../lib/bin/format.js';

describe('format', () => {
  it('takes from a vendor no control sequence, line break or hidden character', () => {
    expect(printable('a\u001b[31mb\r\nc\u0085d\u202ee\u2028f 浦发')).toBe('a [31mb c d e f 浦发');
  });

  it('drops the noise of binary fractions', () => {
    expect(clean(0.1 + 0.2)).toBe(0.3);
  });

  it.each([
    [225.54, 2],
    [608, 0],
    [0.30000000000000004, 1],
    [1.08412, 5],
    [1e-7, 7],
    [1.5e-7, 8],
    [1e21, 0],
  ])('writes %d with %d decimals', (price, decimals) => {
    expect(decimalsOf(price)).toBe(decimals);
  });

  it('finds the decimals that a price was written with', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 0, max: 5 }), (units, decimals) => {
        const text = (units / 10 ** decimals).toFixed(decimals);
        const needed = text.includes('.') ? text.replace(/0+$/, '').split('.')[1]!.length : 0;
        expect(decimalsOf(Number(text))).toBe(needed);
      }),
    );
  });

  it.each([
    [1229, '1,229'],
    [0.12345, '0.1235'],
    [1e9, '1,000,000,000'],
  ])('writes the amount %d as %s', (value, text) => {
    expect(amount(value)).toBe(text);
  });

  it.each([
    [100, 100.12, '+0.12%'],
    [100, 96.6, '-3.40%'],
    [100, 100, '0.00%'],
    [100, 99.9999, '0.00%'],
  ])('from %d to %d is %s', (from, to, text) => {
    expect(percent(from, to)).toBe(text);
  });

  it.each([
    [-5, '0s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [3_600_000, '1h'],
    [200_000_000, '2d'],
  ])('an age of %d ms is %s', (duration, text) => {
    expect(age(duration)).toBe(text);
  });

  it('gives short waits and round trips a decimal', () => {
    expect([-3, 340, 12_300].map(seconds)).toEqual(['0.0 s', '0.3 s', '12 s']);
    expect([0.84, 152.4].map(milliseconds)).toEqual(['0.8 ms', '152 ms']);
  });

  it('writes the time of day to the millisecond', () => {
    expect(clock(new Date(2026, 6, 1, 9, 5, 3, 7).getTime())).toBe('09:05:03.007');
  });

  it('writes a part that lacks something never as all', () => {
    expect([0, 0.29, 0.999, 1].map(share)).toEqual(['0%', '29%', '99%', '100%']);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_234, '1.2 kB'],
    [34_000_000, '34 MB'],
    [2.5e15, '2500 TB'],
  ])('writes %d bytes as %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  it.each([
    [-1, '00:00'],
    [7_999, '00:07'],
    [754_000, '12:34'],
    [3_723_000, '1:02:03'],
  ])('counts %d ms as %s', (duration, text) => {
    expect(elapsed(duration)).toBe(text);
  });

  it('counts things', () => {
    expect([0, 1, 1_234].map((count) => counted(count, 'gap'))).toEqual(['no gaps', '1 gap', '1,234 gaps']);
  });
});

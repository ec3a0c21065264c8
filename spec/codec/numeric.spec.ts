import fc from 'fast-check';
import { numeric } from '../../lib/codec/fields.js';

const read = (value: unknown): unknown => {
  const decoded = numeric.decode(value);
  return decoded._tag === 'Right' ? decoded.right : 'refused';
};

describe('numeric', () => {
  it.each([
    [2365.12, 2365.12],
    ['2365.12', 2365.12],
    ['-1', -1],
    ['1e-7', 1e-7],
    ['0', 0],
    ['1731689569840', 1731689569840],
  ])('reads %p as %d', (value, number) => {
    expect(read(value)).toBe(number);
  });

  it.each([
    ...['', ' ', ' 1', '1 ', '0x10', '1_000', '1,000', 'NaN', 'Infinity', '-', '.', '1e999', '１', 'abc'],
    ...[NaN, Infinity, -Infinity, null, undefined, true, [], ['1'], {}],
  ])('refuses %p', (value) => {
    expect(read(value)).toBe('refused');
  });

  it('reads every number that JSON can write, bare or quoted', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(read(number)).toBe(number);
        expect(read(JSON.stringify(number))).toBe(JSON.parse(JSON.stringify(number)));
      }),
    );
  });

  it('recognises only finite numbers', () => {
    expect([1, '1', NaN, Infinity].map(numeric.is)).toEqual([true, false, false, false]);
  });
});

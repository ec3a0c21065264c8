import fc from 'fast-check';
import { newCursor, placeAt } from '../../lib/codec/cursor.js';
import { readNumber } from '../../lib/codec/readNumber.js';
import { readNumeric, readNumericOrNull } from '../../lib/codec/readScalar.js';

const cursor = newCursor();

const at = <T>(text: string, read: (of: typeof cursor) => T): { readonly value: T; readonly rest: string } => {
  placeAt(cursor, Buffer.from(text));
  const value = read(cursor);
  return { value, rest: text.slice(cursor.at) };
};

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map((all) => all.join(''));

/** Numbers as JSON may write them, around the lengths at which they are read in another way. */
const written = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      digits(20).map((text) => text.replace(/^0+(?=.)/, '')),
    ),
    fc.option(digits(20)),
    fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(3))),
  )
  .map(
    ([sign, whole, places, power]) => `${sign}${whole}${places === null ? '' : `.${places}`}${power?.join('') ?? ''}`,
  );

describe('a number in bytes', () => {
  it('is the one that JSON.parse gives, to the bit, and the cursor is behind it', () => {
    fc.assert(
      fc.property(written, fc.constantFrom(',', '}', ']', ''), (text, end) => {
        const expected = JSON.parse(text) as number;
        const { value, rest } = at(text + end, readNumber);
        if (!Number.isFinite(expected)) return expect(value).toBeNaN();
        expect(Object.is(value, expected)).toBe(true);
        expect(rest).toBe(end);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is the one that JSON.parse gives for any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = JSON.stringify(number);
        expect(Object.is(at(`${text}}`, readNumber).value, JSON.parse(text))).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    '',
    '-',
    '.5',
    '-.5',
    '+1',
    'NaN',
    'Infinity',
    '1e999',
    '-1e999',
    'e5',
    '1.',
    '1.e5',
    '1e',
    '1e+',
    '"1"',
    `1${'0'.repeat(400)}`,
  ])('is none in %s', (text) => expect(at(`${text},`, readNumber).value).toBeNaN());

  it('ends before what cannot belong to it', () => {
    expect(at('01,', readNumber)).toEqual({ value: 0, rest: '1,' });
    expect(at('1-2', readNumber)).toEqual({ value: 1, rest: '-2' });
  });
});

describe('a figure in bytes', () => {
  it('may be quoted, and is the same', () => {
    expect(at('"2365.12",', readNumeric)).toEqual({ value: 2365.12, rest: ',' });
    expect(at('2365.12,', readNumeric)).toEqual({ value: 2365.12, rest: ',' });
    expect(at('"1e-7"', readNumericOrNull)).toEqual({ value: 1e-7, rest: '' });
    expect(at('null,', readNumericOrNull)).toEqual({ value: null, rest: ',' });
  });

  it.each(['"', '"1', '"1 "', '" 1"', '""', '"NaN"', '"1e999"', '"0x10"', 'nul', 'true', '{}'])(
    'is none in %s',
    (text) => {
      expect(at(text, readNumeric).value).toBeNaN();
      expect(at(text, readNumericOrNull).value).toBeUndefined();
    },
  );
});

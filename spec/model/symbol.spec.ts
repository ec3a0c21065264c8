import fc from 'fast-check';
import { InvalidTopic } from '../../lib/model/errors.js';
import { canonicalSymbol, parseSymbol } from '../../lib/model/symbol.js';

describe('parseSymbol', () => {
  it.each([
    ['AAPL.US', { code: 'AAPL', venue: 'US' }],
    ['BRK.B.US', { code: 'BRK.B', venue: 'US' }],
    ['600000.SH', { code: '600000', venue: 'SH' }],
    ['00700.HK', { code: '00700', venue: 'HK' }],
    ['au2604.SHF', { code: 'au2604', venue: 'SHF' }],
    ['ETH_USDT.BA', { code: 'ETH_USDT', venue: 'BA' }],
    ['RELIANCE.NSE.IN', { code: 'RELIANCE', exchange: 'NSE', venue: 'IN' }],
    ['M.M.BSE.IN', { code: 'M.M', exchange: 'BSE', venue: 'IN' }],
    ['贵州茅台.SH', { code: '贵州茅台', venue: 'SH' }],
    ['__proto__.US', { code: '__proto__', venue: 'US' }],
    ['1INCH.B2', { code: '1INCH', venue: 'B2' }],
  ])('splits %s', (symbol, parts) => {
    expect(parseSymbol(symbol)).toEqual(parts);
  });

  it.each([
    ['', 'CODE.VENUE'],
    ['AAPL', 'CODE.VENUE'],
    ['.US', 'CODE.VENUE'],
    ['AAPL.', 'capital letters'],
    ['AAPL.us', 'capital letters'],
    ['AAPL.Us', 'capital letters'],
    ['AAPL.1', 'capital letters'],
    ['AAPL.ABCDEFGHIJK', 'capital letters'],
    ['AAPL.US ', 'capital letters'],
    ['AAPL.US\n', 'capital letters'],
    [' AAPL.US', 'space, comma, $'],
    ['AA PL.US', 'space, comma, $'],
    ['AAPL,MSFT.US', 'space, comma, $'],
    ['AAPL$US.US', 'space, comma, $'],
    ['BRK..US', 'stray dot'],
    ['.A.US', 'stray dot'],
    ['RELIANCE.IN', 'RELIANCE.NSE.IN'],
    ['RELIANCE.nse.IN', 'RELIANCE.NSE.IN'],
    [['AAPL.US'], 'a string'],
    [undefined, 'a string'],
    [null, 'a string'],
    [7, 'a string'],
  ])('refuses %j, naming it and %j', (symbol, problem) => {
    const parse = (): unknown => parseSymbol(symbol as string);
    expect(parse).toThrow(InvalidTopic);
    expect(parse).toThrow(problem);
    expect(parse).toThrow(expect.objectContaining({ value: symbol }) as Error);
  });

  const word = fc.stringMatching(/^[A-Za-z0-9_\-&]{1,6}$/);
  const venue = fc.stringMatching(/^[A-Z][A-Z0-9]{0,9}$/).filter((name) => name !== 'IN');
  const code = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
  const parts = fc.oneof(
    fc.record({ code, venue }),
    fc.record({ code, exchange: fc.constantFrom('NSE', 'BSE'), venue: fc.constant('IN') }),
  );

  it('finds the parts that a symbol was put together from', () => {
    fc.assert(
      fc.property(parts, (whole) => {
        const symbol =
          'exchange' in whole ? `${whole.code}.${whole.exchange}.${whole.venue}` : `${whole.code}.${whole.venue}`;
        expect(parseSymbol(symbol)).toEqual(whole);
      }),
    );
  });

  it('gives parts that make the symbol again, or refuses it, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Z.$, ]{0,8}$/)), (text) => {
        try {
          const { code, exchange, venue } = parseSymbol(text);
          expect([code, ...(exchange === undefined ? [] : [exchange]), venue].join('.')).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidTopic);
        }
      }),
    );
  });
});

describe('canonicalSymbol', () => {
  it.each([
    ['00700.HK', '700.HK'],
    ['700.HK', '700.HK'],
    ['09988.HK', '9988.HK'],
    ['80700.HK', '80700.HK'],
    ['000.HK', '0.HK'],
    ['000001.SZ', '000001.SZ'],
    ['0A.HK', '0A.HK'],
    ['007.US', '007.US'],
  ])('spells %s as %s', (symbol, canonical) => {
    expect(canonicalSymbol(symbol)).toBe(canonical);
  });

  it('is one spelling for any padding', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(3), (number, zeros) => {
        expect(canonicalSymbol(`${'0'.repeat(zeros)}${number}.HK`)).toBe(`${number}.HK`);
      }),
    );
  });
});

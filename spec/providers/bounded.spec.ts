import { decode as itick, decodeRow, SECRET } from './itick/decoding.js';
import { decode as tickflow } from './tickflow/decoding.js';
import { quotes } from '../../lib/model/topic.js';
import { InvalidTopic } from '../../lib/model/errors.js';
import { spelling } from '../../lib/providers/itick/symbols.js';

const MEGABYTE = 1_000_000;

/** Texts that cost an expression or a loop its square, if it has one. */
const long = {
  zeros: `${'0'.repeat(MEGABYTE)}x.HK`,
  digits: `${'0'.repeat(MEGABYTE)}${'1'.repeat(MEGABYTE)}x.HK`,
  dots: `X${'.'.repeat(MEGABYTE)}`,
  underscores: `BA${'_'.repeat(MEGABYTE)}`,
  dollars: `X${'$'.repeat(MEGABYTE)}US`,
  spaces: `X${' '.repeat(MEGABYTE)}.US`,
  letters: `${'x'.repeat(MEGABYTE)}.US`,
} as const;
const names = Object.entries(long);

/** Nothing that is said is longer than this, whatever came. */
const isShort = (said: readonly object[]): void => expect(JSON.stringify(said).length).toBeLessThan(5_000);

describe('a frame of a megabyte', () => {
  it.each(names)('of %s as a symbol is undecodable', (_, symbol) => {
    for (const row of [
      { s: symbol },
      { s: symbol, r: 'HK' },
      { s: symbol, r: 'IN' },
      { s: 'AAPL', r: symbol },
      { s: 'AAPL', r: 'IN', e: symbol },
    ]) {
      const said = decodeRow({ r: undefined, ...row, type: 'tick', ld: 1 }, { symbols: ['700.HK', 'RELIANCE.NSE.IN'] });
      if (!('e' in row)) expect(said).toMatchObject([{ kind: 'undecodable' }]);
      isShort(said);
    }
    const said = [
      ...tickflow({ op: 'quotes', data: [{ symbol, last_price: 1 }] }),
      ...tickflow({ op: 'depth', data: [{ symbol }] }),
    ];
    expect(said).toMatchObject([{ kind: 'undecodable' }, { kind: 'undecodable' }]);
    isShort(said);
  });

  it.each(names)('of %s as what is subscribed is compared', (_, symbol) => {
    const [said] = tickflow({ op: 'subscribed', channel: 'quotes', symbols: [symbol, '600000.SH'] });
    const answer = said !== undefined && 'answer' in said ? said.answer : undefined;
    expect(answer?.unserved?.(quotes('600000.SH', '700.HK'))).toEqual(quotes('700.HK'));
  });

  it.each(names)('of %s is no topic, and the error is short', (_, symbol) => {
    expect(() => quotes(symbol)).toThrow(InvalidTopic);
    try {
      quotes(symbol);
    } catch (error) {
      expect(JSON.stringify(error).length).toBeLessThan(500);
    }
  });

  it('of bad levels is explained by the first of them', () => {
    for (const v of [true, 'x', 'Infinity', {}]) {
      const a = Array.from({ length: 200_000 }, () => ({ p: 1, v }));
      const said = decodeRow({ type: 'depth', a });
      expect(said).toMatchObject([{ kind: 'undecodable', problems: { length: 5 } }]);
      isShort(said);
      const prices = a.map(({ v }) => v);
      const told = tickflow({ op: 'depth', data: [{ symbol: '600000.SH', bid_prices: prices, bid_volumes: prices }] });
      expect(told).toMatchObject([{ kind: 'undecodable', problems: { length: 5 } }]);
      isShort(told);
    }
  });

  it('of one bad level behind many good ones is explained', () => {
    const a = [...Array.from({ length: 200_000 }, () => ({ p: 1, v: 1 })), { p: 1, v: 'x' }];
    expect(decodeRow({ type: 'depth', a })).toMatchObject([{ problems: ['data.a.200000.v: "x" is not a number'] }]);
  });

  it('of rows that are none is explained by the first of them', () => {
    isShort(itick({ data: Array.from({ length: 300_000 }, () => 1) }));
    isShort(itick(Array.from({ length: 300_000 }, () => [])));
    isShort(tickflow({ op: 'quotes', data: Array.from({ length: 300_000 }, () => ({})) }));
  });

  it.each(['[', '{"a":', '{"data":', '{"data":{"s":', '{"resAc":'])(
    'that nests %s as deep as it is long is undecodable',
    (open) => {
      const deep = `${open.repeat(MEGABYTE / 8)}1${(open.startsWith('[') ? ']' : '}').repeat((MEGABYTE / 8) * (open.split('{').length - 1 || 1))}`;
      expect(itick(deep)).toMatchObject([{ kind: 'undecodable' }]);
      expect(tickflow(deep)).toMatchObject([{ kind: 'undecodable' }]);
      isShort([...itick(deep), ...tickflow(deep)]);
    },
  );

  it('that refuses is quoted in its beginning, and without the credential', () => {
    const msg = `${SECRET} ${'x'.repeat(MEGABYTE)}`;
    for (const resAc of ['auth', 'subscribe', 'other', undefined]) {
      const said = itick({ code: 0, resAc, msg });
      isShort(said);
      expect(JSON.stringify(said)).toContain('*** xxx');
      expect(JSON.stringify(said)).not.toContain(SECRET.slice(0, 8));
    }
    isShort(tickflow({ op: 'error', message: msg }));
  });
});

describe('what is remembered', () => {
  it('is no more than some thousand short names', () => {
    const spell = spelling(['AAPL.US']);
    for (let i = 0; i < 50_000; i++) expect(spell(`S${i}`, `R${i % 200}`)).toBe(`S${i}.R${i % 200}`);
    expect(spell('AAPL', 'US')).toBe('AAPL.US');
    expect(spell('aapl', 'us')).toBe('AAPL.US');
  });
});

it.each(['\uFEFF', '\uFEFF \n'])('a byte order mark is no reason to lose a frame', (mark) => {
  expect(itick(`${mark}{"data":{"s":"AAPL.US","ld":1,"type":"tick"}}`)).toMatchObject([{ kind: 'trade', price: 1 }]);
  expect(tickflow(`${mark}{"op":"quotes","data":[{"symbol":"600000.SH","last_price":1}]}`)).toMatchObject([
    { last: 1 },
  ]);
});

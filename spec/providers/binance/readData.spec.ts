import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import type { Mixed } from 'io-ts';
import { isInterval } from '../../../lib/model/interval.js';
import type { Depth, MarketEvent } from '../../../lib/model/marketEvent.js';
import { momentOf } from '../../../lib/model/moment.js';
import { dataReader } from '../../../lib/providers/binance/readData.js';
import * as wire from '../../../lib/providers/binance/wire.js';
import { NOW } from './decoding.js';

type Row = Readonly<Record<string, unknown>>;
const codecOf: Readonly<Record<string, Mixed>> = {
  aggTrade: wire.AggTrade,
  ticker: wire.Ticker,
  bookTicker: wire.BookTicker,
  'depth@100ms': wire.DepthUpdate,
  kline_1m: wire.Kline,
};

/** A field as a careless vendor writes it. */
const absent = Symbol('absent');
const figure = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<unknown>('1', '0.001', '25.35190000', 7, 0.25, '0', 0, -0) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      ...[
        absent,
        null,
        '',
        ' 1',
        '1 ',
        'NaN',
        'Infinity',
        '0x10',
        '1e3',
        '1e999',
        '-1',
        '+1',
        '.5',
        '5.',
        '01',
        '1,000',
      ],
      ...['9'.repeat(309), '0'.repeat(500), '9007199254740993', 2 ** 53, 1e300, 5e-324, -5, true, false, [], ['1'], {}],
      ...['__proto__', { __proto__: null }],
    ),
  },
  { weight: 1, arbitrary: fc.double() },
);
const flag = fc.constantFrom<unknown>(true, false, absent, null, 'true', 1, {});
const stamp = fc.constantFrom<unknown>(NOW, NOW - 5, String(NOW), NOW * 1_000, 0, absent, null, 'x', {}, -1, NOW * 2);
const level = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(figure, figure) },
  fc.array(figure, { maxLength: 4 }),
  fc.constantFrom<unknown>(null, '1', {}, { 0: '1', 1: '2', length: 2 }),
);
const levels = fc.oneof(
  { weight: 8, arbitrary: fc.array(level, { maxLength: 4 }) },
  fc.constantFrom<unknown>(absent, null, {}, '[]', { length: 0 }),
);
const interval = fc.oneof(
  { weight: 8, arbitrary: fc.constant('1m') },
  fc.constantFrom<unknown>('7m', absent, 1, '__proto__'),
);
const kline = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      ...{ t: fc.oneof({ weight: 4, arbitrary: fc.constant(NOW - 3_000) }, stamp), i: interval, x: flag },
      ...{ o: figure, h: figure, l: figure, c: figure, v: figure, q: figure, n: figure, V: figure },
    }),
  },
  fc.constantFrom<unknown>(absent, null, [], 'x'),
);
const rowOf: Readonly<Record<string, fc.Arbitrary<Row>>> = {
  aggTrade: fc.record({ a: figure, p: figure, q: figure, T: stamp, m: flag }),
  ticker: fc.record({ E: stamp, c: figure, o: figure, h: figure, l: figure, v: figure, q: figure, n: figure }),
  bookTicker: fc.record({ u: figure, b: figure, B: figure, a: figure, A: figure }),
  'depth@100ms': fc.record({ E: stamp, U: figure, u: figure, b: levels, a: levels }),
  kline_1m: fc.record({ E: stamp, k: kline }),
};

/** As it comes off the wire. */
const sent = (value: unknown): Row =>
  JSON.parse(JSON.stringify(value, (_, member: unknown) => (member === absent ? undefined : member))) as Row;

const numbersOf = (sequence: Depth['sequence']): Row =>
  sequence && 'first' in sequence ? { U: sequence.first, u: sequence.last } : {};

/** The figures of an event by the names of the wire. */
const figuresOf = (event: MarketEvent): Row => {
  const plain = (side: readonly { readonly price: number; readonly size?: number | undefined }[]): readonly unknown[] =>
    side.map(({ price, size }) => [price, size]);
  switch (event.kind) {
    case 'trade':
      return { a: event.id, p: event.price, q: event.size, m: event.aggressor && event.aggressor === 'seller' };
    case 'quote':
      return { c: event.last };
    case 'bbo':
      return { u: event.sequence, b: event.bid?.price, B: event.bid?.size, a: event.ask?.price, A: event.ask?.size };
    case 'depth':
      return { ...numbersOf(event.sequence), b: plain(event.bids), a: plain(event.asks) };
    case 'kline':
      return {
        ...{ o: event.open, h: event.high, l: event.low, c: event.close, v: event.volume, x: event.closed },
        ...{ q: event.turnover, n: event.trades, V: event.buyVolume },
      };
  }
};

/** The same of what the codec decodes. */
const decodedFigures = (name: string, decoded: Row): Row => {
  const known = (value: unknown): unknown => value ?? undefined;
  if (name === 'ticker') return { c: decoded['c'] };
  if (name === 'aggTrade') return { a: decoded['a'], p: decoded['p'], q: decoded['q'], m: known(decoded['m']) };
  if (name === 'bookTicker') {
    const side = (price: unknown, size: unknown): readonly unknown[] =>
      price === 0 || size === 0 ? [undefined, undefined] : [price, size];
    const [b, B] = side(decoded['b'], decoded['B']);
    const [a, A] = side(decoded['a'], decoded['A']);
    return { u: decoded['u'], b, B, a, A };
  }
  if (name === 'depth@100ms') return { U: decoded['U'], u: decoded['u'], b: decoded['b'], a: decoded['a'] };
  const { o, h, l, c, v, x, q, n, V } = decoded['k'] as Row;
  return { o, h, l, c, v, x: x === true, q: known(q), n: known(n), V: known(V) };
};

/** What the reader asks of a bar beyond its codec. */
const isPlaced = ({ k }: Row): boolean => {
  const { t, i } = k as Row;
  const openTime = momentOf(t);
  return isInterval(i) && openTime !== undefined && openTime <= NOW + 3_600_000;
};

describe.each(Object.keys(codecOf))('the reader of %s', (name) => {
  const codec = codecOf[name]!;
  const stream = `btcusdt@${name}`;

  it('accepts exactly what the codec decodes, with the same figures', () => {
    let [accepted, rejected] = [0, 0];
    fc.assert(
      fc.property(rowOf[name]!, (dirty) => {
        const row = sent({ s: 'BTCUSDT', ...dirty });
        const decoded = codec.decode(row);
        const read = dataReader({ feed: 'f' }).read(stream, row, NOW);
        const isSound = isRight(decoded) && (name !== 'kline_1m' || isPlaced(row));
        expect([row, typeof read !== 'function']).toEqual([row, isSound]);
        if (typeof read === 'function') {
          rejected += 1;
          expect(read((text) => text).length).toBeGreaterThan(0);
          return;
        }
        accepted += 1;
        if (isRight(decoded)) expect(figuresOf(read)).toEqual(decodedFigures(name, decoded.right as Row));
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(accepted, rejected)).toBeGreaterThan(200);
  });

  it.each<unknown>(['ETHUSDT', 'btcusdt', '', null, undefined, 7, {}, 'BTCUSDT ', '__proto__'])(
    'refuses a symbol that is not that of the stream: %j',
    (s) => {
      const { read } = dataReader({ feed: 'f' });
      const [row] = fc.sample(rowOf[name]!, { numRuns: 1, seed: 1 });
      for (let time = 0; time < 2; time += 1) {
        const problems = read(stream, sent({ ...row, s }), NOW);
        expect(typeof problems === 'function' && problems((text) => text)).toEqual([
          expect.stringContaining('is not the symbol of the stream'),
        ]);
        // One that was right once does not make the next one right.
        read(stream, sent({ ...row, s: 'BTCUSDT' }), NOW);
      }
    },
  );
});

describe('a whole book', () => {
  const { readBook } = dataReader({ feed: 'f' });

  it('is a snapshot with the number of its last update, received when it came', () => {
    const body = {
      lastUpdateId: 1027024,
      bids: [['4.00000000', '431.00000000']],
      asks: [['4.00000200', '12.00000000']],
    };
    expect(readBook(body, 'BNBBTC.BA', NOW)).toMatchObject({
      kind: 'depth',
      type: 'snapshot',
      symbol: 'BNBBTC.BA',
      time: NOW,
      receivedAt: NOW,
      bids: [{ price: 4, size: 431 }],
      asks: [{ price: 4.000002, size: 12 }],
      sequence: { first: 1027024, last: 1027024 },
    });
  });

  it('is accepted exactly where its codec decodes it', () => {
    fc.assert(
      fc.property(fc.record({ lastUpdateId: figure, bids: levels, asks: levels }), (dirty) => {
        const body = sent(dirty);
        const read = readBook(body, 'BNBBTC.BA', NOW);
        expect(typeof read !== 'function').toBe(isRight(wire.Book.decode(body)));
      }),
    );
  });
});

describe('a side without orders', () => {
  const { read } = dataReader({ feed: 'f' });
  const none = { s: 'BTCUSDT', u: 1, b: '0.00000000', B: '0.00000000', a: '5', A: '1' };

  it('is no level of the best prices', () => {
    expect(read('btcusdt@bookTicker', none, NOW)).toMatchObject({ bid: undefined, ask: { price: 5, size: 1 } });
  });

  it('is an empty list of a book', () => {
    const row = { s: 'BTCUSDT', U: 1, u: 1, b: [], a: [] };
    expect(read('btcusdt@depth', row, NOW)).toMatchObject({ type: 'update', bids: [], asks: [] });
  });
});

describe('a stamp that is not believed', () => {
  it('costs the time, not the event, and is said', () => {
    const { read } = dataReader({ feed: 'f' });
    const row = { s: 'BTCUSDT', a: 1, p: '1', q: '1' };
    expect(read('btcusdt@aggTrade', { ...row, T: NOW * 2 }, NOW)).toMatchObject({ time: NOW, vendorTime: NOW * 2 });
    expect(read('btcusdt@aggTrade', row, NOW)).not.toHaveProperty('vendorTime');
    expect(read('btcusdt@aggTrade', { ...row, T: NOW * 1_000 }, NOW)).toMatchObject({ time: NOW });
  });
});

describe('the memory of a reader', () => {
  it('is bounded against streams that a peer makes up', () => {
    const { read } = dataReader({ feed: 'f' });
    for (let i = 0; i < 25_000; i += 1) {
      const row = { s: `X${i}`, a: 1, p: '1', q: '1' };
      expect((read(`x${i}@aggTrade`, row, NOW) as MarketEvent).symbol).toBe(`X${i}.BA`);
    }
  });
});

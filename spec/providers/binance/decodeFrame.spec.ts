import fc from 'fast-check';
import { decode, NOW } from './decoding.js';
import { frames, others } from './frames.js';

const SENT = 1672515782136;
const common = { provider: 'binance', feed: 'binance', symbol: 'BNBBTC.BA', time: SENT, receivedAt: NOW } as const;
const refused = (refusal: string, id?: number): object => ({
  kind: 'control',
  answer: { refusal, scope: 'unknown', id },
});

const meanings: Readonly<Record<keyof typeof frames, unknown>> = {
  aggTrade: { ...common, kind: 'trade', price: 0.001, size: 100, aggressor: 'seller', id: 12345 },
  kline: {
    ...common,
    kind: 'kline',
    interval: '1m',
    openTime: 1672515780000,
    closeTime: 1672515840000,
    open: 0.001,
    high: 0.0025,
    low: 0.0015,
    close: 0.002,
    volume: 1000,
    turnover: 1,
    vwap: 0.001,
    buyVolume: 500,
    sellVolume: 500,
    trades: 100,
    closed: false,
    source: 'provider',
  },
  ticker: { ...common, kind: 'quote', last: 0.0025 },
  bookTicker: {
    ...common,
    kind: 'bbo',
    symbol: 'BNBUSDT.BA',
    time: NOW,
    bid: { price: 25.3519, size: 31.21 },
    ask: { price: 25.3652, size: 40.66 },
    valid: true,
    sequence: 400900217,
  },
  depth: {
    ...common,
    kind: 'depth',
    type: 'update',
    bids: [{ price: 0.0024, size: 10 }],
    asks: [{ price: 0.0026, size: 100 }],
    sequence: { first: 157, last: 160 },
  },
  shutdownRaw: { kind: 'control', isLeaving: true },
  shutdown: { kind: 'control', isLeaving: true },
  accepted: { kind: 'control', answer: { id: 1 } },
  listed: { kind: 'control' },
  property: { kind: 'control' },
  unknownProperty: refused('Unknown property (code 0)', 7),
  invalidRequest: refused('Invalid request: too many parameters (code 2)'),
  invalidJson: refused('Invalid JSON: expected value at line 1 column 2 (code 3)'),
  nestedError: refused('Invalid request: too many parameters (code 2)', 9),
};

describe('a frame of the vendor’s page', () => {
  it.each(Object.entries(frames))('%s is decoded to what it means', (name, frame) => {
    expect(decode(frame)).toMatchObject([meanings[name as keyof typeof frames] as object]);
  });

  it.each(Object.entries(others))('%s, which nobody asked for, is undecodable with a reason', (_, frame) => {
    const [said, ...more] = decode(frame);
    expect(more).toEqual([]);
    expect(said).toMatchObject({ kind: 'undecodable', provider: 'binance', receivedAt: NOW });
    expect(said && 'problems' in said && said.problems.length).toBeGreaterThan(0);
  });

  it('has no figures of a day, whatever the last 24 hours were', () => {
    const [quote] = decode(frames.ticker);
    for (const figure of ['open', 'high', 'low', 'volume', 'turnover', 'previousClose']) {
      expect(quote).not.toHaveProperty(figure);
    }
  });

  it('is read with a byte order mark before it', () => {
    expect(decode(`\uFEFF${frames.aggTrade}`)).toEqual(decode(frames.aggTrade));
  });
});

describe('an error', () => {
  const text = { code: 2, msg: 'Invalid request: not a stream name' };
  const refusal = `${text.msg} (code 2)`;

  it.each([
    ['flat, with an id', { ...text, id: 3 }, 3],
    ['flat, without one', text, undefined],
    ['nested, with an id', { error: text, id: 3 }, 3],
    ['nested, with the id inside', { error: { ...text, id: 3 } }, 3],
    ['nested, without one', { error: text }, undefined],
    ['with an id that is null', { ...text, id: null }, undefined],
    ['with an id that is a text', { ...text, id: 'x' }, undefined],
    ['beside a result', { ...text, result: null, id: 3 }, 3],
  ])('%s is the refusal of its command', (_, frame, id) => {
    expect(decode(frame)).toEqual([refused(refusal, id)]);
  });

  it('without a number for a code has its text alone', () => {
    expect(decode({ msg: 'no', code: 'x' })).toEqual([refused('no')]);
  });

  it('is no acceptance, whatever it lacks', () => {
    for (const frame of [{ error: { code: 2 }, id: 1 }, { error: 'no', id: 1 }, { code: 2, id: 1 }, { id: 1 }]) {
      expect(decode(frame)).toMatchObject([{ kind: 'undecodable' }]);
    }
  });
});

describe('garbage', () => {
  it.each([
    ['', 'not JSON'],
    ['{"stream":"btcusdt@aggTrade"', 'not JSON'],
    ['null', 'not an object'],
    ['7', 'not an object'],
    ['[]', 'not an object'],
    ['{}', 'stream: missing'],
    ['{"stream":7,"data":{}}', 'stream: 7 is not a string'],
    ['{"stream":"btcusdt@aggTrade"}', 'data: missing'],
    ['{"stream":"btcusdt@aggTrade","data":{}}', 'data.s: undefined is not the symbol of the stream'],
    ['{"stream":"btcusdt@aggTrade","data":{"s":"ETHUSDT"}}', 'data.s: "ETHUSDT" is not the symbol of the stream'],
    ['{"stream":"BTCUSDT@aggTrade","data":{"s":"BTCUSDT"}}', 'data.s: "BTCUSDT" is not the symbol of the stream'],
    ['{"stream":"btcusdt@aggTrade","data":{"s":"btcusdt"}}', 'data.s: "btcusdt" is not the symbol of the stream'],
    ['{"stream":"@aggTrade","data":{"s":""}}', 'data.s: "" is not the symbol of the stream'],
    ['{"stream":"btcusdt","data":{"s":"BTCUSDT"}}', 'stream: "btcusdt" is none that was asked for'],
    [
      '{"stream":"btcusdt@constructor","data":{"s":"BTCUSDT"}}',
      'stream: "btcusdt@constructor" is none that was asked for',
    ],
    ['{"stream":"btcusdt@aggTrade","data":{"s":"BTCUSDT"}}', 'data.a: missing'],
    [
      '{"stream":"btcusdt@kline_1m","data":{"s":"BTCUSDT","k":{"t":1672515780000,"i":"7m"}}}',
      'data.k.i: "7m" is no length of a bar',
    ],
    [
      '{"stream":"btcusdt@kline_1m","data":{"s":"BTCUSDT","k":{"t":-5,"i":"1m"}}}',
      'data.k.t: -5 is no time at which a bar opens',
    ],
    [
      '{"stream":"btcusdt@kline_1m","data":{"s":"BTCUSDT","k":{"t":1772515780000,"i":"1m"}}}',
      'data.k.t: 1772515780000 lies too far ahead for a bar of 1m to open',
    ],
  ])('such as %s is undecodable, with its reason', (frame, problem) => {
    const [said] = decode(frame);
    expect(said).toMatchObject({ kind: 'undecodable', provider: 'binance', receivedAt: NOW, frame });
    expect(said && 'problems' in said && said.problems).toContain(problem);
  });

  it.each([
    ['arrays', '['.repeat(1e5) + ']'.repeat(1e5)],
    ['data', `{"stream":"btcusdt@depth","data":${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}`],
    [
      'levels',
      `{"stream":"btcusdt@depth","data":{"s":"BTCUSDT","U":1,"u":1,"a":[],"b":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`,
    ],
  ])('such as deeply nested %s is undecodable', (_, frame) => {
    expect(decode(frame)).toMatchObject([{ kind: 'undecodable' }]);
  });

  it('is cut to a readable length, and so are its problems', () => {
    const bad = { s: 'BTCUSDT', U: 1, u: 1, a: [], b: Array.from({ length: 1e5 }, () => ['x', 'y']) };
    for (const frame of [
      { stream: '9'.repeat(1e6), data: {} },
      { stream: 'btcusdt@depth', data: bad },
    ]) {
      expect(JSON.stringify(decode(frame)).length).toBeLessThan(5_000);
    }
  });
});

describe('a prototype-polluting key', () => {
  const keys = ['__proto__', 'constructor', 'prototype', 'toString'];
  const poison =
    '{"stream":"bnbbtc@aggTrade","s":"BNBBTC","a":1,"p":"1","q":"1","e":"serverShutdown","msg":"x","result":null,"id":1}';
  const places = [
    '{"KEY":POISON}',
    '{"stream":"bnbbtc@aggTrade","data":{"KEY":POISON}}',
    '{"stream":"bnbbtc@aggTrade","KEY":POISON}',
  ];

  it.each(keys.flatMap((key) => places.map((place) => [key, place] as const)))('%s is inert in %s', (key, place) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    expect(decode(place.replace('KEY', key).replace('POISON', poison)).map(({ kind }) => kind)).toEqual([
      'undecodable',
    ]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  it('does not change the row that it stands in', () => {
    for (const key of keys) {
      const frame = frames.aggTrade.replace('"e":"aggTrade"', `"${key}":${poison},"e":"aggTrade"`);
      expect(decode(frame)).toEqual(decode(frames.aggTrade));
    }
  });

  it('is a symbol like any other', () => {
    const frame = { stream: '__proto__@aggTrade', data: { s: '__PROTO__', a: 1, p: '1', q: '1' } };
    expect(decode(frame, ['__PROTO__.BA'])).toMatchObject([{ kind: 'trade', symbol: '__PROTO__.BA' }]);
  });
});

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, 1, -1, 1e300, 1672515780000, '1', '', 'BTCUSDT', '1m', '__proto__'),
  fc.constantFrom(
    'btcusdt@aggTrade',
    'btcusdt@ticker',
    'btcusdt@bookTicker',
    'btcusdt@depth@100ms',
    'btcusdt@kline_1m',
  ),
  fc.constantFrom('serverShutdown'),
  fc.double(),
  fc.string(),
);
const key = fc.constantFrom(
  ...['stream', 'data', 'result', 'id', 'error', 'code', 'msg', 'e', 'E', 's', 'a', 'A', 'b', 'B', 'p', 'q', 'm', 'T'],
  ...['c', 'o', 'h', 'l', 'v', 'n', 'u', 'U', 'k', 't', 'i', 'x', 'V', '__proto__', 'constructor', 'toString'],
);
const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('anything')), { maxLength: 9 }).map((entries) => Object.fromEntries(entries) as unknown),
  ),
}));
const streams = ['btcusdt@aggTrade', 'btcusdt@ticker', 'btcusdt@bookTicker', 'btcusdt@depth@100ms', 'btcusdt@kline_1m'];
const combined = fc.record({
  stream: fc.constantFrom(...streams),
  data: fc
    .array(fc.tuple(key, anything), { maxLength: 9 })
    .map((entries) => ({ ...Object.fromEntries(entries), s: 'BTCUSDT' })),
});
const text = fc.oneof(
  anything.map((value) => JSON.stringify(value)),
  combined.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string({ unit: 'binary' }),
);
const kinds = ['trade', 'quote', 'depth', 'bbo', 'kline', 'undecodable', 'control'];

describe('any frame', () => {
  it('means one thing that is known, and never an exception', () => {
    fc.assert(
      fc.property(text, (frame) => {
        const messages = decode(frame);
        expect(messages).toHaveLength(1);
        expect(messages.filter(({ kind }) => !kinds.includes(kind))).toEqual([]);
        for (const said of messages) if ('problems' in said) expect(said.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  });
});

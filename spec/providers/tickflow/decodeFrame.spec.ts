import fc from 'fast-check';
import { decode, NOW, SECRET } from './decoding.js';
import { frames } from './frames.js';

const common = {
  provider: 'tickflow',
  feed: 'tickflow',
  symbol: '600000.SH',
  time: 1776754802000,
  receivedAt: NOW,
  sizeUnit: 'lots',
} as const;
const quote = {
  ...common,
  kind: 'quote',
  last: 9.72,
  open: 9.78,
  high: 9.78,
  low: 9.68,
  previousClose: 9.78,
  volume: 426585,
  turnover: 422430500,
};
const depth = {
  ...common,
  kind: 'depth',
  type: 'snapshot',
  bids: [
    { price: 9.72, size: 3192 },
    { price: 9.71, size: 3870 },
    { price: 9.7, size: 26168 },
    { price: 9.69, size: 5849 },
    { price: 9.68, size: 5480 },
  ],
  asks: [
    { price: 9.73, size: 74 },
    { price: 9.74, size: 1602 },
    { price: 9.75, size: 1148 },
    { price: 9.76, size: 1209 },
    { price: 9.77, size: 1109 },
  ],
};
const accepted = { kind: 'control', answer: expect.objectContaining({ unserved: expect.any(Function) }) };
const acceptedByNumber = { kind: 'control', answer: expect.objectContaining({ unserved: undefined }) };
const refused = (refusal: string, scope: string): object => ({ kind: 'control', answer: { refusal, scope } });

const meanings: Readonly<Record<keyof typeof frames, unknown>> = {
  subscribed: accepted,
  subscribedByNumber: acceptedByNumber,
  quotes: quote,
  quotesWithoutExt: quote,
  quotesWithNulls: quote,
  depth,
  noPermission: refused('no permission for channel: depth', 'topics'),
  unknownChannel: refused('unknown channel: trades', 'topics'),
  quotaExceeded: refused('exceeded max 100 symbols', 'quota'),
  invalidMessage: refused('invalid message: expected value', 'topics'),
};

describe('a frame that has been seen', () => {
  it.each(Object.entries(frames))('%s is decoded to what it means', (name, frame) => {
    expect(decode(frame)).toEqual([meanings[name as keyof typeof frames]]);
  });
});

describe('a batch', () => {
  const row = (symbol: string, last_price: unknown): object => ({ symbol, last_price });

  it('is one event for each item, in order', () => {
    const data = [row('600000.SH', 1), row('000001.SZ', 2), row('600000.SH', 3)];
    expect(decode({ op: 'quotes', data })).toMatchObject([
      { symbol: '600000.SH', last: 1 },
      { symbol: '000001.SZ', last: 2 },
      { symbol: '600000.SH', last: 3 },
    ]);
  });

  it('loses only the items that are bad, and says so once', () => {
    const data = [row('600000.SH', 1), row('600000.SH', 'n/a'), null, row('nowhere', 1), row('600000.SH', 2)];
    expect(decode({ op: 'quotes', data })).toMatchObject([
      { last: 1 },
      { last: 2 },
      {
        kind: 'undecodable',
        problems: [
          'data.1.last_price: "n/a" is not a number',
          'data.2: not an object',
          'data.3.symbol: "nowhere" is no symbol',
        ],
      },
    ]);
  });

  it('of a million bad items has five problems', () => {
    const [message, ...others] = decode(`{"op":"depth","data":[${'0,'.repeat(1e6)}0]}`);
    expect(others).toEqual([]);
    expect(message).toMatchObject({ kind: 'undecodable', problems: { length: 5 } });
  });

  it('may be empty', () => {
    expect(decode({ op: 'quotes', data: [] })).toEqual([]);
    expect(decode({ op: 'depth', data: [] })).toEqual([]);
  });
});

describe('garbage', () => {
  it.each([
    ['', 'not JSON'],
    ['{"op":"quotes"', 'not JSON'],
    ['null', 'not an object'],
    ['7', 'not an object'],
    ['[]', 'not an object'],
    ['[{"op":"quotes","data":[]}]', 'not an object'],
    ['{}', 'op: undefined is unknown'],
    ['{"op":"trades","data":[]}', 'op: "trades" is unknown'],
    ['{"op":"constructor"}', 'op: "constructor" is unknown'],
    ['{"op":{}}', 'op: an object is unknown'],
    ['{"op":"quotes"}', 'data: undefined is not an array'],
    ['{"op":"depth","data":{"symbol":"600000.SH"}}', 'data: an object is not an array'],
    ['{"op":"quotes","data":[{"symbol":"600000.SH"}]}', 'data.0.last_price: missing'],
    ['{"op":"quotes","data":[{"symbol":"600000.SH","last_price":null}]}', 'data.0.last_price: null is not a number'],
    [
      '{"op":"quotes","data":[{"symbol":"600000.SH","last_price":1e999}]}',
      'data.0.last_price: Infinity is not a number',
    ],
    ['{"op":"quotes","data":[{"symbol":7,"last_price":1}]}', 'data.0.symbol: 7 is not a string'],
    ['{"op":"depth","data":[{"symbol":"600000.SH","bid_prices":[null]}]}', 'data.0.bid_prices.0: null is not a number'],
    ['{"op":"subscribed","symbols":"600000.SH"}', 'symbols: "600000.SH" is not an array'],
    ['{"op":"subscribed","symbols":[7]}', 'symbols.0: 7 is not a string'],
    ['{"op":"error"}', 'message: missing'],
    ['{"op":"error","message":null}', 'message: null is not a string'],
  ])('such as %s is undecodable, with its reason', (frame, problem) => {
    expect(decode(frame)).toEqual([
      { kind: 'undecodable', provider: 'tickflow', receivedAt: NOW, frame, problems: [problem] },
    ]);
  });

  it.each([
    ['arrays', '['.repeat(1e5) + ']'.repeat(1e5)],
    ['data', `{"op":"quotes","data":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
    [
      'prices',
      `{"op":"quotes","data":[{"symbol":"600000.SH","last_price":${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}]}`,
    ],
  ])('such as deeply nested %s is undecodable', (_, frame) => {
    expect(decode(frame)).toMatchObject([{ kind: 'undecodable' }]);
  });

  it('is cut to a readable length', () => {
    expect(JSON.stringify(decode(`{"op":"${'9'.repeat(1e6)}"}`)).length).toBeLessThan(1_000);
  });
});

describe('a prototype-polluting key', () => {
  const poison =
    '{"symbol":"600000.SH","last_price":666,"open":666,"op":"quotes","total":0,"message":"x","polluted":true}';
  const keys = ['__proto__', 'constructor', 'prototype', 'toString'];
  const places = [
    '{"KEY":POISON}',
    '{"op":"error","KEY":POISON}',
    '{"op":"quotes","KEY":POISON}',
    '{"op":"quotes","data":{"KEY":POISON}}',
    '{"op":"quotes","data":[{"KEY":POISON}]}',
    '{"op":"quotes","data":[{"KEY":POISON,"symbol":"600000.SH","open":"1"}]}',
    '{"op":"depth","data":[{"KEY":POISON,"bid_prices":["1"]}]}',
  ];

  it.each(keys.flatMap((key) => places.map((place) => [key, place] as const)))('%s is inert in %s', (key, place) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const messages = decode(place.replace('KEY', key).replace('POISON', poison));
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(messages.map(({ kind }) => kind)).toEqual(['undecodable']);
  });

  it('does not change the item that it stands in', () => {
    const row = '"symbol":"600000.SH","last_price":"1","volume":2';
    for (const key of keys)
      expect(decode(`{"op":"quotes","data":[{"${key}":${poison},${row}}]}`)).toEqual(
        decode(`{"op":"quotes","data":[{${row}}]}`),
      );
  });

  it('is a symbol like any other', () => {
    const symbols = ['__proto__.US', 'constructor.US'];
    for (const symbol of symbols)
      expect(decode({ op: 'quotes', data: [{ symbol, last_price: 1 }] }, symbols)).toMatchObject([{ symbol }]);
    expect(decode('{"op":"quotes","data":[{"symbol":"__proto__","last_price":1}]}')).toMatchObject([
      { kind: 'undecodable' },
    ]);
  });
});

const scalar = fc.oneof(
  fc.constantFrom(null, true, 0, 1, -1, 1e300, 1776754802000, '1', '', '600000.SH', '00700.HK', 'regular', '__proto__'),
  fc.constantFrom('quotes', 'depth', 'subscribed', 'error', 'exceeded max 100 symbols', 'no permission for channel: x'),
  fc.double(),
  fc.string(),
);
const key = fc.constantFrom(
  ...['op', 'data', 'channel', 'symbols', 'total', 'message', 'symbol', 'last_price', 'open', 'volume', 'timestamp'],
  ...['session', 'ext', 'bid_prices', 'bid_volumes', 'ask_prices', '__proto__', 'constructor', 'toString'],
);
const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('anything')), { maxLength: 9 }).map((entries) => Object.fromEntries(entries) as unknown),
  ),
}));
const message = fc.record({
  op: fc.constantFrom('quotes', 'depth', 'subscribed', 'error'),
  data: fc.array(anything),
  symbols: anything,
  message: anything,
});
const text = fc.oneof(
  anything.map((value) => JSON.stringify(value)),
  message.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string({ unit: 'binary' }),
);
const kinds = ['quote', 'depth', 'undecodable', 'control'];

describe('any frame', () => {
  it('means something known, and never an exception', () => {
    fc.assert(
      fc.property(text, (frame) => {
        const messages = decode(frame);
        expect(messages.filter(({ kind }) => !kinds.includes(kind))).toEqual([]);
        if (!frame.includes('[]')) expect(messages).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the credential to itself, wherever it stands', () => {
    const withSecret = fc.constantFrom(SECRET, `x${SECRET}`, `${'x'.repeat(40)}${SECRET}`, `${SECRET}.US`);
    const frame = fc.tuple(fc.oneof(anything, message), withSecret, fc.nat()).map(([value, secret, at]) => {
      // Every string and key of the frame is a place for it; one is taken.
      const whole = JSON.stringify(value);
      const places = [...whole.matchAll(/"(?:[^"\\]|\\.)*"/g)];
      const place = places[at % Math.max(places.length, 1)];
      return place
        ? whole.slice(0, place.index) + JSON.stringify(secret) + whole.slice(place.index + place[0].length)
        : secret;
    });
    fc.assert(
      fc.property(frame, (sent) => {
        expect(JSON.stringify(decode(sent))).not.toContain(SECRET.slice(0, 12));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['as a symbol', { op: 'quotes', data: [{ symbol: SECRET, last_price: 1 }] }],
    ['as the code of something not asked for', { op: 'quotes', data: [{ symbol: `${SECRET}.US`, last_price: 1 }] }],
    ['as a price', { op: 'quotes', data: [{ symbol: '600000.SH', last_price: SECRET }] }],
    ['as an item', { op: 'quotes', data: [SECRET] }],
    ['as data', { op: 'quotes', data: SECRET }],
    ['as a kind', { op: SECRET }],
    ['as an error', { op: 'error', message: `bad key ${SECRET}` }],
    ['as a list', { op: 'subscribed', symbols: SECRET }],
    ['as a whole', SECRET],
  ])('keeps the credential to itself %s', (_, frame) => {
    expect(JSON.stringify(decode(frame))).not.toContain(SECRET.slice(0, 12));
  });
});

import fc from 'fast-check';
import { Unauthorized } from '../../../lib/model/errors.js';
import type { ItickMessage } from '../../../lib/providers/itick/ItickMessage.js';
import { decode, NOW, SECRET } from './decoding.js';
import { frames } from './frames.js';

const common = { provider: 'itick', feed: 'itick:stock', receivedAt: NOW, sizeUnit: 'shares' } as const;
const level = (price: number, size: number): unknown => ({ price, size, orders: size });

const ladder = {
  type: 'snapshot',
  asks: [
    level(3034.01, 10.6023),
    level(3034.03, 0.0017),
    level(3034.18, 0.0017),
    level(3034.26, 0.0018),
    level(3034.27, 0.21),
  ],
  bids: [
    level(3034, 20.9758),
    level(3033.99, 1.8408),
    level(3033.98, 0.003),
    level(3033.97, 0.0065),
    level(3033.94, 0.003),
  ],
};
const bar = {
  kind: 'kline',
  provider: 'itick',
  feed: 'itick:stock',
  receivedAt: NOW,
  interval: '1m',
  closed: false,
  revision: 0,
  coverage: 1,
  source: 'provider',
  missedVolume: 0,
} as const;
const documentedBar = {
  ...bar,
  time: 1731660060000,
  openTime: 1731660060000,
  closeTime: 1731660120000,
  open: 3055.36,
  high: 3061.41,
  low: 3055.24,
  close: 3059.39,
  volume: 28,
  turnover: 157513,
};
const observedBar = {
  ...bar,
  receivedAt: 1782889500250,
  symbol: 'EURUSD.GB',
  time: 1782889500000,
  openTime: 1782889500000,
  closeTime: 1782889560000,
  open: 1.14025,
  high: 1.14029,
  low: 1.14021,
  close: 1.14024,
  volume: 291.8,
  turnover: 332.725565,
};
const dayOfAapl = {
  last: 225.215,
  open: 226.27,
  high: 226.92,
  low: 224.44,
  volume: 16742235,
  turnover: 3774688301.452,
};
const accepted = { kind: 'control', loginResult: 'accepted' };

const meanings: Readonly<Record<keyof typeof frames, unknown>> = {
  hello: { kind: 'control' },
  authenticated: accepted,
  authenticatedWithToken: accepted,
  authenticatedWithNull: accepted,
  authFailed: { kind: 'control', loginResult: new Unauthorized('auth failed') },
  subscribed: { kind: 'control', answer: { matches: expect.any(Function) } },
  quotaExceeded: {
    kind: 'control',
    answer: {
      refusal: 'exceeding the maximum subscription limit',
      scope: 'quota',
      matches: expect.any(Function),
    },
  },
  badParams: { kind: 'control', answer: { refusal: 'cannot be resolved action', scope: 'unknown' } },
  // Heard a quarter of an hour after the ping it echoes: none of ours.
  pong: { kind: 'control' },
  tickOfAapl: { ...common, kind: 'trade', symbol: 'AAPL.US', time: 1731689407000, price: 225.215, volume: 16742235 },
  quoteOfAapl: { ...common, ...dayOfAapl, kind: 'quote', symbol: 'AAPL.US', time: 1731689407000, status: 'normal' },
  depthOfAapl: { ...common, ...ladder, kind: 'depth', symbol: 'AAPL.US', time: NOW },
  nestedKlineOfAapl: { ...documentedBar, symbol: 'AAPL.US' },
  quoteOfEth: {
    ...common,
    kind: 'quote',
    symbol: 'ETHUSDT.BA',
    time: 1731690011321,
    last: 3034,
    volume: 0.6186,
    turnover: 1876.832564,
    status: 'normal',
  },
  depthOfEth: { ...common, ...ladder, kind: 'depth', symbol: 'ETHUSDT.BA', time: NOW },
  tickOfEurusd: {
    ...common,
    kind: 'trade',
    symbol: 'EURUSD.GB',
    time: 1731689407000,
    price: 225.215,
    volume: 16742235,
  },
  quoteOfEurusd: { ...common, ...dayOfAapl, kind: 'quote', symbol: 'EURUSD.GB', time: 1731689407000 },
  depthOfEurusd: {
    ...common,
    kind: 'depth',
    symbol: 'EURUSD.GB',
    time: NOW,
    type: 'snapshot',
    asks: [level(3034.01, 10.6023)],
    bids: [level(3034, 20.9758)],
  },
  klineOfEurusd: { ...documentedBar, symbol: 'EURUSD.GB' },
  bareKlineOfEurusd: observedBar,
  lowerCaseKlineOfEurusd: observedBar,
};

const asked = { symbols: ['AAPL.US', 'EURUSD.GB', 'ETHUSDT.BA'] };

describe('a frame that has been seen', () => {
  it.each(Object.entries(frames))('%s is decoded to what it means', (name, frame) => {
    const meaning = meanings[name as keyof typeof frames] as { readonly receivedAt?: number };
    expect(decode(frame, { ...asked, receivedAt: meaning.receivedAt })).toEqual([meaning]);
  });
});

const tick = (ld: unknown, more: object = {}): object => ({ s: 'AAPL', r: 'US', ld, type: 'tick', ...more });
const summary = (messages: readonly ItickMessage[]): readonly unknown[] =>
  messages.map((message) =>
    'price' in message ? message.price : 'problems' in message ? message.problems : message.kind,
  );

describe('the envelope', () => {
  it.each([
    ['with data', { code: 1, data: tick(1) }, [1]],
    ['with code 0', { code: 0, data: tick(1) }, [1]],
    ['with msg null', { code: 1, msg: null, data: tick(1) }, [1]],
    ['with a message beside the data', { code: 1, msg: 'ok', data: tick(1) }, [1]],
    ['with resAc null', { resAc: null, data: tick(1) }, [1]],
    ['that is missing', tick(1), [1]],
    ['around several rows', { code: 1, data: [tick(1), tick(2)] }, [1, 2]],
    ['that is a bare array', [tick(1), tick(2)], [1, 2]],
    [
      'that is an array of envelopes',
      [
        { code: 1, data: tick(1) },
        { code: 1, data: tick(2) },
      ],
      [1, 2],
    ],
    ['around no rows', { code: 1, data: [] }, []],
    ['that is an empty array', [], []],
  ])('%s is opened', (_, frame, prices) => {
    expect(summary(decode(frame))).toEqual(prices);
  });

  it.each([
    ['of data', { data: [tick(1), tick('junk'), 7, tick(2), null] }, 'data.'],
    ['without envelope', [tick(1), tick('junk'), 7, tick(2), null], ''],
  ])('%s loses only the rows that are bad, and says so once', (_, frame, path) => {
    const problems = [`${path}1.ld: "junk" is not a number`, `${path}2: not an object`, `${path}4: not an object`];
    expect(summary(decode(frame))).toEqual([1, 2, problems]);
  });

  it('of a million bad rows has five problems', () => {
    expect(summary(decode(`[${'0,'.repeat(1e6)}0]`))).toEqual([
      ['0', '1', '2', '3', '4'].map((i) => `${i}: not an object`),
    ]);
  });

  it('names the path to what is wrong in it', () => {
    expect(summary(decode({ data: tick(undefined) }))).toEqual([['data.ld: missing']]);
    expect(summary(decode(tick(undefined)))).toEqual([['ld: missing']]);
  });
});

describe('garbage', () => {
  it.each([
    ['', 'not JSON'],
    ['{', 'not JSON'],
    ['\u0000\ufffd', 'not JSON'],
    ['ping', 'not JSON'],
    ['null', 'neither an object nor an array'],
    ['7', 'neither an object nor an array'],
    ['"AAPL"', 'neither an object nor an array'],
    ['true', 'neither an object nor an array'],
    ['{}', 'neither a reply, nor data, nor a notice'],
    ['{"code":1}', 'neither a reply, nor data, nor a notice'],
    ['{"code":0,"msg":null,"data":null}', 'neither a reply, nor data, nor a notice'],
    ['{"data":7,"s":7}', 'neither a reply, nor data, nor a notice'],
    ['{"resAc":"auth","code":"E002","msg":"auth failed"}', 'code: "E002" is not a number'],
    ['{"resAc":"auth","msg":{}}', 'msg: an object is not a string'],
    ['{"data":{}}', 'data.s: undefined names no symbol that was asked for'],
    ['{"data":{"s":7,"type":"tick"}}', 'data.s: 7 names no symbol that was asked for'],
    ['{"data":{"s":"AAPL.US"}}', 'data.type: undefined is no kind of data'],
    ['{"data":{"s":"AAPL.US","type":"toString"}}', 'data.type: "toString" is no kind of data'],
    ['{"data":{"s":"AAPL.US","type":"tick","ld":1e999}}', 'data.ld: Infinity is not a number'],
    ['{"data":{"s":"AAPL.US","type":"depth","a":{}}}', 'data.a: an object is not an array'],
    ['{"data":{"s":"AAPL.US","type":"depth","a":[{"v":1}]}}', 'data.a.0.p: missing'],
  ])('such as %s is undecodable, with its reason', (frame, problem) => {
    const [message, ...others] = decode(frame);
    expect(others).toEqual([]);
    expect(message).toEqual({
      kind: 'undecodable',
      provider: 'itick',
      receivedAt: NOW,
      frame,
      problems: [problem],
    });
  });

  it.each([
    ['arrays', '['.repeat(1e5) + ']'.repeat(1e5)],
    ['objects', '{"data":'.repeat(1e5) + '1' + '}'.repeat(1e5)],
    ['arrays in a symbol', `{"data":{"type":"tick","s":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`],
    ['arrays as a code', `{"data":{"s":"AAPL.US","k":{},"t":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`],
    ['rows in rows', `{"data":{"s":"AAPL.US","type":"tick","ld":${'{"ld":'.repeat(1e5)}1${'}'.repeat(1e5)}}}`],
  ])('such as deeply nested %s is undecodable', (_, frame) => {
    expect(decode(frame)).toMatchObject([{ kind: 'undecodable' }]);
  });

  it('that cannot be a text is undecodable', () => {
    expect(decode('{"data":{"s":"AAPL.US","k":{},"t":{"toString":1,"valueOf":1}}}')).toMatchObject([
      { problems: ['data.t: an object is no code of an interval'] },
    ]);
  });

  it('is cut to a readable length', () => {
    const [message] = decode(`{"data":{"s":"AAPL.US","type":"kline@${'9'.repeat(1e6)}"}}`);
    expect(JSON.stringify(message).length).toBeLessThan(1_000);
  });
});

describe('a prototype-polluting key', () => {
  const poison = '{"ld":666,"p":666,"v":666,"s":"EVIL.US","type":"tick","code":0,"polluted":true,"toString":1}';
  const places = [
    '{"KEY":POISON}',
    '{"KEY":POISON,"resAc":"auth","code":1}',
    '{"data":{"KEY":POISON,"s":"AAPL.US","type":"tick"}}',
    '{"data":{"KEY":POISON,"s":"AAPL.US","type":"tick","v":"7"}}',
    '{"data":{"KEY":POISON,"s":"AAPL.US","type":"quote","o":"1"}}',
    '{"data":{"KEY":POISON,"s":"AAPL.US","type":"kline@1","t":"1","o":1,"h":1,"l":1}}',
    '{"data":{"s":"AAPL.US","t":1,"k":{"KEY":POISON}}}',
    '{"data":{"s":"AAPL.US","type":"depth","a":[{"KEY":POISON,"v":"1"}]}}',
    '{"data":[{"KEY":POISON}]}',
    '[{"KEY":POISON}]',
    '{"data":{"KEY":POISON}}',
    '{"resAc":"pong","data":{"KEY":{"params":1}}}',
  ];
  const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
  const table = keys.flatMap((key) => places.map((place) => [key, place] as const));

  it.each(table)('%s is inert in %s', (key, place) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const messages = decode(place.replace('KEY', key).replace('POISON', poison));
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(messages.map(({ kind }) => kind)).toEqual([place.includes('resAc') ? 'control' : 'undecodable']);
  });

  it('does not change the row that it stands in', () => {
    const row = '"s":"AAPL.US","type":"tick","ld":"1"';
    for (const key of keys) expect(decode(`{"data":{"${key}":${poison},${row}}}`)).toEqual(decode(`{"data":{${row}}}`));
  });

  it('is a symbol like any other', () => {
    const symbols = ['__proto__.US', 'constructor.US'];
    for (const symbol of symbols) {
      expect(decode({ data: tick(1, { s: symbol }) }, { symbols })).toMatchObject([{ symbol, price: 1 }]);
      expect(decode({ data: tick(1, { s: symbol.slice(0, -3) }) }, { symbols })).toMatchObject([{ symbol }]);
    }
    expect(decode({ data: tick(1, { s: '__proto__', r: '__proto__' }) })).toMatchObject([{ kind: 'undecodable' }]);
  });
});

/** Rows, replies and junk, mixed so that much of it nearly fits. */
const scalar = fc.oneof(
  fc.constantFrom(null, true, 0, 1, -1, 1e300, 1731689407000, '1', '', 'AAPL', 'AAPL.US', 'EURUSD$GB', 'US', 'GB'),
  fc.constantFrom(
    'auth',
    'subscribe',
    'pong',
    'tick',
    'quote',
    'depth',
    'kline@1',
    'kline@10',
    'kline@1M',
    '__proto__',
  ),
  fc.double(),
  fc.string(),
);
const key = fc.constantFrom(
  ...['s', 'r', 'e', 'type', 'ld', 'v', 't', 'o', 'h', 'l', 'c', 'p', 'a', 'b', 'k', 'tu', 'ts', 'te', 'd', 'po'],
  ...['data', 'code', 'msg', 'resAc', 'params', '__proto__', 'constructor', 'toString'],
);
const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('anything')), { maxLength: 9 }).map((entries) => Object.fromEntries(entries) as unknown),
  ),
}));
const text = fc.oneof(
  anything.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string({ unit: 'binary' }),
);
const kinds = ['trade', 'quote', 'depth', 'kline', 'undecodable', 'latency', 'control'];
const isEmpty = (frame: string): boolean => {
  try {
    const parsed = JSON.parse(frame) as { readonly data?: unknown } | null;
    return [parsed, parsed?.data].some((value) => Array.isArray(value) && value.length === 0);
  } catch {
    return false;
  }
};

describe('any frame', () => {
  it('means something known, and never an exception', () => {
    fc.assert(
      fc.property(text, (frame) => {
        const messages = decode(frame, asked);
        expect(messages.filter(({ kind }) => !kinds.includes(kind))).toEqual([]);
        if (!isEmpty(frame)) expect(messages).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the credential to itself, wherever it stands', () => {
    const withSecret = fc.constantFrom(
      SECRET,
      `x${SECRET}`,
      `${'x'.repeat(40)}${SECRET}`,
      `kline@${SECRET}`,
      `${SECRET}.US`,
    );
    const frame = fc.tuple(anything, withSecret, fc.nat()).map(([value, secret, at]) => {
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
        const said = JSON.stringify(decode(sent, asked));
        expect(said).not.toContain(SECRET);
        expect(said).not.toContain(SECRET.slice(0, 12));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['as a long symbol', { data: { s: SECRET, type: 'tick' } }],
    ['as the symbol of something not asked for', { data: { s: SECRET, r: 'US', type: 'tick', ld: 1 } }],
    ['as a price', { data: tick(SECRET) }],
    ['as a price in an array', { data: { s: 'AAPL.US', type: 'depth', a: [{ p: SECRET, v: 1 }] } }],
    ['as an interval', { data: { s: 'AAPL.US', type: `kline@${SECRET}` } }],
    ['as a kind', { data: { s: 'AAPL.US', type: SECRET } }],
    ['as a code', { resAc: 'subscribe', code: SECRET }],
    ['as an old code', { data: { s: 'AAPL.US', k: {}, t: SECRET } }],
    ['as a refusal', { resAc: 'subscribe', code: 0, msg: `bad ${SECRET}` }],
    ['as the reason of a failed login', { resAc: 'auth', code: 0, msg: `auth failed for ${SECRET}` }],
    ['as a complaint', { code: 0, msg: SECRET }],
    ['as a key', { data: { [SECRET]: 1 } }],
    ['as a whole', SECRET],
  ])('keeps the credential to itself %s', (_, frame) => {
    const said = JSON.stringify(decode(frame));
    expect(said).not.toContain(SECRET.slice(0, 12));
  });

  it('shows of the echoed token nothing at all', () => {
    const echo = { code: 1, resAc: 'auth', msg: 'authenticated', data: { params: SECRET } };
    expect(decode(echo)).toEqual([accepted]);
  });
});

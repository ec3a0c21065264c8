import fc from 'fast-check';
import { intervals } from '../../../lib/model/interval.js';
import { depths, distinctTopics, klines, quotes, trades, type Topic } from '../../../lib/model/topic.js';
import { klineCodes } from '../../../lib/providers/itick/protocol.js';
import {
  encodeRequest,
  itickSubscribing,
  login,
  ping,
  topicsAsked,
  loginResultOf,
} from '../../../lib/providers/itick/requests.js';
import { wireSymbol } from '../../../lib/providers/itick/symbols.js';
import { decode, NOW } from './decoding.js';
import { commands, frames } from './frames.js';

const { batches, subscribe, unsubscribe, answer } = itickSubscribing;

const asked = (...topics: readonly Topic[]): readonly string[] =>
  batches(topics).map((some) => encodeRequest(subscribe(some)));

/** Those that the vendor has. */
const served = intervals.filter((interval) => klineCodes[interval] !== undefined);

describe('a command', () => {
  it.each([
    ['stocks', asked(...depths('AAPL.US', 'TSLA.US'), ...quotes('AAPL.US', 'TSLA.US'))],
    ['pairs', asked(...quotes('EURUSD.GB', 'GBPUSD.GB'))],
    ['allTypes', asked(...trades('EURUSD.GB'), ...quotes('EURUSD.GB'), ...depths('EURUSD.GB'))],
    ['bars', asked(...klines('1m', 'EURUSD.GB', 'XAUUSD.GB'))],
    ['india', asked(...quotes('RELIANCE.NSE.IN'))],
    ['withdrawal', [encodeRequest(unsubscribe(quotes('GBPUSD.GB')))]],
    ['login', [encodeRequest(login('<token>'))]],
    ['ping', [encodeRequest(ping(1731688569840))]],
  ] as const)('is written as the vendor’s pages and users write it: %s', (name, sent) => {
    expect(sent).toEqual([commands[name]]);
  });

  it('has a region, unlike the bare codes of old', () => {
    expect(asked(...trades('XAUUSD.GB'))).toEqual([commands.bareCode.replace('XAUUSD', 'XAUUSD$GB')]);
  });

  it.each(served)('asks for bars of %s by their code', (interval) => {
    expect(subscribe(klines(interval, 'AAPL.US')).types).toBe(`kline@${klineCodes[interval]}`);
  });

  it('asks for 15m with code 3', () => {
    expect(klineCodes['15m']).toBe(3);
  });

  it('is one where all products are wanted alike, and else one for each likeness', () => {
    const alike = [...quotes('AAPL.US'), ...depths('TSLA.US', 'AAPL.US'), ...quotes('TSLA.US')];
    expect(asked(...alike, ...quotes('IBM.US'))).toEqual([
      '{"ac":"subscribe","params":"AAPL$US,TSLA$US","types":"quote,depth"}',
      '{"ac":"subscribe","params":"IBM$US","types":"quote"}',
    ]);
  });

  it('spells Hong Kong without zeros', () => {
    expect(asked(...quotes('00700.HK'))).toEqual(['{"ac":"subscribe","params":"700$HK","types":"quote"}']);
  });

  const symbol = fc.oneof(
    fc.nat(300).map((i) => `S${i}.US`),
    fc.constantFrom('700.HK', '00700.HK', 'BRK.B.US', 'TCS.NSE.IN', 'TCS.BSE.IN'),
  );
  const topic: fc.Arbitrary<Topic> = fc.oneof(
    fc.record({ channel: fc.constantFrom('trade', 'quote', 'depth'), symbol }),
    fc.record({ channel: fc.constant('kline'), symbol, interval: fc.constantFrom('1m', '1d', '1M') }),
  );
  const typeOf = (one: Topic): string =>
    one.channel === 'kline' ? `kline@${klineCodes[one.interval]}` : one.channel === 'trade' ? 'tick' : one.channel;

  it('covers, with the others, exactly the topics: none is missing, none is asked for twice or unasked', () => {
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 400, size: 'max' }), (some) => {
        const topics = distinctTopics(some);
        const groups = batches(topics);
        expect(new Set(groups.flat())).toEqual(new Set(topics));
        const requested = groups.flatMap((group) => {
          const { params, types = '' } = subscribe(group);
          const products = params.split(',');
          expect(products.length).toBeLessThanOrEqual(100);
          return products.flatMap((product) => types.split(',').map((type) => `${product} ${type}`));
        });
        expect(requested.sort()).toEqual(topics.map((one) => `${wireSymbol(one.symbol)} ${typeOf(one)}`).sort());
      }),
      { numRuns: 50 },
    );
  });

  it('takes a hundred products at most', () => {
    const many = Array.from({ length: 201 }, (_, i) => `S${i}.US`);
    const sizes = batches([...quotes(...many), ...trades(...many)]).map(
      (group) => subscribe(group).params.split(',').length,
    );
    expect(sizes).toEqual([100, 100, 1]);
  });

  it('is none for nothing', () => {
    expect(asked()).toEqual([]);
  });
});

describe('the topics of a frame of ours', () => {
  const symbol = fc.constantFrom('AAPL.US', '700.HK', 'BRK.B.US', 'RELIANCE.NSE.IN', 'EURUSD.GB');
  const topic = fc.oneof(
    fc.tuple(fc.constantFrom(trades, quotes, depths), symbol).map(([make, one]) => make(one)),
    // 15m has the same code.
    fc.tuple(fc.constantFrom(...served.filter((one) => one !== '10m')), symbol).map(([one, of]) => klines(one, of)),
  );

  it('are those that it was made of', () => {
    fc.assert(
      fc.property(fc.array(topic, { minLength: 1 }), (some) => {
        const topics = distinctTopics(some.flat());
        expect(new Set(asked(...topics).flatMap(topicsAsked))).toEqual(new Set(topics));
      }),
    );
  });

  it.each([
    ['a withdrawal', encodeRequest(unsubscribe(quotes('AAPL.US')))],
    ['a login', encodeRequest(login('<token>'))],
    ['a command without types', '{"ac":"subscribe","params":"AAPL$US"}'],
    ['types that it never had', '{"ac":"subscribe","params":"AAPL$US","types":"news,kline,kline@99,constructor"}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no JSON', 'ping'],
  ])('are none for %s', (_, frame) => {
    expect(topicsAsked(frame)).toEqual([]);
  });
});

describe('an answer', () => {
  it.each([
    ['subscribed', { matches: expect.any(Function) }],
    [
      'quotaExceeded',
      {
        refusal: 'exceeding the maximum subscription limit',
        scope: 'quota',
        matches: expect.any(Function),
      },
    ],
    ['badParams', { refusal: 'cannot be resolved action', scope: 'unknown' }],
    ['hello', undefined],
    ['authenticated', undefined],
    ['pong', undefined],
    ['tickOfAapl', undefined],
  ] as const)('is found in %s', (name, expected) => {
    expect(decode(frames[name]).map(answer)).toEqual([expected]);
  });

  it('is no latency', () => {
    expect(decode({ resAc: 'pong', data: { params: NOW } }).map(answer)).toEqual([undefined]);
  });
});

describe('a login result', () => {
  it.each([
    ['authenticated', 'accepted'],
    ['authFailed', expect.objectContaining({ _tag: 'Unauthorized', reason: 'auth failed' })],
    ['hello', undefined],
    ['subscribed', undefined],
    ['tickOfAapl', undefined],
  ] as const)('is found in %s', (name, expected) => {
    expect(decode(frames[name]).map(loginResultOf)).toEqual([expected]);
  });
});

import fc from 'fast-check';
import { isMarketEvent } from '../../../lib/model/feedEvent.js';
import { intervals } from '../../../lib/model/interval.js';
import {
  bbos,
  depths,
  distinctTopics,
  klines,
  quotes,
  topicKey,
  trades,
  type Topic,
} from '../../../lib/model/topic.js';
import { checkServed, hasInterval, streamOf } from '../../../lib/providers/binance/protocol.js';
import { binanceSubscribing, encodeRequest, ping, topicsAsked } from '../../../lib/providers/binance/requests.js';
import { decode } from './decoding.js';
import { commands, frames } from './frames.js';

const { batches, subscribe, unsubscribe, answer } = binanceSubscribing;
const asked = (topics: readonly Topic[]): readonly string[] =>
  batches(topics).map((some, i) => encodeRequest(subscribe(some, i + 1)));
const keys = (topics: readonly Topic[]): readonly string[] => topics.map(topicKey).sort();

/** Codes that the vendor could list: in capital letters, digits, and what it has besides. */
const code = fc.oneof(
  fc.constantFrom('BTCUSDT', 'ETHUSDT', '1INCHUSDT', '1000SATSUSDT', '币安人生USDT', 'X', 'A_B', 'A-B', '__PROTO__'),
  fc.stringMatching(/^[A-Z0-9]{1,20}$/),
  fc
    .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
    .map((text) => text.toUpperCase())
    .filter((text) => {
      try {
        checkServed({ channel: 'trade', symbol: `${text}.BA` });
        return true;
      } catch {
        return false;
      }
    }),
);
const channel = fc.constantFrom(
  ...[trades, quotes, depths, bbos],
  ...intervals.filter(hasInterval).map((interval) => (symbol: string) => klines(interval, symbol)),
);
const topic = fc.tuple(channel, code).map(([make, one]) => make(`${one}.BA`)[0]!);

describe('a command', () => {
  it('is written as the vendor’s page writes it', () => {
    const both = [...trades('BTCUSDT.BA'), ...depths('BTCUSDT.BA')];
    expect(asked(both)).toEqual([commands.subscribe]);
    expect(encodeRequest(unsubscribe(depths('BTCUSDT.BA'), 312))).toBe(commands.unsubscribe);
  });

  it('names each stream in small letters', () => {
    expect(streamOf(quotes('1INCHUSDT.BA')[0]!)).toBe('1inchusdt@ticker');
    expect(streamOf(bbos('BTCUSDT.BA')[0]!)).toBe('btcusdt@bookTicker');
    expect(streamOf(klines('1M', 'BTCUSDT.BA')[0]!)).toBe('btcusdt@kline_1M');
    expect(streamOf(klines('1m', 'BTCUSDT.BA')[0]!)).toBe('btcusdt@kline_1m');
  });

  it('covers, with the others, exactly the topics, 200 streams at most', () => {
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 700, size: 'max' }), (some) => {
        const topics = distinctTopics(some);
        const requests = batches(topics).map((few, i) => subscribe(few, i));
        requests.forEach(({ params }) => expect(params?.length).toBeLessThanOrEqual(200));
        expect(requests.flatMap(({ params = [] }) => params).sort()).toEqual(topics.map(streamOf).sort());
      }),
      { numRuns: 30 },
    );
  });

  it('is none for nothing', () => {
    expect(asked([])).toEqual([]);
  });

  it('that only asks has no id of a command’s', () => {
    expect(encodeRequest(ping())).toBe('{"method":"LIST_SUBSCRIPTIONS","id":0}');
  });
});

describe('the topics of a frame of ours', () => {
  it('are those that it was made of', () => {
    fc.assert(
      fc.property(fc.array(topic, { minLength: 1 }), (some) => {
        const topics = distinctTopics(some);
        expect(keys(asked(topics).flatMap(topicsAsked))).toEqual(keys(topics));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a withdrawal', commands.unsubscribe],
    ['a question', encodeRequest(ping())],
    [
      'streams that are none of ours',
      '{"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@depth","!ticker@arr"],"id":1}',
    ],
    ['a bar of no length of ours', '{"method":"SUBSCRIBE","params":["btcusdt@kline_7m","btcusdt@kline_"],"id":1}'],
    ['no symbol', '{"method":"SUBSCRIBE","params":["@ticker","","@"],"id":1}'],
    ['params that are none', '{"method":"SUBSCRIBE","params":"btcusdt@ticker","id":1}'],
    ['params that are no texts', '{"method":"SUBSCRIBE","params":[null,7,{}],"id":1}'],
    ['null', 'null'],
    ['no JSON', 'ping'],
  ])('are none for %s', (_, frame) => {
    expect(topicsAsked(frame)).toEqual([]);
  });
});

describe('data of a topic', () => {
  it('come in the stream that it was asked for by', () => {
    const rows = {
      trade: { a: 1, p: '1', q: '1' },
      quote: { c: '1' },
      depth: { U: 1, u: 1, b: [], a: [] },
      bbo: { u: 1, b: '1', B: '1', a: '2', A: '1' },
    } as const;
    fc.assert(
      fc.property(topic, (one) => {
        const s = one.symbol.slice(0, -'.BA'.length);
        const bar = { t: 1672515780000, i: one.channel === 'kline' && one.interval, o: 1, h: 1, l: 1, c: 1, v: 1 };
        const row = one.channel === 'kline' ? { k: bar } : rows[one.channel];
        const [said] = decode({ stream: streamOf(one), data: { s, ...row } }, [one.symbol]);
        expect(said && isMarketEvent(said) && said).toMatchObject({
          kind: one.channel,
          symbol: one.symbol,
          ...(one.channel === 'kline' && { interval: one.interval }),
        });
      }),
    );
  });
});

describe('an answer', () => {
  it.each(['accepted', 'unknownProperty', 'invalidRequest', 'invalidJson', 'nestedError'] as const)(
    'is found in %s',
    (name) => {
      expect(decode(frames[name]).map(answer)).toEqual([expect.any(Object)]);
    },
  );

  it.each(['aggTrade', 'depth', 'bookTicker', 'ticker', 'kline', 'listed', 'property', 'shutdown'] as const)(
    'is not found in %s',
    (name) => {
      expect(decode(frames[name]).map(answer)).toEqual([undefined]);
    },
  );
});

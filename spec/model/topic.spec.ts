import fc from 'fast-check';
import { InvalidTopic } from '../../lib/model/errors.js';
import { intervals, type Interval } from '../../lib/model/interval.js';
import {
  bbos,
  checkSomeTopics,
  checkTopics,
  depths,
  distinctTopics,
  klines,
  quotes,
  topicKey,
  trades,
  type Topic,
} from '../../lib/model/topic.js';

const makers = [
  ['trades', trades, 'trade'],
  ['quotes', quotes, 'quote'],
  ['depths', depths, 'depth'],
  ['bbos', bbos, 'bbo'],
] as const;

describe.each(makers)('%s', (_, make, channel) => {
  it('asks for a symbol each, as it was spelled', () => {
    expect(make('AAPL.US', '00700.HK')).toEqual([
      { channel, symbol: 'AAPL.US' },
      { channel, symbol: '00700.HK' },
    ]);
  });

  it('asks for nothing without symbols', () => {
    expect([make(), make([])]).toEqual([[], []]);
  });

  it('takes one list that is longer than the stack', () => {
    const list = Array.from({ length: 200_000 }, (_, i) => `S${i}.US`);
    expect(make(list).at(-1)).toEqual({ channel, symbol: 'S199999.US' });
    expect(() => make(['AAPL.US', 'aapl'])).toThrow(InvalidTopic);
  });

  it.each([['AAPL'], ['aapl.us'], [['AAPL.US']], [undefined], [7]])('throws for %j where it is written', (symbol) => {
    const call = (): unknown => make('MSFT.US', symbol as string);
    expect(call).toThrow(InvalidTopic);
    expect(call).toThrow(expect.objectContaining({ value: symbol }) as Error);
  });
});

describe('klines', () => {
  it.each(intervals)('asks for bars of %s', (interval) => {
    expect(klines(interval, 'AAPL.US')).toEqual([{ channel: 'kline', symbol: 'AAPL.US', interval }]);
  });

  it.each(['AAPL.US', '7m', '', 60_000, undefined, 'toString'])('throws for the interval %j', (interval) => {
    const call = (): unknown => klines(interval as Interval, 'AAPL.US');
    expect(call).toThrow(InvalidTopic);
    expect(call).toThrow('1s, 1m, 3m, 5m, 10m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 3d, 1w, 1M');
    expect(call).toThrow(expect.objectContaining({ value: interval }) as Error);
  });

  it('throws for a malformed symbol', () => {
    expect(() => klines('1m', 'AAPL')).toThrow(InvalidTopic);
  });
});

const symbol = fc.constantFrom('AAPL.US', 'BRK.B.US', '700.HK', '00700.HK', '0700.HK', '000001.SZ', '1.HK');
const topic: fc.Arbitrary<Topic> = fc.oneof(
  fc.record({ channel: fc.constantFrom('trade', 'quote', 'depth', 'bbo'), symbol }),
  fc.record({ channel: fc.constant('kline'), symbol, interval: fc.constantFrom(...intervals) }),
);

describe('topicKey', () => {
  it.each([
    [quotes('00700.HK'), quotes('700.HK'), true],
    [quotes('AAPL.US'), quotes('AAPL.US'), true],
    [quotes('AAPL.US'), trades('AAPL.US'), false],
    [klines('1m', 'AAPL.US'), klines('1M', 'AAPL.US'), false],
    [quotes('000001.SZ'), quotes('1.SZ'), false],
    [quotes('au2604.SHF'), quotes('AU2604.SHF'), false],
  ])('of %j and %j is equal: %s', ([one], [other], equal) => {
    expect(topicKey(one!) === topicKey(other!)).toBe(equal);
  });
});

describe('distinctTopics', () => {
  it('keeps the first of equal topics, in order', () => {
    const asked = [...quotes('00700.HK', 'AAPL.US', '700.HK'), ...depths('700.HK'), ...quotes('AAPL.US')];
    expect(distinctTopics(asked)).toEqual([...quotes('00700.HK', 'AAPL.US'), ...depths('700.HK')]);
  });

  it('gives back a list without repetitions itself', () => {
    const asked = quotes('AAPL.US', 'MSFT.US');
    expect(distinctTopics(asked)).toBe(asked);
  });

  it('agrees with comparing each topic with those before it', () => {
    fc.assert(
      fc.property(fc.array(topic), (topics) => {
        const first = topics.filter((one, i) => !topics.slice(0, i).some((other) => topicKey(other) === topicKey(one)));
        expect(distinctTopics(topics)).toEqual(first);
      }),
    );
  });
});

describe('checkTopics', () => {
  it('gives back what a maker would have made', () => {
    fc.assert(
      fc.property(fc.array(topic), (topics) => {
        expect(checkTopics(topics)).toBe(topics);
      }),
    );
  });

  it.each([
    ['a single topic', quotes('AAPL.US')[0], 'an array'],
    ['a symbol', 'AAPL.US', 'an array'],
    ['nothing', undefined, 'an array'],
    ['symbols', ['AAPL.US'], 'made with quotes'],
    ['null', [null], 'made with quotes'],
    ['nested topics', [quotes('AAPL.US')], 'none of trade, quote, depth, bbo, kline'],
    ['a channel without a name', [{ channel: '', symbol: 'AAPL.US' }], 'none of trade, quote, depth, bbo, kline'],
    [
      'a channel that is no name',
      [{ channel: 'kline@1m', symbol: 'AAPL.US' }],
      'none of trade, quote, depth, bbo, kline',
    ],
    ['a long name', [{ channel: 'a'.repeat(65), symbol: 'AAPL.US' }], 'none of trade, quote, depth, bbo, kline'],
    ['a kind of link event', [{ channel: 'connected', symbol: 'AAPL.US' }], 'none of trade, quote, depth, bbo, kline'],
    ['a kind of message', [{ channel: 'control', symbol: 'AAPL.US' }], 'none of trade, quote, depth, bbo, kline'],
    ['a symbol of an own channel', [{ channel: 'funding', symbol: 'AAPL' }], 'CODE.VENUE'],
    ['an inherited name', [{ channel: 'constructor', symbol: 'AAPL.US' }], 'none of trade, quote, depth, bbo, kline'],
    ['no symbol', [{ channel: 'quote' }], 'a string'],
    ['a malformed symbol', [{ channel: 'quote', symbol: 'AAPL' }], 'CODE.VENUE'],
    ['an array of symbols', [{ channel: 'quote', symbol: ['AAPL.US'] }], 'a string'],
    ['a bar without interval', [{ channel: 'kline', symbol: 'AAPL.US' }], 'an interval is one of'],
    ['one bad among good', [...quotes('AAPL.US'), { channel: 'depth', symbol: 'AAPL' }], 'CODE.VENUE'],
  ])('throws for %s', (_, topics, problem) => {
    const call = (): unknown => checkTopics(topics as Topic[]);
    expect(call).toThrow(InvalidTopic);
    expect(call).toThrow(problem);
  });

  it.each(['funding', 'open_interest', 'book:l3', 'X', 'a'.repeat(64)])(
    'lets a channel of one’s own pass: %s',
    (channel) => {
      const topics = [{ channel, symbol: 'AAPL.US' }];
      expect(checkTopics(topics as unknown as Topic[])).toBe(topics);
    },
  );

  it('lets an empty list pass, which may fill later', () => {
    expect(checkTopics([])).toEqual([]);
  });
});

describe('checkSomeTopics', () => {
  it('throws for an empty list', () => {
    expect(() => checkSomeTopics([])).toThrow('nothing in it to ask for');
    expect(() => checkSomeTopics(quotes())).toThrow(InvalidTopic);
  });

  it('gives back a list with something in it', () => {
    const topics = quotes('AAPL.US');
    expect(checkSomeTopics(topics)).toBe(topics);
  });
});

import { expectTypeOf } from 'expect-type';
import {
  depths,
  klines,
  quotes,
  trades,
  type Channel,
  type FeedEventKind,
  type Interval,
  type Symbols,
  type Topic,
} from '../../lib/index.js';

describe('the type of the topic makers', () => {
  it('is a list of topics, so that lists can be joined', () => {
    expectTypeOf(trades).toEqualTypeOf<(...symbols: Symbols) => Topic[]>();
    expectTypeOf(quotes).toEqualTypeOf<typeof trades>();
    expectTypeOf(depths).toEqualTypeOf<typeof trades>();
    expectTypeOf(klines).toEqualTypeOf<(interval: Interval, ...symbols: Symbols) => Topic[]>();
    expectTypeOf([...quotes('AAPL.US'), ...klines('1m', 'AAPL.US')]).toEqualTypeOf<Topic[]>();
  });

  it('takes symbols one by one, or one list of them', () => {
    const symbols: readonly string[] = ['AAPL.US'];
    expect([quotes('AAPL.US'), quotes(...symbols)]).toEqual([quotes(symbols), quotes(symbols)]);
    // @ts-expect-error two lists are none
    expect(() => quotes(symbols, symbols)).toThrow();
  });

  it('takes intervals that vendors have', () => {
    expectTypeOf<Interval>().toEqualTypeOf<
      | ('1s' | '1m' | '3m' | '5m' | '10m' | '15m' | '30m' | '1h' | '2h' | '4h' | '6h' | '8h' | '12h')
      | ('1d' | '3d' | '1w' | '1M')
    >();
    // @ts-expect-error seven minutes are no interval
    expect(() => klines('7m', 'AAPL.US')).toThrow();
  });
});

describe('the type of a topic', () => {
  it('may be written by hand, with an interval where there is one', () => {
    expectTypeOf({ channel: 'quote', symbol: 'AAPL.US' } as const).toExtend<Topic>();
    expectTypeOf({ channel: 'kline', symbol: 'AAPL.US', interval: '1m' } as const).toExtend<Topic>();
    expectTypeOf({ channel: 'kline', symbol: 'AAPL.US' } as const).not.toExtend<Topic>();
  });

  it('names channels as the events that answer', () => {
    expectTypeOf<Channel>().toEqualTypeOf<'trade' | 'quote' | 'depth' | 'bbo' | 'kline'>();
    expectTypeOf<Channel>().toExtend<FeedEventKind>();
  });
});

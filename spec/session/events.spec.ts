import { from, toArray } from 'rxjs';
import type { MarketEvent } from '../../lib/model/marketEvent.js';
import type { Topic } from '../../lib/model/topic.js';
import { depths, klines, quotes, topicKey, trades } from '../../lib/model/topic.js';
import type { Control } from '../../lib/session/Control.js';
import { events } from '../../lib/session/events.js';
import { topicLookup, type Listener, type TopicLookup } from '../../lib/session/lookup.js';
import { aDepth, aKline, aQuote, aTrade } from '../../lib/testing/builders.js';

const wishFor = (topics: readonly Topic[], silent: readonly Topic[] = []): { readonly lookup: TopicLookup } => {
  const keys = new Set(silent.map(topicKey));
  const lookup = topicLookup((key) => keys.has(key));
  lookup.want(topics);
  return { lookup };
};

const passed = (
  wish: { readonly lookup: TopicLookup },
  ...said: readonly { readonly kind: string }[]
): readonly unknown[] => {
  let seen: readonly unknown[] = [];
  from(said)
    .pipe(events(wish), toArray())
    .subscribe((all) => (seen = all));
  return seen;
};

const control: Control = { kind: 'control' };
const latency = { kind: 'latency', roundTrip: 3 } as const;
const [apple, microsoft] = [{ symbol: 'AAPL.US' }, { symbol: 'MSFT.US' }];

describe('events', () => {
  it('drops what the protocol says to itself, and keeps the rest', () => {
    const wish = wishFor([...trades('AAPL.US'), ...quotes('AAPL.US')]);
    expect(passed(wish, aTrade(), control, latency, aQuote())).toEqual([aTrade(), latency, aQuote()]);
  });

  it('drops data of a symbol or a channel that is not wished for', () => {
    const wish = wishFor([...quotes('AAPL.US'), ...trades('MSFT.US')]);
    const said = [aTrade(apple), aQuote(apple), aDepth(microsoft), aTrade(microsoft), latency, control];
    expect(passed(wish, ...said)).toEqual([aQuote(apple), aTrade(microsoft), latency]);
  });

  it('tells bars apart by their interval, also by one that this library does not know', () => {
    const wish = wishFor(klines('5m', 'AAPL.US'));
    const strange = { ...aKline(), interval: '7m' };
    expect(passed(wish, aKline({ interval: '1m' }), strange, aKline({ interval: '5m' }))).toEqual([
      aKline({ interval: '5m' }),
    ]);
  });

  const [trade, quote, depth, bar, minute] = [
    [trades('AAPL.US'), aTrade()],
    [quotes('AAPL.US'), aQuote()],
    [depths('AAPL.US'), aDepth()],
    [klines('5m', 'AAPL.US'), aKline({ interval: '5m' })],
    [klines('1m', 'AAPL.US'), aKline({ interval: '1m' })],
  ] as const;

  it.each([
    ['trades', trade],
    ['quotes', quote],
    ['depths', depth],
    ['5m bars', bar],
    ['1m bars', minute],
  ])('lets of a symbol nothing but %s pass, when they alone are wished for, however much has passed', (_, one) => {
    const [wished, event] = one;
    const all = [trade, quote, depth, bar, minute].map(([, some]) => some);
    expect(passed(wishFor(wished), event, ...all, ...all)).toEqual([event, event, event]);
  });

  it('lets all pass but for the one kind that is not wished for, however much has passed', () => {
    const all = [trade, quote, depth, bar, minute];
    for (const [, unwanted] of all) {
      const rest = all.filter(([, event]) => event !== unwanted);
      const events = rest.map(([, event]) => event);
      const wish = wishFor(rest.flatMap(([topics]) => topics));
      expect(passed(wish, ...events, unwanted, ...events, unwanted)).toEqual([...events, ...events]);
    }
  });

  it('knows an instrument in any spelling', () => {
    const [long, short, longest] = ['00700.HK', '700.HK', '0000700.HK'].map((symbol) => aQuote({ symbol }));
    const wish = wishFor(quotes('00700.HK'));
    const said = [short, long, longest, short] as MarketEvent[];
    expect(passed(wish, ...said)).toEqual(said);
  });

  it('lets a topic pass again once it is wished for again', () => {
    const wish = wishFor(quotes('AAPL.US'));
    wish.lookup.want([]);
    expect(passed(wish, aQuote())).toEqual([]);
    wish.lookup.want(quotes('AAPL.US'));
    expect(passed(wish, aQuote())).toEqual([aQuote()]);
  });
});

describe('topicLookup', () => {
  const listening = (wish: { readonly lookup: TopicLookup }): readonly string[] => {
    const log: string[] = [];
    const note =
      (what: string): Listener['heard'] =>
      (topic) =>
        log.push(`${what} ${topic.symbol}`);
    wish.lookup.listen({ heard: note('heard'), unexpected: note('unexpected') });
    return log;
  };

  it('tells of the first data of each topic, in the spelling of the wish', () => {
    const wish = wishFor([...quotes('00700.HK'), ...trades('AAPL.US')]);
    const log = listening(wish);
    const hong = ['700.HK', '0700.HK', '00700.HK'].map((symbol) => aQuote({ symbol }));
    passed(wish, ...hong, aTrade(apple), ...hong, aTrade(apple));
    expect(log).toEqual(['heard 00700.HK', 'heard AAPL.US']);
  });

  it('tells of them again in the next session, and after the topic was forgotten', () => {
    const wish = wishFor(quotes('AAPL.US'));
    passed(wish, aQuote());
    const log = listening(wish);
    passed(wish, aQuote(), aQuote());
    expect(wish.lookup.isHeard(quotes('AAPL.US')[0] as Topic)).toBe(true);
    wish.lookup.forget([...quotes('AAPL.US'), ...quotes('MSFT.US')]);
    expect(wish.lookup.isHeard(quotes('AAPL.US')[0] as Topic)).toBe(false);
    passed(wish, aQuote(), aQuote());
    expect(log).toEqual(['heard AAPL.US', 'heard AAPL.US']);
  });

  it('remembers through a new wish what was heard of those that stay', () => {
    const wish = wishFor(quotes('AAPL.US', 'MSFT.US'));
    const log = listening(wish);
    passed(wish, aQuote(apple), aQuote(microsoft));
    wish.lookup.want(quotes('AAPL.US'));
    wish.lookup.want(quotes('AAPL.US', 'MSFT.US'));
    passed(wish, aQuote(apple), aQuote(microsoft));
    expect(log).toEqual(['heard AAPL.US', 'heard MSFT.US', 'heard MSFT.US']);
  });

  it('tells of each event that is unexpected, and is silent about a topic that has just left the wish', () => {
    const wish = wishFor(quotes('AAPL.US'), trades('MSFT.US'));
    const log = listening(wish);
    passed(wish, aTrade(microsoft), aQuote(microsoft), aQuote(microsoft));
    expect(log).toEqual(['unexpected MSFT.US', 'unexpected MSFT.US']);
  });

  it('drops the first data of a topic that leaves the wish on hearing of them', () => {
    const wish = wishFor(quotes('AAPL.US'));
    wish.lookup.listen({ heard: () => wish.lookup.want([]), unexpected: () => undefined });
    expect(passed(wish, aQuote())).toEqual([]);
  });
});

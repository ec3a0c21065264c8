import { from, toArray } from 'rxjs';
import type { MarketEvent } from '../../lib/model/marketEvent.js';
import type { Topic } from '../../lib/model/topic.js';
import { depths, klines, quotes, topicKey, trades } from '../../lib/model/topic.js';
import type { Control } from '../../lib/session/Control.js';
import { events } from '../../lib/session/events.js';
import { topicLookup, type DataListener, type TopicLookup } from '../../lib/session/lookup.js';
import { aDepth, aKline, aQuote, aTrade } from '../../lib/testing/builders.js';

const wantedFor = (topics: readonly Topic[], silent: readonly Topic[] = []): { readonly lookup: TopicLookup } => {
  const keys = new Set(silent.map(topicKey));
  const lookup = topicLookup((key) => keys.has(key));
  lookup.want(topics);
  return { lookup };
};

const passed = (
  wanted: { readonly lookup: TopicLookup },
  ...said: readonly { readonly kind: string }[]
): readonly unknown[] => {
  let seen: readonly unknown[] = [];
  from(said)
    .pipe(events(wanted), toArray())
    .subscribe((all) => (seen = all));
  return seen;
};

const control: Control = { kind: 'control' };
const latency = { kind: 'latency', roundTrip: 3 } as const;
const [apple, microsoft] = [{ symbol: 'AAPL.US' }, { symbol: 'MSFT.US' }];

describe('events', () => {
  it('drops what the protocol says to itself, and keeps the rest', () => {
    const wanted = wantedFor([...trades('AAPL.US'), ...quotes('AAPL.US')]);
    expect(passed(wanted, aTrade(), control, latency, aQuote())).toEqual([aTrade(), latency, aQuote()]);
  });

  it('drops data of a symbol or a channel that is not wanted', () => {
    const wanted = wantedFor([...quotes('AAPL.US'), ...trades('MSFT.US')]);
    const said = [aTrade(apple), aQuote(apple), aDepth(microsoft), aTrade(microsoft), latency, control];
    expect(passed(wanted, ...said)).toEqual([aQuote(apple), aTrade(microsoft), latency]);
  });

  it('tells bars apart by their interval, also by one that this library does not know', () => {
    const wanted = wantedFor(klines('5m', 'AAPL.US'));
    const strange = { ...aKline(), interval: '7m' };
    expect(passed(wanted, aKline({ interval: '1m' }), strange, aKline({ interval: '5m' }))).toEqual([
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
  ])('lets of a symbol nothing but %s pass, when they alone are wanted, however much has passed', (_, one) => {
    const [topics, event] = one;
    const all = [trade, quote, depth, bar, minute].map(([, some]) => some);
    expect(passed(wantedFor(topics), event, ...all, ...all)).toEqual([event, event, event]);
  });

  it('lets all pass but for the one kind that is not wanted, however much has passed', () => {
    const all = [trade, quote, depth, bar, minute];
    for (const [, unwanted] of all) {
      const rest = all.filter(([, event]) => event !== unwanted);
      const events = rest.map(([, event]) => event);
      const wanted = wantedFor(rest.flatMap(([topics]) => topics));
      expect(passed(wanted, ...events, unwanted, ...events, unwanted)).toEqual([...events, ...events]);
    }
  });

  it('keeps what only the provider knows of a symbol, as long as nothing of that kind was asked for', () => {
    const status = { kind: 'status', provider: 'acme', symbol: 'AAPL.US', receivedAt: 1 };
    expect(passed(wantedFor(quotes('MSFT.US')), status)).toEqual([status]);
  });

  it('knows an instrument in any spelling', () => {
    const [long, short, longest] = ['00700.HK', '700.HK', '0000700.HK'].map((symbol) => aQuote({ symbol }));
    const wanted = wantedFor(quotes('00700.HK'));
    const said = [short, long, longest, short] as MarketEvent[];
    expect(passed(wanted, ...said)).toEqual(said);
  });

  it('lets a topic pass again once it is wanted again', () => {
    const wanted = wantedFor(quotes('AAPL.US'));
    wanted.lookup.want([]);
    expect(passed(wanted, aQuote())).toEqual([]);
    wanted.lookup.want(quotes('AAPL.US'));
    expect(passed(wanted, aQuote())).toEqual([aQuote()]);
  });
});

describe('topicLookup', () => {
  const listening = (wanted: { readonly lookup: TopicLookup }): readonly string[] => {
    const log: string[] = [];
    const note =
      (what: string): DataListener['firstData'] =>
      (topic) =>
        log.push(`${what} ${topic.symbol}`);
    wanted.lookup.listen({ firstData: note('heard'), unexpected: note('unexpected') });
    return log;
  };

  it('tells of the first data of each topic, in the spelling of what is wanted', () => {
    const wanted = wantedFor([...quotes('00700.HK'), ...trades('AAPL.US')]);
    const log = listening(wanted);
    const hong = ['700.HK', '0700.HK', '00700.HK'].map((symbol) => aQuote({ symbol }));
    passed(wanted, ...hong, aTrade(apple), ...hong, aTrade(apple));
    expect(log).toEqual(['heard 00700.HK', 'heard AAPL.US']);
  });

  it('tells of them again in the next session, and after the topic was forgotten', () => {
    const wanted = wantedFor(quotes('AAPL.US'));
    passed(wanted, aQuote());
    const log = listening(wanted);
    passed(wanted, aQuote(), aQuote());
    expect(wanted.lookup.hasData(quotes('AAPL.US')[0] as Topic)).toBe(true);
    wanted.lookup.forget([...quotes('AAPL.US'), ...quotes('MSFT.US')]);
    expect(wanted.lookup.hasData(quotes('AAPL.US')[0] as Topic)).toBe(false);
    passed(wanted, aQuote(), aQuote());
    expect(log).toEqual(['heard AAPL.US', 'heard AAPL.US']);
  });

  it('remembers through a new list what was heard of those that stay', () => {
    const wanted = wantedFor(quotes('AAPL.US', 'MSFT.US'));
    const log = listening(wanted);
    passed(wanted, aQuote(apple), aQuote(microsoft));
    wanted.lookup.want(quotes('AAPL.US'));
    wanted.lookup.want(quotes('AAPL.US', 'MSFT.US'));
    passed(wanted, aQuote(apple), aQuote(microsoft));
    expect(log).toEqual(['heard AAPL.US', 'heard MSFT.US', 'heard MSFT.US']);
  });

  it('tells of each event that is unexpected, and is silent about a topic that is no longer wanted', () => {
    const wanted = wantedFor(quotes('AAPL.US'), trades('MSFT.US'));
    const log = listening(wanted);
    passed(wanted, aTrade(microsoft), aQuote(microsoft), aQuote(microsoft));
    expect(log).toEqual(['unexpected MSFT.US', 'unexpected MSFT.US']);
  });

  it('drops the first data of a topic that ceases to be wanted on hearing of them', () => {
    const wanted = wantedFor(quotes('AAPL.US'));
    wanted.lookup.listen({ firstData: () => wanted.lookup.want([]), unexpected: () => undefined });
    expect(passed(wanted, aQuote())).toEqual([]);
  });
});

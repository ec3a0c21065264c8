import { of, toArray, type Observable } from 'rxjs';
import type { WebSocket } from 'ws';
import {
  batchTrades,
  bounded,
  conflate,
  gaps,
  InvalidTopic,
  ofKind,
  ofSymbol,
  orderBook,
  perSymbol,
  quotes,
  shareFeed,
  staleness,
  toKlines,
  trades,
  type Feed,
  type FeedEvent,
} from '../../lib/index.js';
import { aTrade, marbles } from '../../lib/testing/index.js';
import { eventually } from '../providers/loopback/resources.js';
import { loopback } from '../transport/loopback.js';
import { fundings, perps, type Funding, type Maintenance, type PerpsOptions } from './fundings.js';

const BTC = 'BTCUSDT.BA';
const ETH = 'ETHUSDT.BA';

/** A vendor on loopback: keeps what it was asked, accepts all but codes of XXX, and says what it is told to. */
const perpsVendor = async () => {
  const asked: string[] = [];
  const sockets: WebSocket[] = [];
  const { url, stop } = await loopback({
    greet: (socket) => {
      sockets.push(socket);
      socket.on('message', (data: Buffer) => {
        const { op, topics } = JSON.parse(data.toString()) as { readonly op: string; readonly topics: string[] };
        asked.push(...topics.map((topic) => `${op} ${topic}`));
        if (op !== 'sub') return;
        const isUnknown = topics.some((topic) => topic.includes('XXX'));
        socket.send(JSON.stringify(isUnknown ? { op: 'no', note: 'unknown code' } : { op: 'ok' }));
      });
    },
  });
  const say = (op: string, more: object): void =>
    sockets.forEach((socket) => socket.send(JSON.stringify({ op, ...more })));
  const drop = (): void => sockets.splice(0).forEach((socket) => socket.terminate());
  return { url, stop, asked, say, drop };
};

type Vendor = Awaited<ReturnType<typeof perpsVendor>>;

/** Runs a body against the vendor, with a way to listen that ends with it. */
const withVendor = async (
  body: (
    vendor: Vendor,
    feed: (options: Pick<PerpsOptions, 'topics'>) => Feed,
    listen: (feed$: Feed) => FeedEvent[],
  ) => Promise<void>,
): Promise<void> => {
  const vendor = await perpsVendor();
  const listening: { unsubscribe: () => void }[] = [];
  const listen = (feed$: Feed): FeedEvent[] => {
    const events: FeedEvent[] = [];
    listening.push(feed$.subscribe((event) => events.push(event)));
    return events;
  };
  try {
    await body(vendor, ({ topics }) => perps({ topics, url: vendor.url, backoff: () => 1 }), listen);
  } finally {
    listening.forEach((subscription) => subscription.unsubscribe());
    await vendor.stop();
  }
};

const words = (events: readonly FeedEvent[]): readonly string[] =>
  events.map((event) => {
    if ('topics' in event) return `${event.kind} ${event.topics.map(({ channel }) => channel).join()}`;
    if (event.kind === 'unexpected') return `unexpected ${event.topic.channel} ${event.topic.symbol}`;
    return event.kind === 'funding' ? `funding ${event.symbol} ${event.rate}` : event.kind;
  });

describe('a provider with a channel and events of its own, over loopback', () => {
  it('asks for its channel, and says when it is served', () =>
    withVendor(async ({ asked, say }, feed, listen) => {
      const events = listen(feed({ topics: [...fundings(BTC), ...trades(BTC)] }));
      await eventually(() => expect(asked).toEqual([`sub funding ${BTC}`, `sub trade ${BTC}`]));
      say('funding', { code: BTC, value: 0.01 });
      say('trade', { code: BTC, value: 100 });
      const told = ['connected', 'subscribed funding', 'subscribed trade', `funding ${BTC} 0.01`, 'trade'];
      await eventually(() => expect(words(events)).toEqual(told));
      expect(events[3]).toMatchObject({ provider: 'perps', feed: 'perps', rate: 0.01 });
    }));

  it('lets nothing of it through that nothing asked for', () =>
    withVendor(async ({ asked, say }, feed, listen) => {
      const events = listen(feed({ topics: fundings(BTC) }));
      await eventually(() => expect(asked).toHaveLength(1));
      say('funding', { code: ETH, value: 1 });
      say('funding', { code: ETH, value: 2 });
      say('funding', { code: BTC, value: 3 });
      const told = ['connected', 'subscribed funding', `unexpected funding ${ETH}`, `funding ${BTC} 3`];
      await eventually(() => expect(words(events)).toEqual(told));
    }));

  it('hears what is refused, and asks for the rest after a gap', () =>
    withVendor(async ({ asked, say, drop }, feed, listen) => {
      const events = listen(feed({ topics: [...fundings('XXX.BA'), ...fundings(BTC)] }));
      await eventually(() => expect(words(events)).toEqual(['connected', 'refused funding', 'subscribed funding']));
      drop();
      await eventually(() => expect(asked).toEqual(['sub funding XXX.BA', `sub funding ${BTC}`, `sub funding ${BTC}`]));
      say('funding', { code: BTC, value: 1 });
      const rest = ['disconnected', 'connected', 'subscribed funding', `funding ${BTC} 1`];
      await eventually(() => expect(words(events).slice(3)).toEqual(rest));
    }));

  it('says its own news to all', () =>
    withVendor(async ({ asked, say }, feed, listen) => {
      const events = listen(feed({ topics: trades(BTC) }));
      await eventually(() => expect(asked).toHaveLength(1));
      say('maintenance', { note: 'at noon' });
      await eventually(() => expect(events.at(-1)).toMatchObject({ kind: 'maintenance', note: 'at noon' }));
    }));

  it('throws for a channel that it has not, where it is called', () => {
    expect(() => perps({ topics: quotes(BTC), url: 'ws://127.0.0.1:1' })).toThrow(InvalidTopic);
  });

  it('is shared by topics, and a late joiner gets the last event', () =>
    withVendor(async ({ asked, say }, feed, listen) => {
      const desk = shareFeed((topics) => feed({ topics }));
      const rates = listen(desk.watch(fundings(BTC)));
      const prices = listen(desk.watch([...trades(BTC), ...fundings(ETH)]));
      await eventually(() => expect(asked).toHaveLength(3));
      say('funding', { code: BTC, value: 1 });
      say('trade', { code: BTC, value: 100 });
      say('maintenance', { note: 'soon' });
      await eventually(() => {
        expect(words(rates).slice(-2)).toEqual([`funding ${BTC} 1`, 'maintenance']);
        expect(words(prices).slice(-2)).toEqual(['trade', 'maintenance']);
      });
      const late = listen(desk.watch(fundings(BTC)));
      expect(words(late)).toEqual(['connected', 'subscribed funding', `funding ${BTC} 1`]);
      desk.close();
    }));

  it('drops late data of a topic that was left', () =>
    withVendor(async ({ asked, say }, feed, listen) => {
      const desk = shareFeed((topics) => feed({ topics }));
      const prices = listen(desk.watch(trades(BTC)));
      const leaving = desk.watch(fundings(BTC)).subscribe();
      await eventually(() => expect(asked).toHaveLength(2));
      leaving.unsubscribe();
      await eventually(() => expect(asked).toContain(`unsub funding ${BTC}`));
      say('funding', { code: BTC, value: 1 });
      say('trade', { code: BTC, value: 100 });
      await eventually(() => expect(words(prices)).toEqual(['connected', 'subscribed trade', 'trade']));
    }));
});

describe('an operator, of an event of one’s own', () => {
  const facts = { provider: 'perps', receivedAt: 0 } as const;
  const rate = (symbol: string, value: number): Funding => ({
    kind: 'funding',
    ...facts,
    symbol,
    time: 0,
    rate: value,
  });
  const news: Maintenance = { kind: 'maintenance', ...facts, note: 'soon' };
  const feed$: Feed = of<FeedEvent[]>(rate(BTC, 1), news, aTrade({ symbol: BTC }), rate(ETH, 2), rate(BTC, 3));

  const said = <T>(values$: Observable<T>): unknown[] => {
    let said: unknown[] = [];
    values$.pipe(toArray()).subscribe((all) => (said = all));
    return said;
  };

  it('chooses it by kind and by symbol, and lets its news pass', () => {
    expect(said(feed$.pipe(ofKind('funding')))).toEqual([rate(BTC, 1), rate(ETH, 2), rate(BTC, 3)]);
    expect(said(feed$.pipe(ofSymbol(ETH)))).toEqual([news, rate(ETH, 2)]);
  });

  it('runs it with its symbol', () => {
    const runs = said(feed$.pipe(perSymbol((events$) => events$.pipe(toArray()))));
    expect(runs).toEqual([[rate(BTC, 1), news, aTrade({ symbol: BTC }), rate(BTC, 3)], [rate(ETH, 2)]]);
  });

  it('conflates and queues it by kind and symbol', () => {
    const conflated = said(feed$.pipe(ofKind('funding'), conflate({ every: 10 })));
    expect(conflated).toMatchObject([
      { ...rate(ETH, 2), merged: 1 },
      { ...rate(BTC, 3), merged: 2 },
    ]);
    expect(said(feed$.pipe(bounded((event) => of(event.kind))))).toHaveLength(5);
  });

  it('leaves its data out of batches of trades, and passes its news on', () => {
    expect(said(feed$.pipe(batchTrades({ every: 10 })))).toMatchObject([news, { kind: 'trades', symbol: BTC }]);
  });

  it(
    'may be drawn',
    marbles(({ feed, expectObservable }) => {
      const drawn$ = feed('-f-m', {
        f: { kind: 'funding', symbol: BTC, rate: 1 },
        m: { kind: 'maintenance', note: 'soon' },
      });
      expectObservable(drawn$).toBe('-f-m', {
        f: { ...rate(BTC, 1), provider: 'test', receivedAt: 1, time: 1 },
        m: { ...news, provider: 'test', receivedAt: 3 },
      });
    }),
  );

  it('makes nothing of it that is made of other kinds', () => {
    const own$: Feed = of<FeedEvent[]>(rate(BTC, 1), news);
    for (const operator of [toKlines('1m'), orderBook(), gaps(), staleness({ after: 5 })]) {
      expect(said((operator as (events$: Feed) => Observable<unknown>)(own$))).toEqual([]);
    }
  });
});

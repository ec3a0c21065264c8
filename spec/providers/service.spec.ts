import { asyncScheduler, BehaviorSubject } from 'rxjs';
import { klines, quotes, trades, type FeedEvent, type Topic } from '../../lib/index.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { aKline, aQuote, aTrade, fakeNetwork, marbles, type FakeConnection } from '../../lib/testing/index.js';

/** What an event says, in a word: its time where the link says it, its symbol where the market does. */
const inWords = (event: FeedEvent): string => {
  switch (event.kind) {
    case 'subscribed':
    case 'unsubscribed':
    case 'refused':
      return `${event.kind} ${event.topics.map(({ symbol }) => symbol).join()} @${event.receivedAt}`;
    case 'unexpected':
      return `${event.kind} ${event.topic.channel} ${event.topic.symbol} ${event.count} of ${event.feed ?? '?'}`;
    case 'connected':
    case 'disconnected':
      return event.kind;
    default:
      return 'symbol' in event ? `${event.kind} ${event.symbol}` : event.kind;
  }
};

interface Said {
  readonly op?: string;
  readonly ac?: string;
  readonly params?: string;
  readonly symbols?: readonly string[];
}

/** A vendor of which the spec decides what it says to each command. */
const answering = (
  accept: (connection: FakeConnection) => void,
  answer: (said: Said, say: (frame: object, after?: number) => void) => void,
) =>
  fakeNetwork((connection) => {
    const say = (frame: object, after = 0): void => {
      const text = JSON.stringify(frame);
      if (after === 0) connection.say(text);
      else asyncScheduler.schedule(() => connection.say(text), after);
    };
    connection.received$.subscribe((text) => answer(JSON.parse(text) as Said, say));
    connection.open();
    accept(connection);
  });

const welcome = (connection: FakeConnection): void => connection.say('{"code":1,"resAc":"auth","msg":"authenticated"}');
const accepted = { code: 1, resAc: 'subscribe', msg: 'subscribe Successfully' };
const complaint = { code: 0, resAc: 'subscribe', msg: 'cannot be resolved action' };
const quoteOf = (s: string): object => ({ code: 1, data: { s, ld: 1, type: 'quote', t: 1_700_000_000_000 } });

const itickOf = (
  topics: BehaviorSubject<readonly Topic[]> | readonly Topic[],
  { openSocket }: ReturnType<typeof fakeNetwork>,
) => itick({ token: 'demo', market: 'stock', topics, openSocket, backoff: () => 10 });

const collected = (feed$: ReturnType<typeof itick>, until: number): readonly string[] => {
  const log: string[] = [];
  const subscription = feed$.subscribe((event) => log.push(inWords(event)));
  asyncScheduler.schedule(() => subscription.unsubscribe(), until);
  return log;
};

describe('what a vendor serves', () => {
  it(
    'is said when it accepts, after connected and before the data',
    marbles(({ server, flush }) => {
      const vendor = server('itick');
      const topics = [...quotes('00700.HK'), ...trades('AAPL.US')];
      vendor.says('--qt', { q: aQuote({ symbol: '700.HK' }), t: aTrade() });
      const log = collected(itick({ token: 'demo', market: 'stock', topics, openSocket: vendor.openSocket }), 200);
      flush();
      expect(log).toEqual(['connected', 'subscribed 00700.HK @0', 'quote 00700.HK', 'subscribed AAPL.US @100']);
    }),
  );

  it(
    'is said with the first data at the latest, and before them',
    marbles(({ flush }) => {
      const network = answering(welcome, () => undefined);
      const log = collected(itickOf(quotes('AAPL.US', 'MSFT.US'), network), 6_000);
      asyncScheduler.schedule(() => network.connections[0]?.say(JSON.stringify(quoteOf('MSFT'))), 50);
      flush();
      expect(log).toEqual(['connected', 'subscribed MSFT.US @50', 'quote MSFT.US', 'subscribed AAPL.US @5000']);
    }),
  );

  it(
    'is said anew in each session',
    marbles(({ server, flush }) => {
      const vendor = server('tickflow');
      vendor.says('-q-x 50ms q', { q: aQuote({ symbol: '600000.SH' }) });
      const topics = quotes('600000.SH');
      const log = collected(tickflow({ apiKey: 'demo', topics, openSocket: vendor.openSocket, backoff: () => 10 }), 90);
      flush();
      expect(log).toEqual([
        'connected',
        'subscribed 600000.SH @0',
        'quote 600000.SH',
        'disconnected',
        'connected',
        'subscribed 600000.SH @13',
        'quote 600000.SH',
      ]);
    }),
  );

  it(
    'ends when it is no longer wanted, and its late data are silent',
    marbles(({ flush }) => {
      const topics$ = new BehaviorSubject<readonly Topic[]>(quotes('AAPL.US', 'MSFT.US'));
      const network = answering(welcome, ({ ac }, say) => ac === 'subscribe' && say(accepted));
      const log = collected(itickOf(topics$, network), 900);
      const push = (): void => network.connections[0]?.say(JSON.stringify(quoteOf('AAPL')));
      asyncScheduler.schedule(() => topics$.next(quotes('MSFT.US')), 300);
      asyncScheduler.schedule(push, 350);
      asyncScheduler.schedule(() => topics$.next(quotes('AAPL.US')), 600);
      asyncScheduler.schedule(push, 800);
      flush();
      expect(log).toEqual([
        'connected',
        'subscribed AAPL.US,MSFT.US @0',
        'unsubscribed AAPL.US @300',
        'unsubscribed MSFT.US @600',
        'subscribed AAPL.US @700',
        'quote AAPL.US',
      ]);
    }),
  );
});

describe('what nothing asked for', () => {
  it(
    'is dropped and said once for each topic and session, by iTick',
    marbles(({ server, flush }) => {
      const vendor = server('itick');
      const bar = aKline({ symbol: 'AAPL.US', interval: '5m', openTime: 60_000 });
      const asked = JSON.stringify({
        code: 1,
        data: { s: 'AAPL', o: 1, h: 1, l: 1, c: 1, v: 1, t: 1_700_000_040_000, type: 'kline@1' },
      });
      const other = asked.replace('kline@1', 'kline@2');
      const stranger = asked.replace('AAPL', 'MSFT').replace('"s":"MSFT"', '"s":"MSFT","r":"US"');
      const quote = JSON.stringify(quoteOf('AAPL'));
      vendor.says('-abcdabcd', { a: asked, b: other, c: stranger, d: quote });
      const topics = klines(bar.interval === '5m' ? '1m' : '5m', 'AAPL.US');
      const log = collected(itick({ token: 'demo', market: 'stock', topics, openSocket: vendor.openSocket }), 50);
      flush();
      expect(log).toEqual([
        'connected',
        'subscribed AAPL.US @0',
        'kline AAPL.US',
        'unexpected kline AAPL.US 1 of itick:stock',
        'unexpected kline MSFT.US 1 of itick:stock',
        'unexpected quote AAPL.US 1 of itick:stock',
        'kline AAPL.US',
      ]);
    }),
  );

  it(
    'is dropped and said by TickFlow, and again in the next session',
    marbles(({ server, flush }) => {
      const vendor = server('tickflow');
      const item = { symbol: '600001.SH', timestamp: 1_700_000_000_000, last_price: 1 };
      const strange = JSON.stringify({ op: 'quotes', data: [item, item, { ...item, symbol: '600000.SH' }] });
      const depth = JSON.stringify({
        op: 'depth',
        data: [{ symbol: '600000.SH', timestamp: 1, bid_prices: [1], bid_volumes: [1] }],
      });
      vendor.says('-sdsx 50ms s', { s: strange, d: depth });
      const topics = quotes('600000.SH');
      const log = collected(tickflow({ apiKey: 'demo', topics, openSocket: vendor.openSocket, backoff: () => 10 }), 90);
      flush();
      expect(log).toEqual([
        'connected',
        'subscribed 600000.SH @0',
        'unexpected quote 600001.SH 1 of tickflow',
        'quote 600000.SH',
        'unexpected depth 600000.SH 1 of tickflow',
        'quote 600000.SH',
        'disconnected',
        'connected',
        'subscribed 600000.SH @14',
        'unexpected quote 600001.SH 1 of tickflow',
        'quote 600000.SH',
      ]);
    }),
  );

  it(
    'is said once as well where iTick names no venue',
    marbles(({ server, flush }) => {
      const vendor = server('itick');
      const stranger = JSON.stringify({ code: 1, data: { s: 'TSLA', ld: 1, type: 'quote', t: 1_700_000_040_000 } });
      vendor.says('-sss', { s: stranger });
      const topics = quotes('AAPL.US');
      const log = collected(itick({ token: 'demo', market: 'stock', topics, openSocket: vendor.openSocket }), 50);
      flush();
      expect(log).toEqual(['connected', 'subscribed AAPL.US @0', 'unexpected quote TSLA 1 of itick:stock']);
    }),
  );

  it(
    'is not what TickFlow writes in other letters',
    marbles(({ server, flush }) => {
      const vendor = server('tickflow');
      const item = { symbol: '600000.sh', timestamp: 1_700_000_000_000, last_price: 1 };
      vendor.says('-s', { s: JSON.stringify({ op: 'quotes', data: [item] }) });
      const topics = quotes('600000.SH');
      const log = collected(tickflow({ apiKey: 'demo', topics, openSocket: vendor.openSocket }), 50);
      flush();
      expect(log).toEqual(['connected', 'subscribed 600000.SH @0', 'quote 600000.SH']);
    }),
  );
});

describe('bars of 10m and of 15m, which have one code at iTick', () => {
  it.each(['10m', '15m'] as const)(
    'are one subscription: the vendor is told of the end of the last one only, of %s',
    (staying) => {
      marbles(({ server, flush }) => {
        const vendor = server('itick');
        const topics$ = new BehaviorSubject<readonly Topic[]>([
          ...klines('10m', 'AAPL.US'),
          ...klines('15m', 'AAPL.US'),
        ]);
        asyncScheduler.schedule(() => topics$.next([...klines(staying, 'AAPL.US'), ...quotes('MSFT.US')]), 1_000);
        asyncScheduler.schedule(() => topics$.next(quotes('MSFT.US')), 2_000);
        const options = { token: 'demo', market: 'stock', openSocket: vendor.openSocket } as const;
        collected(itick({ ...options, topics: topics$ }), 3_000);
        const until = (ms: number, unsubscribed: number) =>
          asyncScheduler.schedule(() => expect(vendor.unsubscribed).toHaveLength(unsubscribed), ms);
        until(1_900, 0);
        until(2_900, 1);
        flush();
      })();
    },
  );
});

describe('a late answer', () => {
  /** Wants AAPL and NOPE, and for MSFT too after 5.5 s. */
  const changing = (): BehaviorSubject<readonly Topic[]> => {
    const topics$ = new BehaviorSubject<readonly Topic[]>(quotes('AAPL.US', 'NOPE.US'));
    asyncScheduler.schedule(() => topics$.next(quotes('AAPL.US', 'NOPE.US', 'MSFT.US')), 5_500);
    return topics$;
  };

  it.each([
    ['refusals come after 6 s', false, ['subscribed MSFT.US @5500', 'refused NOPE.US @12100']],
    ['all answers come after 6 s', true, ['refused NOPE.US @23500', 'subscribed MSFT.US @29500']],
  ])('of iTick names the bad topic, where %s', (_, all, rest) => {
    marbles(({ flush }) => {
      const network = answering(welcome, ({ ac, params = '' }, say) => {
        if (ac !== 'subscribe') return;
        const bad = params.includes('NOPE');
        say(bad ? complaint : accepted, bad || all ? 6_000 : 0);
      });
      const log = collected(itickOf(changing(), network), 38_000);
      flush();
      expect(log).toEqual(['connected', 'subscribed AAPL.US,NOPE.US @5000', ...rest]);
    })();
  });

  it(
    'of TickFlow refuses what its list leaves out',
    marbles(({ flush }) => {
      const served: string[] = [];
      const network = answering(
        () => undefined,
        ({ symbols = [] }, say) => {
          served.push(...symbols.filter((symbol) => symbol !== 'NOPE.US'));
          say({ op: 'subscribed', channel: 'quotes', symbols: [...served], total: served.length }, 6_000);
        },
      );
      const { openSocket } = network;
      const log = collected(tickflow({ apiKey: 'demo', topics: changing(), openSocket }), 60_000);
      flush();
      expect(log).toEqual([
        'connected',
        'subscribed AAPL.US,NOPE.US @5000',
        'refused NOPE.US @6000',
        'subscribed MSFT.US @11500',
      ]);
    }),
  );
});

describe('a refusal', () => {
  it.each([complaint, { code: 0, msg: 'cannot be resolved action' }])(
    'that was meant for an unsubscribe refuses nothing: %j',
    (said) => {
      marbles(({ flush }) => {
        const topics$ = new BehaviorSubject<readonly Topic[]>(quotes('AAPL.US'));
        const network = answering(welcome, ({ ac }, say) => {
          if (ac === 'subscribe') say(accepted);
          if (ac === 'unsubscribe') say(said, 7_000);
        });
        const log = collected(itickOf(topics$, network), 38_000);
        asyncScheduler.schedule(() => topics$.next(quotes('MSFT.US')), 1_000);
        flush();
        expect(log).toEqual([
          'connected',
          'subscribed AAPL.US @0',
          'unsubscribed AAPL.US @1000',
          'subscribed MSFT.US @1100',
        ]);
      })();
    },
  );

  it(
    'that data contradict is unsubscribed, and the topic is asked for again after a reconnect',
    marbles(({ flush }) => {
      const asked: string[] = [];
      const network = answering(welcome, ({ ac, params = '' }, say) => {
        if (ac !== 'subscribe') return;
        asked.push(params);
        say(complaint);
      });
      const log = collected(itickOf(quotes('MSFT.US'), network), 900);
      const [push, drop] = [
        () => network.connections[0]?.say(JSON.stringify(quoteOf('MSFT'))),
        () => network.connections[0]?.drop(),
      ];
      asyncScheduler.schedule(push, 300);
      asyncScheduler.schedule(push, 400);
      asyncScheduler.schedule(drop, 500);
      flush();
      expect(log).toEqual([
        'connected',
        'refused MSFT.US @0',
        'subscribed MSFT.US @300',
        'quote MSFT.US',
        'quote MSFT.US',
        'disconnected',
        'connected',
        'refused MSFT.US @510',
      ]);
      expect(asked).toEqual(['MSFT$US', 'MSFT$US']);
    }),
  );
});

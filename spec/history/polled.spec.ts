import { asyncScheduler, concat, map, NEVER, of, Subject, switchMap, timer } from 'rxjs';
import {
  bbos,
  depths,
  gaps,
  HistoryRefused,
  HistoryUnavailable,
  InvalidOption,
  InvalidTopic,
  klines,
  polled,
  quotes,
  shareFeed,
  trades,
  Unauthorized,
  type Depth,
  type FeedEvent,
  type Quote,
  type Topic,
} from '../../lib/index.js';
import { marbles } from '../../lib/testing/marbles.js';
import { heard } from './fakeRest.js';
import { allOf, newest, pollable, type Reply } from './pollable.js';

const SYMBOL = 'AAPL.US';
const OTHER = 'MSFT.US';
const lost = new HistoryUnavailable('the network is gone');
const noWait = { backoff: () => 500 };

/** What is heard of a feed until a time, in short: the time, the kind, and what it is about. */
const said = (flush: () => void, feed$: ReturnType<typeof polled>, until: number): readonly string[] => {
  const lines: string[] = [];
  const subscription = feed$.subscribe({
    next: (event) => lines.push(`${asyncScheduler.now()} ${shown(event)}`),
    error: (error: unknown) => lines.push(`${asyncScheduler.now()} error ${String(error)}`),
    complete: () => lines.push(`${asyncScheduler.now()} complete`),
  });
  asyncScheduler.schedule(() => subscription.unsubscribe(), until);
  flush();
  return lines;
};

const shown = (event: FeedEvent): string => {
  switch (event.kind) {
    case 'quote':
      return `quote ${event.symbol} ${event.last}`;
    case 'depth':
      return `depth ${event.symbol} ${event.bids[0]?.price}`;
    case 'connected':
      return event.resumed ? `connected after ${event.resumed.from} to ${event.resumed.to}` : 'connected';
    case 'disconnected':
      return `disconnected ${event.attempt} ${event.cause._tag}`;
    case 'subscribed':
    case 'unsubscribed':
      return `${event.kind} ${topicsOf(event.topics)}`;
    case 'refused':
      return `refused ${topicsOf(event.topics)}: ${event.reason}`;
    case 'unexpected':
      return `unexpected ${topicsOf([event.topic])}`;
    default:
      return event.kind;
  }
};
const topicsOf = (topics: readonly Topic[]): string =>
  topics.map(({ channel, symbol }) => `${channel} ${symbol}`).join(' ');

/** One reply after another; the last one stays. */
const inTurn =
  (...replies: readonly Reply[]) =>
  (_: unknown, count: number): Reply =>
    replies[Math.min(count, replies.length) - 1] ?? 'never';
const unknown = new HistoryRefused({ status: 404, reason: 'no such symbol' });

describe('polled', () => {
  it(
    'asks at once and then in rounds, and says what a stream would',
    marbles(({ flush }) => {
      const { history, calls } = pollable(allOf());
      const feed$ = polled(history, { topics: [...quotes(SYMBOL, OTHER), ...depths(SYMBOL)], every: 1_000 });
      expect(said(flush, feed$, 1_500)).toEqual([
        '0 connected',
        '0 subscribed quote AAPL.US',
        '0 quote AAPL.US 1',
        '0 subscribed quote MSFT.US',
        '0 quote MSFT.US 1',
        '0 subscribed depth AAPL.US',
        '0 depth AAPL.US 2',
        '1000 quote AAPL.US 3',
        '1000 quote MSFT.US 3',
        '1000 depth AAPL.US 4',
      ]);
      expect(calls.map(({ at, channel, symbols }) => [at, channel, ...symbols])).toEqual([
        [0, 'quote', SYMBOL, OTHER],
        [0, 'depth', SYMBOL],
        [1_000, 'quote', SYMBOL, OTHER],
        [1_000, 'depth', SYMBOL],
      ]);
    }),
  );

  it(
    'asks nothing before it is subscribed to, and each subscription for itself',
    marbles(({ flush }) => {
      const { history, calls } = pollable(allOf());
      const feed$ = polled(history, { topics: quotes(SYMBOL), every: 1_000 });
      expect(calls).toEqual([]);
      const feeds = [feed$, timer(300).pipe(switchMap(() => feed$))].map(heard);
      asyncScheduler.schedule(() => feeds.forEach(({ subscription }) => subscription.unsubscribe()), 1_500);
      flush();
      expect(calls.map(({ at }) => at)).toEqual([0, 300, 1_000, 1_300]);
    }),
  );

  it(
    'names its feed as the vendor’s stream does, or as it is told',
    marbles(({ flush }) => {
      const named = pollable(allOf(), { feed: 'acme:stock' }).history;
      const feeds = [
        polled(named, { topics: quotes(SYMBOL) }),
        polled(named, { topics: quotes(SYMBOL), name: 'cold' }),
        polled(pollable(allOf()).history, { topics: quotes(SYMBOL) }),
      ].map(heard);
      asyncScheduler.schedule(() => feeds.forEach(({ subscription }) => subscription.unsubscribe()), 10);
      flush();
      const names = feeds.map(({ values }) => [...new Set(values.map(({ feed }) => feed))]);
      expect(names).toEqual([['acme:stock'], ['cold'], ['acme']]);
      expect(feeds.map(({ values }) => values.length)).toEqual([3, 3, 3]);
    }),
  );

  it(
    'says what changed once: neither the time of receipt nor a stamp that is no other makes an event new',
    marbles(({ flush }) => {
      const prices = [5, 5, 6, 6, 5];
      const { history } = pollable(allOf((count) => prices[count - 1] ?? 5));
      const feed$ = polled(history, { topics: quotes(SYMBOL), every: 1_000 });
      expect(said(flush, feed$, 4_500).slice(2)).toEqual([
        '0 quote AAPL.US 5',
        '2000 quote AAPL.US 6',
        '4000 quote AAPL.US 5',
      ]);
    }),
  );

  it(
    'says the same figures again with a later stamp of the vendor',
    marbles(({ flush }) => {
      const stamps = [1, 1, 2];
      const { history } = pollable((_, count) => [
        { ...newest('quote', SYMBOL, 5), receivedAt: count * 1_000, time: stamps[count - 1] ?? 2 },
      ]);
      const seen = heard(polled(history, { topics: quotes(SYMBOL), every: 1_000 }));
      asyncScheduler.schedule(() => seen.subscription.unsubscribe(), 3_500);
      flush();
      const times = seen.values.flatMap((event) => (event.kind === 'quote' ? [event.time] : []));
      expect(times).toEqual([1, 2]);
    }),
  );

  it(
    'begins no round while one is under way',
    marbles(({ flush }) => {
      const { history, calls } = pollable((call, count) => ({ said: allOf()(call, count), after: 2_500 }));
      const lines = said(flush, polled(history, { topics: quotes(SYMBOL), every: 1_000 }), 8_000);
      expect(calls.map(({ at }) => at)).toEqual([0, 2_500, 5_000, 7_500]);
      expect(lines).toEqual([
        '2500 connected',
        '2500 subscribed quote AAPL.US',
        '2500 quote AAPL.US 1',
        '5000 quote AAPL.US 2',
        '7500 quote AAPL.US 3',
      ]);
    }),
  );

  it(
    'keeps to the budget of the history, and by default leaves half of it to others',
    marbles(({ flush }) => {
      const budget = { calls: 5, per: 60_000 };
      const fast = pollable(allOf(), { budget });
      const usual = pollable(allOf(), { budget });
      const feeds = [
        polled(fast.history, { topics: quotes(SYMBOL), every: 1_000 }),
        polled(usual.history, { topics: quotes(SYMBOL) }),
      ].map((feed$) => feed$.subscribe());
      asyncScheduler.schedule(() => feeds.forEach((feed) => feed.unsubscribe()), 125_000);
      flush();
      expect(fast.calls.map(({ at }) => at / 1_000)).toEqual([
        0, 1, 2, 3, 4, 60, 61, 62, 63, 64, 120, 121, 122, 123, 124,
      ]);
      expect(usual.calls.map(({ at }) => at / 1_000)).toEqual([0, 24, 48, 72, 96, 120]);
    }),
  );

  it(
    'takes the request back when it is unsubscribed',
    marbles(({ flush }) => {
      const { history, calls, aborted } = pollable(() => 'never');
      expect(said(flush, polled(history, { topics: quotes(SYMBOL), every: 1_000 }), 700)).toEqual([]);
      expect(calls).toHaveLength(1);
      expect(aborted).toEqual([700]);
    }),
  );

  it(
    'says nothing while its topics are none, and completes never',
    marbles(({ flush }) => {
      const { history, calls } = pollable(allOf());
      expect(said(flush, polled(history, { topics: concat(of([]), NEVER), every: 1_000 }), 10_000)).toEqual([]);
      expect(calls).toEqual([]);
    }),
  );
});

describe('an outage of polled', () => {
  it(
    'is `disconnected` for each failed attempt, and one hole from the last answer to the next',
    marbles(({ flush }) => {
      const { history, calls } = pollable((call, count) => (count === 3 || count === 4 ? lost : allOf()(call, count)));
      const feed$ = polled(history, { topics: quotes(SYMBOL), every: 1_000, ...noWait });
      const holes = heard(feed$.pipe(gaps()));
      asyncScheduler.schedule(() => holes.subscription.unsubscribe(), 4_100);
      flush();
      expect(holes.values).toMatchObject([{ feed: 'acme', from: 1_000, to: 3_000, attempts: 2 }]);
      expect(calls.map(({ at }) => at)).toEqual([0, 1_000, 2_000, 2_500, 3_000, 4_000]);
    }),
  );

  it(
    'is over with the first answer, and says what is so then, changed or not',
    marbles(({ flush }) => {
      const { history } = pollable((call, count) => (count === 2 ? lost : allOf(() => 7)(call, count)));
      const feed$ = polled(history, { topics: quotes(SYMBOL), every: 1_000, ...noWait });
      expect(said(flush, feed$, 3_000)).toEqual([
        '0 connected',
        '0 subscribed quote AAPL.US',
        '0 quote AAPL.US 7',
        '1000 disconnected 1 ConnectionLost',
        '1500 connected after 0 to 1500',
        '1500 subscribed quote AAPL.US',
        '1500 quote AAPL.US 7',
      ]);
    }),
  );

  it(
    'may come before the first answer, and then is no hole',
    marbles(({ flush }) => {
      const { history } = pollable((call, count) => (count === 1 ? lost : allOf()(call, count)));
      const feed$ = polled(history, { topics: quotes(SYMBOL), every: 1_000, ...noWait });
      expect(said(flush, feed$, 600)).toEqual([
        '0 disconnected 1 ConnectionLost',
        '500 connected',
        '500 subscribed quote AAPL.US',
        '500 quote AAPL.US 2',
      ]);
    }),
  );

  it(
    'ends a call that says nothing for five minutes, and takes it back',
    marbles(({ flush }) => {
      const { history, aborted } = pollable(() => 'never');
      const feed$ = polled(history, { topics: quotes(SYMBOL), every: 1_000, ...noWait });
      expect(said(flush, feed$, 300_400)).toEqual(['300000 disconnected 1 HeartbeatMissed']);
      expect(aborted).toEqual([300_000]);
    }),
  );

  it.each([
    [
      'a server error',
      new HistoryUnavailable('bad gateway', 502),
      { _tag: 'HandshakeRefused', status: 502, reason: 'bad gateway' },
    ],
    [
      'what is final on a stream',
      new HistoryUnavailable('not now', 404),
      { _tag: 'ConnectionLost', reason: 'not now' },
    ],
    ['a lost network', lost, { _tag: 'ConnectionLost', code: 1006, reason: 'the network is gone' }],
    [
      'too many requests',
      new HistoryRefused({ status: 429, reason: 'slower', retryAfter: 9_000 }),
      { _tag: 'HandshakeRefused', status: 429, retryAfter: 9_000 },
    ],
  ])('says why: %s', (_, error, cause) =>
    marbles(({ flush }) => {
      const seen = heard(polled(pollable(inTurn(error)).history, { topics: quotes(SYMBOL), ...noWait }));
      asyncScheduler.schedule(() => seen.subscription.unsubscribe(), 100);
      flush();
      expect(seen.values).toMatchObject([{ kind: 'disconnected', cause, attempt: 1 }]);
      expect(seen.values[0]).toHaveProperty('retryAt', error instanceof HistoryRefused ? 9_000 : 500);
    })(),
  );

  it(
    'waits as long as the vendor asks, for the calls of all that ask this history',
    marbles(({ flush }) => {
      const slow = new HistoryRefused({ status: 429, reason: 'slower', retryAfter: 9_000 });
      const { history, calls } = pollable(inTurn(slow, []));
      const late$ = timer(100).pipe(map(() => quotes(OTHER)));
      const feeds = [quotes(SYMBOL), late$].map((topics) =>
        polled(history, { topics, every: 60_000, ...noWait }).subscribe(),
      );
      asyncScheduler.schedule(() => feeds.forEach((feed) => feed.unsubscribe()), 9_500);
      flush();
      expect(calls.map(({ at, symbols }) => [at, ...symbols])).toEqual([
        [0, SYMBOL],
        [9_000, OTHER],
        [9_000, SYMBOL],
      ]);
    }),
  );

  it(
    'does not keep those from being asked for that come behind what fails',
    marbles(({ flush }) => {
      const { history } = pollable(({ symbols, channel }, count) => {
        const at = symbols.indexOf(OTHER);
        return { said: symbols.slice(0, at).map((symbol) => newest(channel, symbol, count)), error: lost };
      });
      const feed$ = polled(history, { topics: quotes(SYMBOL, OTHER, 'TSLA.US'), ...noWait });
      const seen = new Set(said(flush, feed$, 5_000).map((line) => /quote (\S+) \d+$/.exec(line)?.[1]));
      expect(seen).toEqual(new Set([undefined, SYMBOL, 'TSLA.US']));
    }),
  );

  it(
    'is none for an error that is no failure of a history: that ends the feed',
    marbles(({ flush }) => {
      const thrown = pollable(allOf(), {
        quotes: () => {
          throw new TypeError('a defect');
        },
      });
      const feeds = [thrown, pollable(inTurn(new TypeError('a defect')))].map(({ history }) =>
        heard(polled(history, { topics: quotes(SYMBOL) })),
      );
      flush();
      expect(feeds.map(({ values, end }) => [values, end.error])).toEqual([
        [[], new TypeError('a defect')],
        [[], new TypeError('a defect')],
      ]);
    }),
  );

  it(
    'is a throw of the history as well',
    marbles(({ flush }) => {
      const { history } = pollable(allOf(), {
        quotes: () => {
          throw lost;
        },
      });
      const feed$ = polled(history, { topics: quotes(SYMBOL), ...noWait });
      expect(said(flush, feed$, 400)).toEqual(['0 disconnected 1 ConnectionLost']);
    }),
  );
});

describe('a credential that is refused', () => {
  it.each([{ status: 401 }, { code: 'E002' }, { status: 403 }])('ends the feed with Unauthorized: %p', (answer) =>
    marbles(({ flush }) => {
      const error = new HistoryRefused({ ...answer, reason: 'bad token' });
      const { history, calls } = pollable((call, count) => (count > 2 ? error : allOf()(call, count)));
      const seen = heard(polled(history, { topics: [...quotes(SYMBOL), ...depths(SYMBOL)], every: 1_000 }));
      flush();
      expect(seen.end.error).toBeInstanceOf(Unauthorized);
      expect(seen.end).toMatchObject({ at: 1_000, error: { reason: 'bad token', status: error.status } });
      expect(calls).toHaveLength(error.status === 403 ? 4 : 3);
    })(),
  );

  it(
    'for depths only leaves the quotes, as a plan may have one and not the other',
    marbles(({ flush }) => {
      const error = new HistoryRefused({ status: 403, reason: 'not in your plan' });
      const { history, calls } = pollable((call, count) => (call.channel === 'depth' ? error : allOf()(call, count)));
      const feed$ = polled(history, { topics: [...depths(SYMBOL, OTHER), ...quotes(SYMBOL)], every: 1_000 });
      expect(said(flush, feed$, 2_500)).toEqual([
        '0 connected',
        '0 subscribed quote AAPL.US',
        '0 quote AAPL.US 1',
        '0 refused depth AAPL.US depth MSFT.US: not in your plan',
        '1000 quote AAPL.US 3',
        '2000 quote AAPL.US 4',
      ]);
      expect(calls.filter(({ channel }) => channel === 'depth')).toHaveLength(1);
    }),
  );
});

describe('the topics of polled', () => {
  it(
    'are asked for at once when they are new, and stop at once when they are withdrawn',
    marbles(({ flush }) => {
      const { history, calls } = pollable(allOf());
      const topics$ = new Subject<readonly Topic[]>();
      const feed$ = polled(history, { topics: topics$, every: 1_000 });
      const change = (at: number, ...topics: readonly Topic[]): void => {
        asyncScheduler.schedule(() => topics$.next(topics), at);
      };
      change(100, ...quotes(SYMBOL));
      change(400, ...quotes(SYMBOL, OTHER));
      change(1_600, ...quotes(OTHER));
      change(1_700);
      change(4_000, ...quotes(SYMBOL));
      expect(said(flush, feed$, 4_500)).toEqual([
        '100 connected',
        '100 subscribed quote AAPL.US',
        '100 quote AAPL.US 1',
        '400 subscribed quote MSFT.US',
        '400 quote MSFT.US 2',
        '1100 quote AAPL.US 3',
        '1100 quote MSFT.US 3',
        '1600 unsubscribed quote AAPL.US',
        '1700 unsubscribed quote MSFT.US',
        '4000 subscribed quote AAPL.US',
        '4000 quote AAPL.US 4',
      ]);
      expect(calls.map(({ at, symbols }) => [at, ...symbols])).toEqual([
        [100, SYMBOL],
        [400, OTHER],
        [1_100, SYMBOL, OTHER],
        [4_000, SYMBOL],
      ]);
    }),
  );

  it(
    'that are withdrawn while an answer is under way are not in the feed any more, and are no surprise',
    marbles(({ flush }) => {
      const { history } = pollable((call, count) => ({ said: allOf()(call, count), after: 200 }));
      const topics$ = timer(0, 100).pipe(map((step) => (step === 0 ? quotes(SYMBOL, OTHER) : quotes(OTHER))));
      expect(said(flush, polled(history, { topics: topics$, every: 5_000 }), 1_000)).toEqual([
        '200 connected',
        '200 subscribed quote MSFT.US',
        '200 quote MSFT.US 1',
      ]);
    }),
  );

  it(
    'are `refused` in band if a history does not have them, and the others go on',
    marbles(({ flush }) => {
      const { history } = pollable(allOf(), { depths: undefined });
      const topics = [...trades(SYMBOL, OTHER), ...klines('1m', SYMBOL), ...depths(SYMBOL), ...quotes(SYMBOL)];
      const bars = 'derive bars from quotes with toKlines()';
      expect(said(flush, polled(history, { topics, every: 1_000 }), 500)).toEqual([
        `0 refused trade AAPL.US trade MSFT.US: a polled feed has quotes and depths, and no channel trade; ${bars}`,
        `0 refused kline AAPL.US: a polled feed has quotes and depths, and no channel kline; ${bars}`,
        '0 refused depth AAPL.US: the history of acme has no depths',
        '0 connected',
        '0 subscribed quote AAPL.US',
        '0 quote AAPL.US 1',
      ]);
    }),
  );

  it('throw InvalidTopic at once if none can ever come', () => {
    const { history } = pollable(allOf(), { depths: undefined });
    expect(() => polled(history, { topics: trades(SYMBOL) })).toThrow(InvalidTopic);
    expect(() => polled(history, { topics: bbos(SYMBOL) })).toThrow('orderBook() and topOfBook()');
    expect(() => polled(history, { topics: depths(SYMBOL) })).toThrow('the history of acme has no depths');
    expect(() => polled(history, { topics: [] })).toThrow(InvalidTopic);
    expect(() => polled(history, { topics: [{ channel: 'quote', symbol: '' }] })).toThrow(InvalidTopic);
  });

  it.each([{ every: 0 }, { every: NaN }, { name: '' }, { backoff: 5 }, { maxRetryAfter: -1 }])(
    'come with options that make sense: %p',
    (options) => {
      const { history } = pollable(allOf());
      expect(() => polled(history, { topics: quotes(SYMBOL), ...(options as object) })).toThrow(InvalidOption);
    },
  );

  it(
    'end the feed with InvalidTopic where an Observable says a malformed one',
    marbles(({ flush }) => {
      const { history } = pollable(allOf());
      const seen = heard(polled(history, { topics: of([{ channel: 'quote', symbol: 'no venue' } as const]) }));
      flush();
      expect(seen.end.error).toBeInstanceOf(InvalidTopic);
    }),
  );

  it(
    'that an answer brings unasked are `unexpected`, once',
    marbles(({ flush }) => {
      const { history } = pollable((_, count) => [newest('quote', SYMBOL, 1), newest('quote', OTHER, count)]);
      expect(said(flush, polled(history, { topics: quotes(SYMBOL), every: 1_000 }), 2_500)).toEqual([
        '0 connected',
        '0 subscribed quote AAPL.US',
        '0 quote AAPL.US 1',
        '0 unexpected quote MSFT.US',
      ]);
    }),
  );
});

describe('a symbol that the vendor does not have', () => {
  const only =
    (...had: readonly string[]) =>
    (call: { readonly symbols: readonly string[] }): readonly (Quote | Depth)[] =>
      call.symbols.filter((symbol) => had.includes(symbol)).map((symbol) => newest('quote', symbol, 1));

  it(
    'is `refused` by name when a whole answer does not name it, and comes when one does',
    marbles(({ flush }) => {
      const { history } = pollable((call, count) => (count < 3 ? only(SYMBOL) : only(SYMBOL, OTHER))(call));
      expect(said(flush, polled(history, { topics: quotes(SYMBOL, OTHER), every: 1_000 }), 3_500)).toEqual([
        '0 connected',
        '0 subscribed quote AAPL.US',
        '0 quote AAPL.US 1',
        '0 refused quote MSFT.US: the answer of the vendor does not name it; check the symbol',
        '2000 subscribed quote MSFT.US',
        '2000 quote MSFT.US 1',
      ]);
    }),
  );

  it(
    'is not refused if it was there before',
    marbles(({ flush }) => {
      const { history } = pollable((call, count) => (count === 1 ? only(SYMBOL, OTHER) : only(SYMBOL))(call));
      expect(said(flush, polled(history, { topics: quotes(SYMBOL, OTHER), every: 1_000 }), 3_500)).toHaveLength(5);
    }),
  );

  it(
    'is refused in the vendor’s words, and asked for again in the tenth round, apart from the others',
    marbles(({ flush }) => {
      const { history, calls } = pollable((call, count) => ({
        said: (count < 11 ? only(SYMBOL) : only(SYMBOL, OTHER))(call),
        ...(call.symbols.includes(OTHER) && count < 11 && { error: unknown }),
      }));
      expect(said(flush, polled(history, { topics: quotes(OTHER, SYMBOL), every: 1_000 }), 10_500)).toEqual([
        '0 connected',
        '0 subscribed quote AAPL.US',
        '0 quote AAPL.US 1',
        '0 refused quote MSFT.US: no such symbol',
        '9000 subscribed quote MSFT.US',
        '9000 quote MSFT.US 1',
      ]);
      expect(calls.map(({ at, symbols }) => [at, ...symbols])).toEqual([
        [0, OTHER, SYMBOL],
        ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((round) => [round * 1_000, SYMBOL]),
        [9_000, OTHER],
        [10_000, OTHER, SYMBOL],
      ]);
    }),
  );

  it(
    'is refused after three rounds if it was there before',
    marbles(({ flush }) => {
      const { history } = pollable((call, count) => ({
        said: (count === 1 ? only(SYMBOL, OTHER) : only(SYMBOL))(call),
        ...(count > 1 && call.symbols.includes(OTHER) && { error: unknown }),
      }));
      const lines = said(flush, polled(history, { topics: quotes(SYMBOL, OTHER), every: 1_000 }), 5_500);
      expect(lines.slice(5)).toEqual(['3000 refused quote MSFT.US: no such symbol']);
    }),
  );

  it(
    'is an outage if it is all there was before',
    marbles(({ flush }) => {
      const { history } = pollable((call, count) => (count === 2 ? unknown : allOf()(call, count)));
      const feed$ = polled(history, { topics: quotes(SYMBOL, OTHER), every: 1_000, ...noWait });
      expect(said(flush, feed$, 1_600).slice(5)).toEqual([
        '1000 disconnected 1 ConnectionLost',
        '1500 connected after 0 to 1500',
        '1500 subscribed quote MSFT.US',
        '1500 quote MSFT.US 3',
        '1500 subscribed quote AAPL.US',
        '1500 quote AAPL.US 3',
      ]);
    }),
  );

  it(
    'is asked for again when it was withdrawn and is back',
    marbles(({ flush }) => {
      const { history, calls } = pollable(inTurn(unknown));
      const topics$ = timer(0, 100).pipe(map((step) => (step === 1 ? [] : quotes(SYMBOL))));
      const lines = said(flush, polled(history, { topics: topics$, every: 10_000 }), 350);
      expect(lines.filter((line) => line.includes('refused'))).toHaveLength(2);
      expect(calls.map(({ at }) => at)).toEqual([0, 200]);
    }),
  );
});

describe('polled behind shareFeed', () => {
  it(
    'serves many by one round',
    marbles(({ flush }) => {
      const { history, calls } = pollable(allOf());
      const desk = shareFeed((topics) => polled(history, { topics, every: 1_000 }));
      const first = heard(desk.watch(quotes(SYMBOL)));
      const second = heard(desk.watch(depths(SYMBOL)));
      asyncScheduler.schedule(() => [first, second].forEach(({ subscription }) => subscription.unsubscribe()), 1_500);
      flush();
      expect(first.values.map(({ kind }) => kind)).toEqual(['connected', 'subscribed', 'quote', 'quote']);
      expect(second.values.map(({ kind }) => kind)).toEqual(['connected', 'subscribed', 'depth', 'depth']);
      expect(calls).toHaveLength(4);
    }),
  );
});

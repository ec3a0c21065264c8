import { from, merge, mergeMap, Subject, type Observable } from 'rxjs';
import {
  conflate,
  consolidateDepth,
  gaps,
  klines,
  orderBook,
  quotes,
  shareFeed,
  staleness,
  toKlines,
  trades,
  type FeedEvent,
  type Kline,
  type KlineOptions,
  type SharedFeed,
  type Topic,
} from '../../lib/index.js';
import { itick } from '../../lib/providers/itick/index.js';
import { aTrade, scriptedVendor } from '../../lib/testing/index.js';
import {
  connectedAt,
  depthAt,
  disconnectedAt,
  quoteAt,
  saidBy,
  subscribedAt,
  tradeAt,
  unsubscribedAt,
  inChina,
} from './events.js';
import { barsOf, heard, lastWords, MINUTE, ran, SECOND, type At } from './stage.js';
import { itickSaying, tickflowSaying } from './vendors.js';

const btc = 'BTCUSDT.BA';
const eth = 'ETHUSDT.BA';
const start = inChina('2026-01-15 10:00');
const s = (seconds: number): number => start + seconds * SECOND;
const minutes = (events: readonly FeedEvent[], options: KlineOptions = {}) =>
  barsOf(events, toKlines('1m', { forming: 'each', ...options }));
const size1 = { size: 1 };

describe('link events of two watchers that are merged', () => {
  const alone: readonly FeedEvent[] = [
    connectedAt(s(0)),
    tradeAt(btc, s(0), 10, size1),
    disconnectedAt(s(20)),
    connectedAt(s(35), { from: s(20) }),
    tradeAt(btc, s(50), 11, size1),
    tradeAt(btc, s(61), 11, size1),
  ];
  const twice = alone.flatMap((event): readonly FeedEvent[] =>
    event.kind === 'trade' ? [event] : [event, { ...event }],
  );
  const afterwards: readonly FeedEvent[] = [...alone.slice(0, 4), alone[2]!, { ...alone[3]! }, ...alone.slice(4)];

  it('make one hole, not two', () => {
    for (const events of [alone, twice, afterwards]) {
      expect(minutes(events)[0]).toMatchObject({ openTime: start, coverage: 0.75 });
      expect(heard(events, gaps()).values).toMatchObject([{ feed: 'test', from: s(20), to: s(35) }]);
    }
  });

  it('make one hole also of five minutes, of bars by count, and of quotes', () => {
    for (const events of [alone, twice, afterwards]) {
      expect(barsOf(events, toKlines('5m'))[0]?.coverage).toBeCloseTo(1 - 15 / 300, 9);
      const [counted] = barsOf(events, toKlines({ ticks: 2 }));
      expect(counted?.coverage).toBeCloseTo(1 - 15_000 / 50_001, 6);
      const quoted = events.map((event) =>
        event.kind === 'trade' ? quoteAt(btc, event.receivedAt, event.price, { volume: event.receivedAt }) : event,
      );
      expect(minutes(quoted)[0]).toMatchObject({ coverage: 0.75 });
    }
  });
});

describe('feeds of one vendor that are merged', () => {
  const crypto = { provider: 'itick', feed: 'itick:crypto' };
  const forex = { provider: 'itick', feed: 'itick:forex' };
  const eur = 'EURUSD.GB';
  const events = [
    connectedAt(s(0), undefined, crypto),
    connectedAt(s(0), undefined, forex),
    saidBy(tradeAt(btc, s(1), 10, size1), crypto),
    saidBy(tradeAt(eur, s(1), 1.1, size1), forex),
    saidBy(depthAt(btc, s(2), { bids: [{ price: 9, size: 1 }], asks: [{ price: 10, size: 1 }] }), crypto),
    saidBy(depthAt(eur, s(2), { bids: [{ price: 1, size: 1 }], asks: [{ price: 2, size: 1 }] }), forex),
    disconnectedAt(s(15), forex),
    connectedAt(s(30), { from: s(15) }, forex),
    saidBy(tradeAt(btc, s(61), 10, size1), crypto),
    saidBy(tradeAt(eur, s(61), 1.1, size1), forex),
  ];

  it('touch no bar of each other', () => {
    const bars = minutes(events).filter(({ openTime }) => openTime === start);
    expect(bars.find(({ symbol }) => symbol === btc)).toMatchObject({ coverage: 1 });
    expect(bars.find(({ symbol }) => symbol === eur)).toMatchObject({ coverage: 0.75 });
  });

  it('touch no book of each other', () => {
    const books = heard(events, orderBook()).values;
    expect(books.filter(({ valid }) => !valid).map(({ symbol }) => symbol)).toEqual([eur]);
    const ladders = heard(events, consolidateDepth()).values;
    expect(ladders.filter(({ sources }) => sources.length === 0).map(({ symbol }) => symbol)).toEqual([eur]);
  });

  it('touch no staleness of each other', () => {
    const states = heard(events, staleness({ after: 90 * SECOND }), { wait: MINUTE }).values;
    const stale = states.filter(({ state }) => state === 'stale');
    expect(new Set(stale.map(({ feed }) => feed))).toEqual(new Set(['itick:forex']));
  });

  it('have their own gaps', () => {
    expect(heard(events, gaps()).values).toMatchObject([{ feed: 'itick:forex', from: s(15), to: s(30) }]);
  });

  it('have names of their own by default', () => {
    const span = { from: start, until: s(5) };
    const names = (market: 'crypto' | 'stock') =>
      ran((at) => itickSaying(at, { market, topics: trades(btc) }, []), span).values.map(({ feed }) => feed);
    expect(new Set(names('crypto'))).toEqual(new Set(['itick:crypto']));
    expect(new Set(names('stock'))).toEqual(new Set(['itick:stock']));
    const tickflowNames = ran((at) => tickflowSaying(at, { topics: quotes('600000.SH') }, []), span).values;
    expect(new Set(tickflowNames.map(({ feed }) => feed))).toEqual(new Set(['tickflow']));
    const mine = ran((at) => tickflowSaying(at, { name: 'mine', topics: quotes('600000.SH') }, []), span).values;
    expect(new Set(mine.map(({ feed }) => feed))).toEqual(new Set(['mine']));
  });
});

describe('coverage is of the topic', () => {
  it('a topic added at :40 covers a third of its first minute', () => {
    for (const make of [
      (at: number) => tradeAt(eth, at, 10, size1),
      (at: number) => quoteAt(eth, at, 10, { volume: at }),
    ]) {
      const topics = make(0).kind === 'trade' ? trades(eth) : quotes(eth);
      const events = [
        connectedAt(s(-300)),
        subscribedAt(s(-300), trades(btc)),
        tradeAt(btc, s(1), 10, size1),
        subscribedAt(s(40), topics),
        make(s(41)),
        make(s(61)),
        tradeAt(btc, s(62), 10, size1),
      ];
      const bars = minutes(events);
      expect(bars.find(({ symbol }) => symbol === eth)?.coverage).toBeCloseTo(1 / 3, 9);
      expect(bars.find(({ symbol }) => symbol === btc)).toMatchObject({ coverage: 1 });
      expect(bars.filter(({ symbol }) => symbol === eth)[1]).toMatchObject({ coverage: 1 });
    }
  });

  it('is moved by no single event that comes late', () => {
    for (const kind of ['quote', 'trade'] as const) {
      const said = (at: number, receivedAt: number) =>
        kind === 'quote'
          ? quoteAt(btc, at, 10, { volume: at - start, receivedAt })
          : tradeAt(btc, at, 10, { size: 1, receivedAt });
      const events = [connectedAt(s(1)), said(s(1) + 1, s(3) + 541), said(s(65), s(65))];
      expect(minutes(events)[0]?.coverage).toBeCloseTo(59 / 60, 9);
      expect(minutes(events.slice(0, 2))[0]?.coverage).toBeCloseTo(59 / 60, 9);
    }
    const trades = [1, 2].map((second) => tradeAt(btc, s(second), 10, { size: 1, receivedAt: s(second) + 2_540 }));
    const [bar] = heard([connectedAt(s(1.5)), ...trades], toKlines({ ticks: 2 })).values.filter(({ closed }) => closed);
    expect(bar?.coverage).toBeCloseTo(0.5, 2);
  });

  it('is by the clock of a feed that is behind', () => {
    for (const behind of [3, 15 * 60]) {
      const events = [0, 1, 2, 61].map((second) =>
        tradeAt(btc, s(second + 30), 10, { receivedAt: s(second + 30 + behind) }),
      );
      const bars = minutes([connectedAt(s(behind + 15)), ...events]);
      expect(bars[0]?.coverage).toBeCloseTo(0.75, 9);
      expect(bars[1]).toMatchObject({ coverage: 1 });
    }
  });

  it.each(['quote', 'trade'] as const)('not wanted for 13 minutes: a %s tells what is missed', (kind) => {
    const said = (at: number, volume: number) =>
      kind === 'quote' ? quoteAt(btc, at, 10, { volume }) : tradeAt(btc, at, 10, { volume });
    const topics = kind === 'quote' ? quotes(btc) : trades(btc);
    const events = [
      connectedAt(s(0)),
      subscribedAt(s(0), topics),
      said(s(1), 100),
      said(s(2), 110),
      unsubscribedAt(s(30), topics),
      subscribedAt(s(30 + 13 * 60), topics),
      said(s(31 + 13 * 60), 150),
      said(s(32 + 13 * 60), 155),
    ];
    const bars = minutes(events);
    expect(bars.reduce((sum, { volume }) => sum + volume, 0)).toBe(15);
    expect(bars.reduce((sum, { missedVolume }) => sum + missedVolume, 0)).toBe(40);
    expect(bars[0]?.coverage).toBeCloseTo(0.5, 9);
    expect(bars.at(-1)?.coverage).toBeCloseTo(0.5, 9);
    const [hour] = barsOf(events, toKlines('1h', { forming: 'each' }));
    expect(hour).toMatchObject({ volume: 15, missedVolume: 40 });
  });

  it('a hole of a topic ends with its `subscribed`', () => {
    const events = [
      connectedAt(s(0)),
      subscribedAt(s(0), trades(btc)),
      tradeAt(btc, s(1), 10, size1),
      disconnectedAt(s(15)),
      connectedAt(s(30), { from: s(15) }),
      subscribedAt(s(45), trades(btc)),
      tradeAt(btc, s(50), 10, size1),
      tradeAt(btc, s(61), 10, size1),
    ];
    expect(minutes(events)[0]).toMatchObject({ coverage: 0.5 });
    expect(heard(events, gaps()).values).toMatchObject([{ from: s(15), to: s(45) }]);
  });

  it('both vendors say when a topic is served, and when no longer', () => {
    const topics$ = new Subject<readonly Topic[]>();
    const itickEvents = ran(
      (at) => {
        at(s(1), () => topics$.next(trades(btc)));
        at(s(10), () => topics$.next([...trades(btc), ...quotes(eth)]));
        at(s(20), () => topics$.next(quotes(eth)));
        return itickSaying(at, { market: 'crypto', topics: topics$ }, []);
      },
      { from: start, until: s(30) },
    ).values;
    const changes = (events: readonly FeedEvent[]) =>
      events.flatMap((event) =>
        event.kind === 'subscribed' || event.kind === 'unsubscribed'
          ? [[event.kind, Math.round((event.receivedAt - start) / SECOND), event.topics]]
          : [],
      );
    expect(changes(itickEvents)).toEqual([
      ['subscribed', 1, trades(btc)],
      ['subscribed', 10, quotes(eth)],
      ['unsubscribed', 20, trades(btc)],
    ]);
    const wanted$ = new Subject<readonly Topic[]>();
    const tickflowEvents = ran(
      (at) => {
        at(s(1), () => wanted$.next(quotes('600000.SH')));
        at(s(10), () => wanted$.next(quotes('600000.SH', '00700.HK')));
        at(s(20), () => wanted$.next(quotes('00700.HK')));
        return tickflowSaying(at, { topics: wanted$ }, []);
      },
      { from: start, until: s(30) },
    ).values;
    expect(changes(tickflowEvents)).toEqual([
      ['subscribed', 1, quotes('600000.SH')],
      ['subscribed', 10, quotes('00700.HK')],
      ['unsubscribed', 20, quotes('600000.SH')],
    ]);
  });
});

describe('one watch of all', () => {
  const vendorOf = (at: At): SharedFeed => {
    const vendor = scriptedVendor('itick');
    for (let i = 0; i < 20; i++) {
      at(s(3 + i * 7), () => {
        const [symbol, price] = i % 3 === 0 ? [btc, 10 + i] : [eth, 20 - i];
        vendor.act(aTrade({ symbol, price, size: 1 + i, time: s(3 + i * 7) }));
      });
    }
    at(s(40), () => vendor.drop());
    at(s(100), () => vendor.drop());
    return shareFeed((topics) =>
      itick({ token: 'demo', market: 'crypto', topics, openSocket: vendor.openSocket, backoff: () => 4_000 }),
    );
  };
  const span = { from: start, until: s(400) };
  const barsBy = (watched: (desk: SharedFeed) => Observable<FeedEvent>): readonly Kline[] => {
    const { values, error } = ran((at) => watched(vendorOf(at)).pipe(toKlines('1m')), span);
    expect(error).toBeUndefined();
    return lastWords(values)
      .map((bar) => ({ ...bar, receivedAt: 0 }))
      .sort((a, b) => a.openTime - b.openTime || (a.symbol < b.symbol ? -1 : 1));
  };
  const all = barsBy((desk) => desk.watch(trades(btc, eth)));

  it('gives bars that know of the holes', () => {
    expect(all.length).toBeGreaterThan(4);
    for (const { coverage } of all) {
      expect(coverage).toBeGreaterThanOrEqual(0);
      expect(coverage).toBeLessThanOrEqual(1);
    }
    expect(all.filter(({ coverage }) => coverage < 1).length).toBeGreaterThan(1);
  });

  it('gives the bars of two watches that are merged', () => {
    expect(barsBy((desk) => merge(desk.watch(trades(btc)), desk.watch(trades(eth))))).toEqual(all);
  });

  it('gives the bars of watches by `mergeMap`', () => {
    const symbols$ = from([btc, eth]);
    expect(barsBy((desk) => symbols$.pipe(mergeMap((symbol) => desk.watch(trades(symbol)))))).toEqual(all);
  });
});

describe('one instrument in two spellings', () => {
  const spelled = ['00700.HK', '700.HK'] as const;

  it('is one bar in every interval, in the spelling first asked', () => {
    const events = spelled.map((symbol, i) => tradeAt(symbol, s(i), 10 + i, size1));
    for (const bars of [minutes(events), barsOf(events, toKlines('1d')), barsOf(events, toKlines({ ticks: 2 }))]) {
      expect(bars).toMatchObject([{ symbol: '00700.HK', open: 10, close: 11, volume: 2 }]);
    }
  });

  it('is one quote to `conflate`, one book, and one in `staleness`', () => {
    const quoted = spelled.map((symbol, i) => quoteAt(symbol, s(0) + i, 10 + i));
    const conflated = heard(quoted, conflate<FeedEvent>({ every: 100 })).values;
    expect(conflated).toMatchObject([{ symbol: '00700.HK', merged: 2 }]);
    const states = heard(quoted, staleness({ after: 10 * SECOND }), { wait: MINUTE }).values;
    expect(states.map(({ symbol, state }) => `${symbol} ${state}`)).toEqual(['00700.HK fresh', '00700.HK stale']);
    const levels = { bids: [{ price: 9, size: 1 }], asks: [{ price: 10, size: 1 }] };
    const depth = [
      depthAt('00700.HK', s(0), levels),
      depthAt('700.HK', s(1), { type: 'update', bids: [{ price: 9, size: 5 }] }),
    ];
    expect(heard(depth, orderBook()).values.at(-1)).toMatchObject({
      symbol: '00700.HK',
      bids: [{ price: 9, size: 5 }],
      asks: [{ price: 10, size: 1 }],
    });
  });
});

describe('nothing nobody asked for', () => {
  const kinds = (events: readonly FeedEvent[]) => events.map(({ kind }) => kind);

  it('reaches the subscriber of iTick: other intervals, symbols and channels', () => {
    const row = { o: 1, h: 1, l: 1, c: 1, v: 1, t: start };
    const says = [
      [s(1), { s: 'BTCUSDT', r: 'BA', ...row, type: 'kline@2' }],
      [s(2), { s: 'BTCUSDT', r: 'BA', ...row, type: 'kline@2' }],
      [s(3), { s: 'ETHUSDT', r: 'BA', ...row, type: 'kline@1' }],
      [s(4), { s: 'BTCUSDT', r: 'BA', ld: 1, v: 1, t: start, type: 'quote' }],
      [s(5), { s: 'BTCUSDT', r: 'BA', ...row, type: 'kline@1' }],
    ] as const;
    const { values } = ran((at) => itickSaying(at, { market: 'crypto', topics: klines('1m', btc) }, says), {
      from: start,
      until: s(6),
    });
    expect(values.filter(({ kind }) => kind === 'kline')).toMatchObject([{ interval: '1m', symbol: btc }]);
    expect(kinds(values)).not.toContain('quote');
    expect(values.filter(({ kind }) => kind === 'unexpected')).toMatchObject([
      { topic: { channel: 'kline', interval: '5m' }, count: 1 },
      { topic: { channel: 'kline', symbol: eth } },
      { topic: { channel: 'quote', symbol: btc } },
    ]);
  });

  it('reaches the subscriber of TickFlow', () => {
    const says = [
      [s(1), { symbol: '600519.SH', last_price: 1, volume: 1, timestamp: start }],
      [
        s(2),
        { symbol: '600000.SH', bid_prices: [1], bid_volumes: [1], ask_prices: [], ask_volumes: [], timestamp: start },
      ],
      [s(3), { symbol: '600000.SH', last_price: 1, volume: 1, timestamp: start }],
    ] as const;
    const { values } = ran((at) => tickflowSaying(at, { topics: quotes('600000.SH') }, says), {
      from: start,
      until: s(6),
    });
    expect(values.filter(({ kind }) => kind === 'quote')).toMatchObject([{ symbol: '600000.SH' }]);
    expect(kinds(values)).not.toContain('depth');
    expect(values.filter(({ kind }) => kind === 'unexpected')).toMatchObject([
      { topic: { channel: 'quote', symbol: '600519.SH' } },
      { topic: { channel: 'depth', symbol: '600000.SH' } },
    ]);
  });

  it('late data of a topic just withdrawn stay silent', () => {
    const topics$ = new Subject<readonly Topic[]>();
    const { values } = ran(
      (at) => {
        at(s(1), () => topics$.next(trades(btc, eth)));
        at(s(2), () => topics$.next(trades(btc)));
        return itickSaying(at, { market: 'crypto', topics: topics$ }, [
          [s(2) + 100, { s: 'ETHUSDT', r: 'BA', ld: 1, v: 1, t: start, type: 'tick' }],
          [s(3), { s: 'BTCUSDT', r: 'BA', ld: 1, v: 1, t: start, type: 'tick' }],
        ]);
      },
      { from: start, until: s(6) },
    );
    expect(kinds(values)).not.toContain('unexpected');
    expect(values.filter(({ kind }) => kind === 'trade')).toMatchObject([{ symbol: btc }]);
  });
});

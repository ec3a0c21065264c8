import { asyncScheduler, EMPTY, filter, from, map, NEVER, Observable, of, throwError, type Subscriber } from 'rxjs';
import { HistoryRefused } from '../../../lib/history/errors.js';
import type { History } from '../../../lib/history/History.js';
import { flattenError } from '../../../lib/model/errorData.js';
import { ConnectionLost, InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { depths, klines, quotes, trades, type Topic } from '../../../lib/model/topic.js';
import { backfill } from '../../../lib/operators/backfill/backfill.js';
import type { BackfillOptions } from '../../../lib/operators/backfill/BackfillOptions.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { resampleKlines } from '../../../lib/operators/klines/resampleKlines.js';
import { aDepth, aQuote } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { barsOf, executions, feedOf, historyOf, MINUTE, names, played, said, SECOND, SYMBOL } from './market.js';

const truth = executions(7, 20);
const bars = barsOf(truth);
const cut = [5 * MINUTE + 20 * SECOND, 8 * MINUTE + 10 * SECOND] as const;
const minute: BackfillOptions = { interval: '1m' };
const cause = flattenError(new ConnectionLost(1006));

/** What a repaired feed says beside what was live. */
const repairsOf = (flush: () => void, feed$: Observable<FeedEvent>, history: History, options = minute) => {
  const heard: { readonly event: FeedEvent; readonly at: number }[] = [];
  const subscription = feed$
    .pipe(backfill(history, options))
    .subscribe((event) => heard.push({ event, at: asyncScheduler.now() }));
  asyncScheduler.schedule(() => subscription.unsubscribe(), 60 * MINUTE);
  flush();
  return {
    klines: heard.flatMap(({ event, at }) => (event.kind === 'kline' ? [{ bar: event, at }] : [])),
    ends: heard.flatMap(({ event }) => (event.kind === 'backfilled' ? [event] : [])),
  };
};
const minutes = (klines: readonly { readonly bar: Kline }[]) => klines.map(({ bar }) => bar.openTime / MINUTE);

describe('backfill', () => {
  it(
    'asks once for the bars of the hole and those beside it, when they are final',
    marbles(({ flush }) => {
      const { history, asked } = historyOf(bars);
      const { klines, ends } = repairsOf(flush, feedOf(truth, 'figures', [cut]), history);
      expect(asked).toMatchObject([{ interval: '1m', symbols: [SYMBOL], at: 10 * MINUTE + 5 * SECOND }]);
      expect(minutes(klines)).toEqual([5, 6, 7, 8]);
      expect(klines.map(({ bar }) => [bar.coverage, bar.missedVolume, bar.revision])).toEqual([
        [expect.closeTo(1 / 3, 9), 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [expect.closeTo(5 / 6, 9), 0, 1],
      ]);
      expect(ends).toMatchObject([
        { outcome: 'whole', bars: 4, missing: [], from: 5 * MINUTE, to: 9 * MINUTE, attempts: 1, ...names },
      ]);
      expect(ends[0]?.proof).toEqual({ volume: 'whole', overlap: { compared: 2, agreed: 2 } });
    }),
  );

  it.each(['figures', 'quotes'] as const)(
    'asks once for a hole that begins in the bar in which the symbol was first seen: %s say nothing of what was before',
    (form) =>
      marbles(({ flush }) => {
        const busy = executions(7, 40, 20);
        const all = barsOf(busy);
        const { history, asked } = historyOf(all);
        const opened = 14 * MINUTE + 17 * SECOND;
        const lost: readonly [number, number] = [14 * MINUTE + 40 * SECOND, 17 * MINUTE + 10 * SECOND];
        const seen$ = feedOf(busy, form, [lost]).pipe(filter(({ receivedAt }) => receivedAt >= opened));
        const { klines, ends } = repairsOf(flush, seen$, history);
        expect(ends).toMatchObject([{ outcome: 'whole', bars: 4, missing: [], attempts: 1 }]);
        expect(ends[0]?.proof).toEqual({ volume: 'none', overlap: { compared: 1, agreed: 1 } });
        expect(asked).toHaveLength(1);
        const holed = all.filter(({ openTime }) => openTime >= 14 * MINUTE && openTime < 18 * MINUTE);
        expect(klines.map(({ bar }) => [bar.openTime, bar.volume])).toEqual(
          holed.map(({ openTime, volume }) => [openTime, volume]),
        );
      })(),
  );

  it(
    'uses nothing of a history that has more than what may have been traded before the first figure',
    marbles(({ flush }) => {
      const busy = executions(7, 40, 20);
      const more = barsOf(busy).map((bar) =>
        bar.openTime === 16 * MINUTE ? { ...bar, volume: bar.volume + 10_000 } : bar,
      );
      const opened = 14 * MINUTE + 17 * SECOND;
      const lost: readonly [number, number] = [14 * MINUTE + 40 * SECOND, 17 * MINUTE + 10 * SECOND];
      const seen$ = feedOf(busy, 'figures', [lost]).pipe(filter(({ receivedAt }) => receivedAt >= opened));
      const { klines, ends } = repairsOf(flush, seen$, historyOf(more).history);
      expect(klines).toEqual([]);
      expect(ends).toMatchObject([
        { outcome: 'none', reason: expect.stringContaining('volume in the hole') as string },
      ]);
    }),
  );

  it.each([
    ['trades', 'none'],
    ['figures', 'whole'],
  ] as const)('repairs the bar before the hole as well, whose last execution was lost on its way: %s', (form, volume) =>
    marbles(({ flush }) => {
      const even = Array.from({ length: 60 }, (_, i) => ({
        time: i * 10 * SECOND + 5 * SECOND,
        price: 100 + (i % 7),
        size: 100 + i,
      }));
      const all = [...even.slice(0, 30), { time: 5 * MINUTE - 20, price: 101, size: 7 }, ...even.slice(30)];
      const lost = 5 * MINUTE + 10;
      const back = 6 * MINUTE + 12 * SECOND;
      const heard = said(all, form).filter(({ time }) => time < 5 * MINUTE - 20 || time >= back);
      const link: readonly FeedEvent[] = [
        { ...names, kind: 'disconnected', receivedAt: lost + 5, cause, attempt: 1, retryAt: back },
        { ...names, kind: 'connected', receivedAt: back, attempt: 1, resumed: { from: lost, to: back } },
      ];
      const events = [...heard, ...link].sort((a, b) => a.receivedAt - b.receivedAt);
      const { history, asked } = historyOf(barsOf(all));
      const { klines, ends } = repairsOf(flush, played(events), history);
      expect(klines.map(({ bar }) => [bar.openTime / MINUTE, bar.volume, bar.coverage])).toEqual([
        [4, 766, 1],
        [5, 795, expect.closeTo(0.01 / 60, 9)],
        [6, 831, 0.8],
      ]);
      expect(ends).toMatchObject([{ outcome: 'whole', bars: 2, from: 5 * MINUTE, proof: { volume } }]);
      expect(asked).toHaveLength(1);
    })(),
  );

  it(
    'takes the hole of one of several sockets of a feed for one of the history',
    marbles(({ flush }) => {
      const { history } = historyOf(bars);
      const feed = `${names.feed}#2`;
      const second$ = feedOf(truth, 'figures', [cut]).pipe(map((event): FeedEvent => ({ ...event, feed })));
      const { klines, ends } = repairsOf(flush, second$, history);
      expect(minutes(klines)).toEqual([5, 6, 7, 8]);
      expect(klines.map(({ bar }) => bar.feed)).toEqual([feed, feed, feed, feed]);
      expect(ends).toMatchObject([{ outcome: 'whole', bars: 4, feed }]);
    }),
  );

  it(
    'makes bars and larger bars whole behind it',
    marbles(({ flush }) => {
      const larger = new Map<number, Kline>();
      feedOf(truth, 'quotes', [cut])
        .pipe(
          backfill(historyOf(bars).history, minute),
          toKlines('1m', { horizon: 1 }),
          resampleKlines('5m', { horizon: 1 }),
        )
        .subscribe((bar) => larger.set(bar.openTime, bar));
      asyncScheduler.schedule(() => undefined, 25 * MINUTE);
      flush();
      const sum = (from: number): number =>
        bars
          .filter(({ openTime }) => openTime >= from && openTime < from + 5 * MINUTE)
          .reduce((all, { volume }) => all + volume, 0);
      expect(larger.get(5 * MINUTE)).toMatchObject({ volume: sum(5 * MINUTE), missedVolume: 0, closed: true });
      expect(larger.get(10 * MINUTE)).toMatchObject({ volume: sum(10 * MINUTE), coverage: 1 });
    }),
  );

  it(
    'asks for the bars before a symbol is first seen, those that are final at once',
    marbles(({ flush }) => {
      const late = truth.filter(({ time }) => time >= 10 * MINUTE);
      const { history, asked } = historyOf(bars);
      const connected: FeedEvent = {
        ...names,
        kind: 'connected',
        receivedAt: 10 * MINUTE,
        attempt: 1,
        resumed: undefined,
      };
      const { klines, ends } = repairsOf(flush, played([connected, ...said(late, 'trades')]), history, {
        ...minute,
        warm: 4,
      });
      expect(minutes(klines)).toEqual(bars.map(({ openTime }) => openTime / MINUTE).filter((at) => at >= 6 && at < 10));
      expect(klines.every(({ bar }) => bar.coverage === 0)).toBe(true);
      expect(asked[0]?.at).toBeLessThan(11 * MINUTE);
      expect(ends).toMatchObject([{ from: 6 * MINUTE, to: 10 * MINUTE, bars: klines.length }]);
    }),
  );

  it(
    'asks for symbols that were named before anything is received of them, and then for the bars that ended meanwhile',
    marbles(({ flush }) => {
      const { history, asked } = historyOf(bars);
      const firstMinute = Math.floor((truth.find(({ time }) => time > 15 * MINUTE)?.time ?? NaN) / MINUTE);
      const feed$ = played(said(truth, 'trades').filter(({ time }) => time > 15 * MINUTE));
      asyncScheduler.schedule(() => undefined, 14 * MINUTE);
      const late$ = new Observable<FeedEvent>((subscriber) =>
        asyncScheduler.schedule(
          () => feed$.pipe(backfill(history, { ...minute, warm: 3, symbols: [SYMBOL] })).subscribe(subscriber),
          14 * MINUTE,
        ),
      );
      const heard: FeedEvent[] = [];
      late$.subscribe((event) => heard.push(event));
      flush();
      expect(asked[0]?.at).toBe(14 * MINUTE);
      const ends = heard.filter((event) => event.kind === 'backfilled');
      expect(ends.map((end) => [end.from / MINUTE, end.to / MINUTE])).toEqual([
        [11, 14],
        [14, firstMinute],
      ]);
      expect(
        heard.filter((event): event is Kline => event.kind === 'kline').map(({ openTime }) => openTime / MINUTE),
      ).toEqual(bars.map(({ openTime }) => openTime / MINUTE).filter((at) => at >= 11 && at < firstMinute));
    }),
  );

  it(
    'takes a hole to last until the vendor serves the topic again',
    marbles(({ flush }) => {
      const { history, asked } = historyOf(bars);
      const topics = trades(SYMBOL);
      const back = cut[1] + 3 * MINUTE;
      const served = (receivedAt: number): FeedEvent => ({ ...names, kind: 'subscribed', receivedAt, topics });
      const events: FeedEvent[] = [
        served(1),
        {
          ...names,
          kind: 'disconnected',
          receivedAt: cut[0],
          cause,
          attempt: 1,
          retryAt: cut[1],
        },
        { ...names, kind: 'connected', receivedAt: cut[1], attempt: 1, resumed: { from: cut[0], to: cut[1] } },
        served(back),
        ...said(truth, 'figures').filter(({ time }) => time < cut[0] || time >= back),
      ];
      const { ends } = repairsOf(flush, played(events.sort((a, b) => a.receivedAt - b.receivedAt)), history);
      expect(ends).toMatchObject([{ outcome: 'whole', from: 5 * MINUTE, to: 12 * MINUTE }]);
      expect(asked).toHaveLength(1);
    }),
  );

  it(
    'takes a hole to last until all is served again of which bars are made, though other data come before',
    marbles(({ flush }) => {
      const { history } = historyOf(bars);
      const served = (receivedAt: number, topics: readonly Topic[]): FeedEvent => ({
        ...names,
        kind: 'subscribed',
        receivedAt,
        topics,
      });
      const [soon, back] = [cut[1] + SECOND, cut[1] + 2 * MINUTE];
      const facts = { ...names, symbol: SYMBOL, receivedAt: soon, time: soon };
      const events: FeedEvent[] = [
        served(1, [...trades(SYMBOL), ...quotes(SYMBOL), ...depths(SYMBOL)]),
        { ...names, kind: 'disconnected', receivedAt: cut[0], cause, attempt: 1, retryAt: cut[1] },
        { ...names, kind: 'connected', receivedAt: cut[1], attempt: 1, resumed: { from: cut[0], to: cut[1] } },
        served(soon, [...quotes(SYMBOL), ...depths(SYMBOL)]),
        aDepth(facts),
        aQuote({ ...facts, last: 1_000, volume: undefined }),
        served(back, trades(SYMBOL)),
        ...said(truth, 'figures').filter(({ time }) => time < cut[0] || time >= back),
      ];
      const { ends } = repairsOf(flush, played(events.sort((a, b) => a.receivedAt - b.receivedAt)), history);
      expect(ends).toMatchObject([{ outcome: 'whole', from: 5 * MINUTE, to: 11 * MINUTE }]);
    }),
  );

  it(
    'repairs the bars that a delayed feed has lost, which are those of a quarter of an hour before',
    marbles(({ flush }) => {
      const delay = 15 * MINUTE;
      const { history } = historyOf(bars);
      const delayed = said(truth, 'figures').map((event) => ({ ...event, receivedAt: event.time + delay }));
      const [lost, back] = [cut[0] + delay, cut[1] + delay];
      const link: FeedEvent[] = [
        { ...names, kind: 'connected', receivedAt: 1, attempt: 1, resumed: undefined },
        { ...names, kind: 'disconnected', receivedAt: lost, cause, attempt: 1, retryAt: back },
        { ...names, kind: 'connected', receivedAt: back, attempt: 1, resumed: { from: lost, to: back } },
      ];
      const heard = delayed.filter(({ receivedAt }) => receivedAt < lost || receivedAt >= back);
      const feed$ = played([...link, ...heard].sort((a, b) => a.receivedAt - b.receivedAt));
      const { ends, klines } = repairsOf(flush, feed$, history);
      expect(ends).toMatchObject([{ outcome: 'whole', from: 5 * MINUTE, to: 9 * MINUTE, attempts: 1 }]);
      expect(ends[0]?.proof).toEqual({ volume: 'whole', overlap: { compared: 2, agreed: 2 } });
      expect(minutes(klines)).toEqual([5, 6, 7, 8]);
    }),
  );

  it(
    'takes a topic that is not wanted any more, or refused, out of what it waits for',
    marbles(({ flush }) => {
      const { history } = historyOf(bars);
      const [trade, quote] = [trades(SYMBOL), quotes(SYMBOL)];
      const other = [...depths(SYMBOL), ...klines('5m', SYMBOL), ...trades('NONE.BA')];
      const link = (receivedAt: number, kind: 'subscribed' | 'unsubscribed', topics: readonly Topic[]): FeedEvent => ({
        ...names,
        kind,
        receivedAt,
        topics,
      });
      const back = cut[1] + 30 * SECOND;
      const events: FeedEvent[] = [
        link(1, 'subscribed', [...trade, ...quote, ...klines('1m', SYMBOL), ...other]),
        link(2, 'unsubscribed', [...klines('1m', SYMBOL), ...other]),
        { ...names, kind: 'disconnected', receivedAt: cut[0], cause, attempt: 1, retryAt: cut[1] },
        { ...names, kind: 'connected', receivedAt: cut[1], attempt: 1, resumed: { from: cut[0], to: cut[1] } },
        link(cut[1] + 1, 'subscribed', trade),
        { ...names, kind: 'refused', receivedAt: back, topics: quote, reason: 'not in your plan' },
        ...said(truth, 'figures').filter(({ time }) => time < cut[0] || time >= back),
      ];
      const { ends } = repairsOf(flush, played(events.sort((a, b) => a.receivedAt - b.receivedAt)), history);
      expect(ends).toMatchObject([{ outcome: 'whole', from: 5 * MINUTE, to: 9 * MINUTE }]);
    }),
  );

  it.each([
    ['agrees with', 0, 'whole'],
    ['does not agree with', 1, 'none'],
  ])("compares a history that %s the vendor's own bars to the digit", (_, by, outcome) =>
    marbles(({ flush }) => {
      const { history } = historyOf(bars, (_query, rows) =>
        from(rows.map((bar) => ({ ...bar, close: bar.close + by }))),
      );
      const pushed = bars.map((bar): FeedEvent => ({
        ...bar,
        closed: false,
        time: bar.openTime + 30 * SECOND,
        receivedAt: bar.closeTime - 20 * SECOND,
      }));
      const link: FeedEvent[] = [
        { ...names, kind: 'connected', receivedAt: 0, attempt: 1, resumed: undefined },
        { ...names, kind: 'disconnected', receivedAt: cut[0], cause, attempt: 1, retryAt: cut[1] },
        { ...names, kind: 'connected', receivedAt: cut[1], attempt: 1, resumed: { from: cut[0], to: cut[1] } },
      ];
      const heard = pushed.filter(({ receivedAt }) => receivedAt < cut[0] || receivedAt >= cut[1]);
      const { ends } = repairsOf(
        flush,
        played([...link, ...heard].sort((a, b) => a.receivedAt - b.receivedAt)),
        history,
      );
      expect(ends).toMatchObject([{ outcome }]);
    })(),
  );

  it(
    'goes on with what it has where a symbol is not wanted any more when the link is back',
    marbles(({ flush }) => {
      const { history } = historyOf(bars);
      const again = 9 * MINUTE;
      const quiet = said(truth, 'figures').filter(({ time }) => time < cut[0]);
      const topics = trades(SYMBOL);
      const events: FeedEvent[] = [
        { ...names, kind: 'subscribed', receivedAt: 1, topics },
        ...quiet,
        { ...names, kind: 'disconnected', receivedAt: cut[0], cause, attempt: 1, retryAt: cut[1] },
        { ...names, kind: 'connected', receivedAt: cut[1], attempt: 1, resumed: { from: cut[0], to: cut[1] } },
        { ...names, kind: 'subscribed', receivedAt: cut[1], topics },
        { ...names, kind: 'disconnected', receivedAt: again, cause, attempt: 1, retryAt: again + 1 },
        { ...names, kind: 'connected', receivedAt: again + 1, attempt: 1, resumed: undefined },
      ];
      const { ends } = repairsOf(flush, played(events.sort((a, b) => a.receivedAt - b.receivedAt)), history);
      expect(ends).toMatchObject([{ from: 5 * MINUTE, to: 9 * MINUTE, bars: 4 }]);
    }),
  );

  it(
    'gives up a hole that is too long, and asks for none of it',
    marbles(({ flush }) => {
      const { history, asked } = historyOf(bars);
      const { klines, ends } = repairsOf(flush, feedOf(truth, 'trades', [cut]), history, {
        ...minute,
        maxHole: 2 * MINUTE,
      });
      expect([klines, asked]).toEqual([[], []]);
      expect(ends).toMatchObject([
        { outcome: 'none', bars: 0, attempts: 0, reason: expect.stringContaining('maxHole') as string },
      ]);
      expect(ends[0]?.missing).toEqual([5, 6, 7, 8].map((at) => at * MINUTE));
    }),
  );

  it(
    'asks a history no more whose credential is refused, and ends each hole',
    marbles(({ flush }) => {
      const refusal = new HistoryRefused({ status: 401, reason: 'bad key' });
      const { history, asked } = historyOf(bars, () => throwError(() => refusal));
      const second = [15 * MINUTE, 16 * MINUTE] as const;
      const { ends } = repairsOf(flush, feedOf(truth, 'trades', [cut, second]), history);
      expect(asked).toHaveLength(1);
      expect(ends).toMatchObject([
        { outcome: 'none', reason: refusal.message },
        { outcome: 'none', reason: refusal.message },
      ]);
    }),
  );

  it(
    'ends a hole whose bars the history refuses to ask for, and no feed',
    marbles(({ flush }) => {
      const { history } = historyOf(bars);
      const problem = new InvalidOption('interval', '1m', 'the vendor has no such bars');
      const refuse = (): never => {
        throw problem;
      };
      const { ends } = repairsOf(flush, feedOf(truth, 'trades', [cut]), { ...history, klines: refuse });
      expect(ends).toMatchObject([{ outcome: 'none', bars: 0, reason: problem.message }]);
    }),
  );

  it(
    'waits as long as the vendor asks for',
    marbles(({ flush }) => {
      const slow = new HistoryRefused({ status: 429, retryAfter: 90_000, reason: 'slow down' });
      const { history, asked } = historyOf(bars, (_, rows, call) => (call === 1 ? throwError(() => slow) : from(rows)));
      repairsOf(flush, feedOf(truth, 'figures', [cut]), history);
      const [first, again] = asked;
      expect((again?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(90_000);
    }),
  );

  it(
    'asks for several symbols in one call where the history takes them',
    marbles(({ flush }) => {
      const other = (kline: Kline): Kline => ({ ...kline, symbol: 'ETHUSDT.BA' });
      const both = [...bars, ...bars.map(other)];
      const { history, asked } = historyOf(both, undefined, { batch: 100 });
      const feed$ = feedOf(truth, 'figures', [cut]);
      const doubled$ = new Observable<FeedEvent>((subscriber) =>
        feed$.subscribe((event) => {
          subscriber.next(event);
          if (event.kind === 'trade') subscriber.next({ ...event, symbol: 'ETHUSDT.BA' });
        }),
      );
      const { ends, klines } = repairsOf(flush, doubled$, history);
      expect(asked.map(({ symbols }) => symbols.length)).toEqual([2]);
      expect(ends.map(({ outcome }) => outcome)).toEqual(['whole', 'whole']);
      expect(klines).toHaveLength(8);
    }),
  );

  it(
    'leaves the holes of other providers alone',
    marbles(({ flush }) => {
      const { history, asked } = historyOf(bars);
      const { ends } = repairsOf(flush, feedOf(truth, 'trades', [cut]), { ...history, provider: 'tickflow' });
      expect([asked, ends]).toEqual([[], []]);
    }),
  );

  it(
    'aborts what it asked for when it is left, and says that a hole is given up when the feed ends',
    marbles(({ flush }) => {
      let open = 0;
      const { history } = historyOf(bars, () => new Observable(() => ((open += 1), () => (open -= 1))));
      const feed$ = feedOf(truth, 'trades', [cut]);
      const left = feed$.pipe(backfill(history, minute)).subscribe();
      const heard: string[] = [];
      let source: Subscriber<FeedEvent> | undefined;
      const ending$ = new Observable<FeedEvent>((subscriber) => ((source = subscriber), feed$.subscribe(subscriber)));
      ending$.pipe(backfill(history, minute)).subscribe({
        next: (event) => heard.push(event.kind === 'backfilled' ? `${event.outcome} ${event.reason}` : event.kind),
        complete: () => heard.push('complete'),
      });
      asyncScheduler.schedule(() => {
        expect(open).toBe(2);
        left.unsubscribe();
        source?.complete();
        expect(open).toBe(0);
      }, 11 * MINUTE);
      flush();
      expect(heard.slice(-2)).toEqual(['none the feed ended before the history answered', 'complete']);
    }),
  );

  it(
    'is nothing, one, silent or an error as the feed is',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const { history } = historyOf(bars);
      const [one] = said(truth, 'trades');
      const source = cold('-a-#', { a: one as FeedEvent });
      expectObservable(source.pipe(backfill(history, minute))).toBe('-a-#', { a: one });
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectObservable(EMPTY.pipe(backfill(history, minute))).toBe('|');
      expectObservable(NEVER.pipe(backfill(history, minute)), '^---!').toBe('-');
      const left = cold('-a---', { a: one as FeedEvent });
      expectObservable(left.pipe(backfill(history, minute)), '^--!').toBe('-a-', { a: one });
      expectSubscriptions(left.subscriptions).toBe('^--!');
    }),
  );

  it.each<[string, unknown, unknown]>([
    ['interval', '7m', undefined],
    ['warm', 1.5, undefined],
    ['maxHole', 0, undefined],
    ['settle', -1, undefined],
    ['attempts', 0, undefined],
    ['symbols', [SYMBOL], 0],
  ])('refuses a bad `%s`', (option, value, warm) => {
    const options = { ...minute, [option]: value, ...(warm !== undefined && { warm }) } as BackfillOptions;
    expect(() => backfill(historyOf(bars).history, options)).toThrow(InvalidOption);
  });

  it(
    'may be left inside the bar that it repaired',
    marbles(({ flush }) => {
      const { history } = historyOf(bars, (_, rows) => of(...rows));
      const heard: string[] = [];
      const subscription = feedOf(truth, 'figures', [cut])
        .pipe(backfill(history, minute))
        .subscribe(({ kind }) => {
          heard.push(kind);
          if (kind === 'kline') subscription.unsubscribe();
        });
      flush();
      expect(heard.filter((kind) => kind === 'kline')).toHaveLength(1);
      expect(heard).not.toContain('backfilled');
    }),
  );

  it(
    'takes no bar that is equal to its neighbour as well for a proof of the times of a history',
    marbles(({ flush }) => {
      // Minutes 1 and 2 are the same trade, so a history that is a bar early agrees in minute 1.
      const alike = [...truth.filter(({ time }) => time > 3 * MINUTE), ...[1, 2].map(oneTrade)].sort(byTime);
      const early = barsOf([{ time: SECOND, price: 990, size: 5 }, ...alike]).map((bar) => ({
        ...bar,
        openTime: bar.openTime - MINUTE,
        closeTime: bar.closeTime - MINUTE,
      }));
      const { history } = historyOf(early);
      const lost = [2 * MINUTE + SECOND, 20 * MINUTE] as const;
      const { klines, ends } = repairsOf(flush, feedOf(alike, 'trades', [lost]), history, { ...minute, attempts: 2 });
      expect(klines).toEqual([]);
      expect(ends).toMatchObject([
        { outcome: 'none', bars: 0, reason: expect.stringContaining('all alike') as string },
      ]);
    }),
  );
});

const byTime = (one: { readonly time: number }, other: { readonly time: number }): number => one.time - other.time;
const oneTrade = (at: number) => ({ time: at * MINUTE + 40 * SECOND, price: 1_003, size: 1 });

import { isDeepStrictEqual } from 'node:util';
import {
  forkJoin,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  timer,
  toArray,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import type { Connected, Disconnected, FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { trades } from '../../../lib/model/topic.js';
import { addOrReplace } from '../../../lib/operators/klines/addOrReplace.js';
import { resampleKlines } from '../../../lib/operators/klines/resampleKlines.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { shareFeed, type SharedFeed } from '../../../lib/share/shareFeed.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected, disconnected } from '../../share/linkEvents.js';
import { barsOf, lastWords, MINUTE, symbol } from './aTape.js';

const trade = (time: number, more: Partial<ReturnType<typeof aTrade>> = {}) =>
  aTrade({ symbol, time, receivedAt: time, ...more });
const live = (receivedAt: number): Connected => ({ ...connected, receivedAt });
const lost = (receivedAt: number): Disconnected => ({ ...disconnected, receivedAt });
const back = (from: number, to: number): Connected => ({ ...live(to), attempt: 2, resumed: { from, to } });
const coverages = (...events: readonly FeedEvent[]) => lastWords(barsOf(events, '1m')).map(({ coverage }) => coverage);

const allOf = <A, B>(events: readonly A[], operator: OperatorFunction<A, B>): B[] => {
  const heard: B[] = [];
  of(...events)
    .pipe(operator)
    .subscribe((value) => heard.push(value));
  return heard;
};

describe('a link event that is heard again', () => {
  it.each([
    ['`connected`', [lost(20_000), back(15_000, 30_000), back(15_000, 30_000)]],
    ['`disconnected`', [lost(20_000), lost(20_000), back(15_000, 30_000)]],
    ['both', [lost(20_000), lost(20_000), back(15_000, 30_000), back(15_000, 30_000)]],
    ['a `connected` that nobody announced', [back(15_000, 30_000), back(15_000, 30_000)]],
    ['the first `connected`', [live(0), lost(20_000), back(15_000, 30_000), live(0)]],
    ['a loss of before', [lost(20_000), back(15_000, 30_000), lost(20_000)]],
  ])('counts once: %s', (_, words) => {
    expect(coverages(live(0), trade(1_000), ...words, trade(31_000), trade(60_000))).toEqual([0.75, 1]);
  });

  it('does not lose volume again', () => {
    const figure = (time: number, volume: number) => aQuote({ symbol, time, receivedAt: time, volume });
    const [bar] = lastWords(
      barsOf(
        [
          ...[live(0), figure(1_000, 10), lost(2_000), back(1_500, 3_000), figure(4_000, 30)],
          ...[lost(2_000), back(1_500, 3_000), figure(5_000, 35)],
        ],
        '1m',
      ),
    );
    expect(bar).toMatchObject({ volume: 5, missedVolume: 20 });
  });

  it('is another one where links made by hand have no times', () => {
    const words = [connected, trade(1_000), disconnected, connected, trade(60_000)];
    expect(coverages(...words)).toEqual([1, 1]);
  });
});

describe('holes that overlap', () => {
  it.each([
    [[back(10_000, 40_000), { ...back(20_000, 50_000), attempt: 3 }], 1 / 3],
    [[lost(10_000), back(10_000, 40_000), lost(41_000), back(5_000, 50_000)], 1 / 3],
    [[back(0, 60_000), { ...back(0, 60_000), attempt: 3 }, { ...back(0, 60_000), attempt: 4 }], 0],
    [[{ ...live(40_000), resumed: { from: 40_000, to: 10_000 } }], 1],
  ])('are not added up', (words, coverage) => {
    expect(coverages(live(0), trade(1_000), ...words, trade(59_000), trade(60_000))[0]).toBeCloseTo(coverage, 9);
  });
});

describe('two feeds of one provider', () => {
  const [crypto, forex] = [{ feed: 'itick:crypto' }, { feed: 'itick:forex' }];

  it('have links of their own', () => {
    const bars = barsOf(
      [
        ...[{ ...live(0), ...crypto }, trade(1_000, crypto)],
        ...[{ ...live(0), ...forex }, trade(1_000, { ...forex, symbol: 'EURUSD.FX' })],
        ...[
          { ...lost(20_000), ...forex },
          { ...back(15_000, 30_000), ...forex },
        ],
        ...[trade(60_000, crypto), trade(60_000, { ...forex, symbol: 'EURUSD.FX' })],
      ],
      '1m',
    ).filter(({ closed }) => closed);
    expect(bars).toMatchObject([
      { feed: 'itick:crypto', symbol, coverage: 1 },
      { feed: 'itick:forex', symbol: 'EURUSD.FX', coverage: 0.75 },
    ]);
  });

  it('have bars of their own of one symbol, in all that comes behind', () => {
    const events = [
      trade(1_000, crypto),
      trade(2_000, { ...forex, price: 50 }),
      trade(3_000, { ...crypto, price: 101 }),
    ];
    const bars = lastWords(barsOf(events, '1m').filter(({ feed }) => feed === 'itick:crypto'));
    expect(bars).toMatchObject([{ open: 100, close: 101, volume: 2 }]);
    const minutes = [aKline({ symbol, ...crypto }), aKline({ symbol, ...forex, close: 50 })];
    expect(allOf(minutes, resampleKlines('5m'))).toMatchObject([
      { ...crypto, close: 100 },
      { ...forex, close: 50 },
    ]);
    expect(allOf(minutes, addOrReplace()).map(({ action }) => action)).toEqual(['add', 'add']);
    expect(allOf(events, toKlines({ ticks: 2 }, { forming: false }))).toMatchObject([{ ...crypto, trades: 2 }]);
  });

  it('are one where one of them goes by the name of the other', () => {
    expect(
      coverages(live(0), { ...lost(15_000), feed: 'test' }, { ...back(15_000, 30_000), provider: 'x', feed: 'test' }),
    ).toEqual([]);
    const words = [
      { ...lost(15_000), feed: 'test' },
      { ...back(15_000, 30_000), provider: 'x', feed: 'test' },
    ];
    expect(coverages(live(0), trade(1_000), ...words, trade(60_000))).toEqual([0.75, 1]);
  });
});

describe('an instrument of two spellings', () => {
  const hk = Date.parse('2026-03-05T10:00+08:00');
  const at = (spelling: string, seconds: number, price: number) =>
    trade(hk + seconds * 1_000, { symbol: spelling, price });
  const heard = [at('00700.HK', 1, 10), at('700.HK', 2, 12), at('0700.HK', 3, 9), at('700.HK', 60, 11)];

  it('has one bar, spelled as it came first', () => {
    expect(lastWords(barsOf(heard, '1m'))).toMatchObject([
      { symbol: '00700.HK', open: 10, high: 12, low: 9, close: 9, trades: 3 },
      { symbol: '00700.HK', open: 11, trades: 1 },
    ]);
    expect(allOf(heard, toKlines({ ticks: 4 }, { forming: false }))).toMatchObject([{ symbol: '00700.HK', trades: 4 }]);
  });

  it('has one larger bar, and one series on a chart', () => {
    const minute = (spelling: string, index: number): Kline =>
      aKline({
        ...{ symbol: spelling, openTime: hk + index * MINUTE, closeTime: hk + (index + 1) * MINUTE, volume: 1 },
        closed: true,
      });
    const parts = [minute('700.HK', 0), minute('00700.HK', 1)];
    expect(allOf(parts, resampleKlines('5m'))).toMatchObject([
      { symbol: '700.HK', volume: 1 },
      { symbol: '700.HK', volume: 2 },
    ]);
    const words = allOf([minute('700.HK', 0), minute('00700.HK', 0)], addOrReplace());
    expect(words.map(({ action }) => action)).toEqual(['add', 'replace']);
  });

  it('is not mixed up with what only looks alike', () => {
    const others = [at('00700.HK', 1, 10), at('7000.HK', 1, 20), at('00700.SZ', 1, 30)];
    expect(barsOf(others, '1m')).toMatchObject([{ close: 10 }, { close: 20 }, { close: 30 }]);
  });
});

describe('watches that are merged', () => {
  const [a, b] = [trades('BTCUSDT.BA'), trades('ETHUSDT.BA')] as const;
  const values = {
    t: { kind: 'trade', symbol: 'BTCUSDT.BA' },
    u: { kind: 'trade', symbol: 'ETHUSDT.BA' },
  } as const;
  const diagram = '-c-t-u 10s x 5s c-tu 45s tu-|';

  it(
    'give the bars of one watch of all',
    marbles(({ feed, expectObservable }) => {
      const bars$ = (watch: (desk: SharedFeed) => Observable<FeedEvent>): Observable<Kline[]> =>
        watch(shareFeed(() => feed(diagram, values))).pipe(toKlines('1m', { forming: false }), toArray());
      const all$ = forkJoin([
        bars$((desk) => desk.watch([...a, ...b])),
        bars$((desk) => merge(desk.watch(a), desk.watch(b))),
        bars$((desk) => of(...a, ...b).pipe(mergeMap((topic) => desk.watch([topic])))),
      ]);
      const same$ = all$.pipe(
        map(([one, ...others]) => [one.length, ...others.map((bars) => isDeepStrictEqual(bars, one))]),
      );
      expectObservable(same$).toBe('60014ms (s|)', { s: [2, true, true] });
    }),
  );

  it(
    'give bars that know the link of before they joined',
    marbles(({ hotFeed, expectObservable }) => {
      const feed$ = hotFeed('c-t-u 20s x 5s c-tu 35s tu-|', values);
      const desk = shareFeed(() => feed$);
      const late$ = timer(30_000).pipe(mergeMap(() => desk.watch(b)));
      const other$ = desk.watch(b).pipe(ignoreElements());
      const covered$ = merge(desk.watch(a), other$, late$).pipe(
        toKlines('1m', { forming: false }),
        map(({ symbol: of, coverage }) => `${of} ${coverage.toFixed(2)}`),
      );
      expectObservable(covered$).toBe('60010ms xy-|', { x: 'BTCUSDT.BA 0.58', y: 'ETHUSDT.BA 0.58' });
    }),
  );
});

import { map, of } from 'rxjs';
import type { Connected, Disconnected, FeedEvent, Subscribed, Unsubscribed } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import { depths, klines, quotes, trades, type Topic } from '../../../lib/model/topic.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { shareFeed } from '../../../lib/share/shareFeed.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected, disconnected, refused } from '../../share/linkEvents.js';
import { barsOf, lastWords, MINUTE, SECOND, symbol } from './aTape.js';

const trade = (time: number, more: Partial<ReturnType<typeof aTrade>> = {}) =>
  aTrade({ symbol, time, receivedAt: time, ...more });
const quote = (time: number, volume: number) => aQuote({ symbol, time, receivedAt: time, volume, last: 100 + volume });
const live = (receivedAt: number): Connected => ({ ...connected, receivedAt });
const lost = (receivedAt: number): Disconnected => ({ ...disconnected, receivedAt });
const back = (from: number, to: number): Connected => ({ ...live(to), attempt: 2, resumed: { from, to } });
const served = (receivedAt: number, topics: readonly Topic[] = trades(symbol)): Subscribed => ({
  ...{ kind: 'subscribed', provider: 'test', receivedAt, topics },
});
const withdrawn = (receivedAt: number, topics: readonly Topic[] = trades(symbol)): Unsubscribed => ({
  ...served(receivedAt, topics),
  kind: 'unsubscribed',
});
const closedOf = (events: readonly FeedEvent[], interval: Interval = '1m') =>
  barsOf(events, interval).filter(({ closed }) => closed);
const coverages = (...events: readonly FeedEvent[]) =>
  lastWords(barsOf(events, '1m')).map(({ coverage }) => Number(coverage.toFixed(9)));
const THIRD = Number((1 / 3).toFixed(9));

describe('the coverage of a topic', () => {
  it.each<[string, readonly Topic[], FeedEvent]>([
    ['trades', trades(symbol), trade(41_000)],
    ['quotes', quotes(symbol), quote(41_000, 1)],
    ['bars', klines('1m', symbol), aKline({ symbol, receivedAt: 41_000 })],
  ])('counts from when it is served: %s', (_, topics, event) => {
    expect(coverages(live(0), served(40_000, topics), event, { ...event, time: 60_000 } as FeedEvent)[0]).toBe(THIRD);
  });

  it('is that of its own, whatever else the feed serves', () => {
    const others = [...trades('ETHUSDT.BA'), ...depths(symbol), ...klines('5m', symbol), ...quotes(symbol)];
    expect(coverages(live(0), served(1_000, others), served(40_000), trade(41_000))).toEqual([THIRD]);
    expect(coverages(live(0), served(1_000), served(40_000, others), trade(41_000))).toEqual([0.983333333]);
  });

  it('is that of the link where the feed says nothing of topics, or nothing of this one', () => {
    expect(coverages(live(15_000), trade(20_000), served(30_000, trades('ETHUSDT.BA')))).toEqual([0.75]);
  });

  it('is that of the instrument, however it is spelled', () => {
    const hk = Date.parse('2026-03-05T10:00+08:00');
    const tencent = (seconds: number) => trade(hk + seconds * SECOND, { symbol: '00700.HK' });
    expect(coverages(live(hk), served(hk + 40 * SECOND, trades('700.HK')), tencent(41))).toEqual([THIRD]);
  });

  it('lacks the time in which it was not wanted', () => {
    const words = [withdrawn(10_000), served(25_000)];
    expect(coverages(live(0), served(0), trade(1_000), ...words, trade(30_000), trade(60_000))).toEqual([0.75, 1]);
  });

  it('lacks it also where it was served before that was said', () => {
    expect(coverages(live(0), trade(1_000), withdrawn(10_000), served(25_000), trade(30_000))).toEqual([0.75]);
  });

  it('counts once what is said again', () => {
    const words = [served(0), withdrawn(10_000), withdrawn(10_000), served(25_000), served(25_000), served(25_000)];
    expect(coverages(live(0), ...words, trade(30_000))).toEqual([0.75]);
  });

  it('lacks a hole until it is served again, and not until the link is back', () => {
    const words = [served(0), trade(1_000), lost(20_000), back(15_000, 25_000), served(30_000)];
    expect(coverages(live(0), ...words, trade(31_000), trade(60_000))).toEqual([0.75, 1]);
  });

  it('is corrected once, when the hole has ended', () => {
    const words = [served(0), trade(1_000), trade(60_000), lost(70_000), back(45_000, 72_000), served(75_000)];
    const closed = closedOf([live(0), ...words, trade(120_000)]);
    expect(closed.map(({ openTime, coverage, revision }) => [openTime / MINUTE, coverage, revision])).toEqual([
      [0, 1, 0],
      [0, 0.75, 1],
      [1, 0.75, 0],
    ]);
  });

  it.each<[string, FeedEvent]>([
    ['refused', { ...refused(...trades(symbol)), receivedAt: 75_000 }],
    ['withdrawn', withdrawn(75_000)],
  ])('is corrected also when it is %s instead', (_, word) => {
    const closed = closedOf([
      ...[live(0), served(0), trade(1_000), trade(60_000), lost(70_000), back(45_000, 72_000), word],
    ]);
    expect(closed.map(({ coverage }) => coverage)).toEqual([1, 0.75]);
  });

  it('is that of the quotes until trades take over', () => {
    const both = [served(0, quotes(symbol)), quote(1_000, 1), served(40_000), trade(41_000, { volume: 2 })];
    const bars = closedOf([live(0), ...both, trade(60_000), withdrawn(90_000, quotes(symbol)), trade(120_000)]);
    expect(bars.map(({ coverage, source }) => [coverage, source])).toEqual([
      [1, 'trades'],
      [1, 'trades'],
    ]);
  });

  it('leaves bars to the quotes when trades are no longer wanted', () => {
    const both = [served(0, [...trades(symbol), ...quotes(symbol)]), trade(1_000), quote(2_000, 10)];
    const after = [withdrawn(30_000), quote(61_000, 15), quote(121_000, 21)];
    expect(closedOf([live(0), ...both, ...after]).at(-1)).toMatchObject({
      ...{ openTime: MINUTE, source: 'quotes', close: 115, volume: 5, missedVolume: 0, coverage: 1 },
    });
  });

  it('is that of the trades for counted bars', () => {
    const events = [live(0), served(0, trades(symbol)), trade(0), withdrawn(10_000), served(20_000), trade(39_999)];
    const heard: number[] = [];
    of(...events)
      .pipe(toKlines({ ticks: 2 }, { forming: false }))
      .subscribe(({ coverage }) => heard.push(coverage));
    expect(heard).toEqual([0.75]);
  });
});

describe('what was traded while it was not wanted', () => {
  it.each([
    ['quotes', quotes(symbol), (time: number, volume: number) => quote(time, volume)],
    ['trades', trades(symbol), (time: number, volume: number) => trade(time, { size: undefined, volume })],
    ['trades with sizes', trades(symbol), (time: number, volume: number) => trade(time, { size: 1, volume })],
  ] as const)('is missed: %s', (_, topics, at) => {
    const events = [
      ...[live(0), served(0, topics), at(1_000, 10), at(2_000, 11), withdrawn(10_000, topics)],
      ...[served(10_000 + 13 * MINUTE, topics), at(11_000 + 13 * MINUTE, 500), at(12_000 + 13 * MINUTE, 501)],
    ];
    const bars = lastWords(barsOf(events, '1m'));
    const sum = bars.reduce((all, { volume, missedVolume }) => all + volume + missedVolume, 0);
    expect(bars.at(-1)!.volume).toBeLessThanOrEqual(2);
    expect(bars.at(-1)!.missedVolume).toBeGreaterThanOrEqual(488);
    expect([491, 492]).toContain(sum);
  });

  it('is missed across a hole that ended with the topic', () => {
    const q = quotes(symbol);
    const words = [served(0, q), quote(1_000, 10), lost(5_000), back(2_000, 6_000), served(8_000, q), quote(9_000, 30)];
    expect(lastWords(barsOf([live(0), ...words, quote(10_000, 31)], '1m'))).toMatchObject([
      { volume: 1, missedVolume: 20, coverage: 0.9 },
    ]);
  });
});

describe('a topic of a shared feed', () => {
  it(
    'is covered from when this stream heard of it',
    marbles(({ hot, expectObservable }) => {
      const values = { c: live(0), s: served(1), t: trade(50_000), u: trade(60_000) };
      const source = hot('cs 49998ms t 9999ms u|', values);
      const desk = shareFeed(() => source);
      const covered$ = desk.watch(trades(symbol)).pipe(
        toKlines('1m', { forming: false }),
        map(({ coverage }) => coverage.toFixed(2)),
      );
      expectObservable(covered$).toBe('60s k|', { k: '1.00' });
    }),
  );
});

import { firstValueFrom, map, of, take, throwError, toArray, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Kline } from '../../lib/model/marketEvent.js';
import { onceClosed } from '../../lib/operators/klines/onceClosed.js';
import { chartEdits } from '../../lib/operators/klines/chartEdits.js';
import { klinesOf } from '../../lib/operators/klinesOf.js';
import { calendars } from '../../lib/model/calendar/calendars.js';
import { marbles } from '../../lib/testing/marbles.js';
import { barsOf, executions, feedOf, historyOf, MINUTE, said, SYMBOL } from './backfill/market.js';
import { ran } from '../laws/stage.js';

const truth = executions(7, 30);
const bars = barsOf(truth);
const facts = ({ openTime, open, high, low, close, volume }: Kline) => ({ openTime, open, high, low, close, volume });

const heard = <T>(make: () => Observable<T>): readonly T[] => ran(make, { from: 0, until: 40 * MINUTE }).values;
const lastWords = (all: readonly Kline[]): readonly Kline[] =>
  [...new Map(all.map((bar) => [bar.openTime, bar])).values()].sort((a, b) => a.openTime - b.openTime);

describe('klinesOf', () => {
  it('makes the bars of the feed, and those of its holes from the history', () => {
    const { history } = historyOf(bars);
    const feed$ = feedOf(truth, 'figures', [[10 * MINUTE + 20_000, 15 * MINUTE + 40_000]]);
    const made = lastWords(heard(() => klinesOf(feed$, history, '1m', { forming: false })));
    expect(made.map(facts)).toEqual(bars.map(facts));
    expect(made.filter(({ source }) => source === 'backfill').length).toBeGreaterThan(2);
  });

  it('draws a chart that equals the truth in the end', () => {
    const { history } = historyOf(bars);
    const feed$ = feedOf(truth, 'figures', [[10 * MINUTE + 20_000, 15 * MINUTE + 40_000]]);
    let drawn: readonly { readonly time: number; readonly close?: number }[] = [];
    for (const edit of heard(() => klinesOf(feed$, history, '1m').pipe(chartEdits()))) {
      if (edit.type === 'reset') drawn = edit.bars;
      else drawn = [...drawn.filter(({ time }) => time !== edit.bar.time), edit.bar].sort((a, b) => a.time - b.time);
    }
    const closes = drawn.flatMap(({ time, close }) => (close === undefined ? [] : [[time, close]]));
    expect(closes).toEqual(bars.map(({ openTime, close }) => [openTime / 1_000, close]));
  });

  it('starts with so many bars of before', () => {
    const { history, asked } = historyOf(bars);
    const late = truth.filter(({ time }) => time >= 20 * MINUTE);
    const feed$ = feedOf(late, 'trades', []);
    const made = lastWords(heard(() => klinesOf(feed$, history, '1m', { warm: 10, forming: false })));
    const before = bars.filter(({ openTime }) => openTime >= 10 * MINUTE && openTime < 20 * MINUTE);
    expect(made.filter(({ openTime }) => openTime < 20 * MINUTE).map(facts)).toEqual(before.map(facts));
    expect(asked.length).toBeGreaterThan(0);
  });

  it('asks both sides of one calendar', () => {
    const seen = new Set<string>();
    const { history } = historyOf(bars);
    const calendar = (symbol: string) => {
      seen.add(symbol);
      return calendars.always;
    };
    heard(() => klinesOf(feedOf(truth, 'trades', []), history, '1m', { calendar, warm: 2 }));
    expect([...seen]).toEqual([SYMBOL]);
  });

  it(
    'passes on what ends the feed, and leaves the feed when it is left',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const { history } = historyOf([]);
      const [first, second] = said(executions(3, 2), 'trades');
      const values: Record<string, FeedEvent> = { ...(first && { t: first }), ...(second && { u: second }) };
      const of1m = (feed$: Observable<FeedEvent>) =>
        klinesOf(feed$, history, '1m', { forming: 'each' }).pipe(map(({ trades }) => `${trades}`));
      const source = hot('-t-u-|', values);
      expectObservable(of1m(source)).toBe('-1-2-|');
      expectObservable(of1m(source), '^-!').toBe('-1-');
      expectSubscriptions(source.subscriptions).toBe(['^----!', '^-!']);
      expectObservable(of1m(cold('-#', values))).toBe('-#');
    }),
  );

  it('never fails with the history', () => {
    const { history } = historyOf(bars, () => throwError(() => new Error('no')));
    const feed$ = feedOf(truth, 'trades', [[10 * MINUTE, 15 * MINUTE]]);
    const made = heard(() => klinesOf(feed$, history, '1m', { warm: 5, forming: false }).pipe(onceClosed(), take(20)));
    expect(made).toHaveLength(20);
  });

  it('refuses options that make no sense, at once', async () => {
    const { history } = historyOf([]);
    expect(() => klinesOf(of(), history, '1m', { attempts: 0 })).toThrow(/attempts/);
    expect(() => klinesOf(of(), history, '1m', { horizon: 0 })).toThrow(/horizon/);
    expect(await firstValueFrom(klinesOf(of(), history, '1m').pipe(toArray()))).toEqual([]);
  });
});

import { map, startWith } from 'rxjs';
import type { Connected, Disconnected, FeedEvent } from '../../../lib/model/feedEvent.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected, disconnected } from '../../share/linkEvents.js';
import { barsOf, lastWords, symbol } from './aTape.js';

const trade = (time: number) => aTrade({ symbol, time, receivedAt: time });
const live = (receivedAt: number): Connected => ({ ...connected, receivedAt });
const lost = (receivedAt: number): Disconnected => ({ ...disconnected, receivedAt });
const back = (from: number, to: number): Connected => ({ ...live(to), resumed: { from, to } });
const coverages = (...events: readonly FeedEvent[]) => lastWords(barsOf(events, '1m')).map(({ coverage }) => coverage);

describe('the coverage of a bar', () => {
  it('counts from when the link was live', () => {
    expect(coverages(live(15_000), trade(20_000), trade(60_000))).toEqual([0.75, 1]);
  });

  it('counts from the first event, where nothing tells when the link was live', () => {
    expect(coverages(trade(30_000), trade(60_000))).toEqual([0.5, 1]);
  });

  it('counts from when the link was live at last, however often that failed', () => {
    expect(coverages(lost(5_000), lost(10_000), live(15_000), trade(20_000), trade(60_000))).toEqual([0.75, 1]);
  });

  it('is none where the bar was over by then', () => {
    expect(coverages(live(90_000), trade(20_000))).toEqual([0]);
  });

  it('lacks the hole, from when the lost link was last heard', () => {
    const events = [live(0), trade(1_000), lost(20_000), lost(21_000), back(15_000, 30_000), trade(31_000)];
    expect(coverages(...events)).toEqual([0.75]);
  });

  it('lacks a hole that nobody announced', () => {
    expect(coverages(live(0), trade(1_000), back(15_000, 30_000), trade(31_000))).toEqual([0.75]);
  });

  it('lacks every hole of a link that flaps, also one without an account of it', () => {
    const flaps = [lost(6_000), live(12_000), lost(30_000), back(30_000, 36_000)];
    expect(coverages(live(0), trade(1_000), ...flaps, trade(40_000), trade(60_000), trade(120_000))).toEqual([
      0.8, 1, 1,
    ]);
  });

  it('is that of its own provider', () => {
    const other = { ...lost(1_000), provider: 'other' };
    expect(coverages(live(0), other, trade(1_000), { ...back(0, 9_000), provider: 'other' })).toEqual([1]);
  });

  it('is corrected when the link turns out to have been dead before the bar was closed', () => {
    const events = [live(0), trade(1_000), trade(60_000), lost(70_000), back(45_000, 72_000), trade(75_000)];
    const closed = barsOf(events, '1m').filter((bar) => bar.closed);
    expect(closed.map(({ coverage, revision }) => [coverage, revision])).toEqual([
      [1, 0],
      [0.75, 1],
    ]);
  });

  it('forgets the first of very many holes', () => {
    const flaps = Array.from({ length: 300 }, (_, i) => [lost(100 * i), back(100 * i, 100 * i + 50)]).flat();
    expect(coverages(live(0), ...flaps, trade(59_000))[0]).toBeCloseTo(1 - (256 * 50) / 60_000, 6);
  });

  it(
    'counts from the subscription where a shared feed repeats when its link was live',
    marbles(({ hot, expectObservable }) => {
      const source = hot('30s t|', { t: trade(30_000) }).pipe(
        startWith(live(0)),
        toKlines('1m', { forming: 'each' }),
        map(({ coverage }) => coverage),
      );
      expectObservable(source).toBe('30s k|', { k: 1 });
      expectObservable(source, '15s ^').toBe('30s k|', { k: 0.75 });
    }),
  );
});

import { expectTypeOf } from 'expect-type';
import { NEVER, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Interval } from '../../lib/model/interval.js';
import type { Kline, MarketEvent } from '../../lib/model/marketEvent.js';
import { addOrReplace, type KlineChange } from '../../lib/operators/klines/addOrReplace.js';
import { chartBars, type ChartBar } from '../../lib/operators/klines/chartBars.js';
import type { CountedInterval, CountedLength } from '../../lib/operators/klines/boundary.js';
import { resampleKlines } from '../../lib/operators/klines/resampleKlines.js';
import { toKlines } from '../../lib/operators/klines/toKlines.js';

const feed$: Observable<FeedEvent> = NEVER;
const minutes$ = feed$.pipe(toKlines('1m', { empty: 'carry' }));
const ticks$ = feed$.pipe(toKlines({ ticks: 100 }, { forming: 'each' }));

describe('the type of toKlines', () => {
  it('follows from the length of the bars', () => {
    expectTypeOf(minutes$).toEqualTypeOf<Observable<Kline>>();
    expectTypeOf<Kline['interval']>().toEqualTypeOf<Interval>();
    expectTypeOf(ticks$).toEqualTypeOf<Observable<Kline<CountedInterval>>>();
    expectTypeOf(feed$.pipe(toKlines({ volume: 5_000 }))).toEqualTypeOf<Observable<Kline<CountedInterval>>>();
  });

  it('takes a length that is known later', () => {
    const interval: Interval = '1h';
    const length: CountedLength = { ticks: 100 };
    expectTypeOf(feed$.pipe(toKlines(interval))).toEqualTypeOf<Observable<Kline>>();
    expectTypeOf(feed$.pipe(toKlines(length))).toEqualTypeOf<Observable<Kline<CountedInterval>>>();
  });

  it('takes one length, and the options that it has a use for', () => {
    // @ts-expect-error there are no bars of two minutes
    expect(() => toKlines('2m')).toThrow();
    // @ts-expect-error both cannot be counted
    expect(() => toKlines({ ticks: 1, volume: 1 })).toThrow();
    // @ts-expect-error a counted bar is never empty
    expect(() => toKlines({ ticks: 1 }, { empty: 'carry' })).toThrow();
  });

  it('names the interval as it is read in a log', () => {
    expectTypeOf<'100ticks' | '0.5volume'>().toExtend<CountedInterval>();
    expectTypeOf<Interval>().not.toExtend<CountedInterval>();
    expectTypeOf<'ticks'>().not.toExtend<CountedInterval>();
  });

  it('keeps counted bars away from what works by the clock, and from events of a feed', () => {
    // @ts-expect-error a larger bar cannot be made of bars that no clock ends
    ticks$.pipe(resampleKlines('1h'));
    expectTypeOf(minutes$.pipe(resampleKlines('1h'))).toEqualTypeOf<Observable<Kline>>();
    expectTypeOf<Kline>().toExtend<MarketEvent>();
    expectTypeOf<Kline<CountedInterval>>().not.toExtend<MarketEvent>();
  });

  it('lets both into what takes bars as they come', () => {
    expectTypeOf(minutes$.pipe(addOrReplace())).toEqualTypeOf<Observable<KlineChange>>();
    expectTypeOf(ticks$.pipe(addOrReplace())).toEqualTypeOf<Observable<KlineChange<CountedInterval>>>();
    expectTypeOf(minutes$.pipe(chartBars())).toEqualTypeOf<Observable<ChartBar>>();
    expectTypeOf(ticks$.pipe(chartBars())).toEqualTypeOf<Observable<ChartBar>>();
  });
});

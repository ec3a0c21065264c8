import { concatMap, defer, EMPTY, of, type Observable } from 'rxjs';
import type { Interval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { barOrder } from './barOrder.js';

/** What an indicator has to do with a bar. */
export interface KlineChange<I extends string = Interval> {
  /** `replace` is another word on the bar that was last added for the symbol. */
  readonly action: 'add' | 'replace';
  readonly kline: Kline<I>;
}

/**
 * Says of each bar whether an indicator has to `add` it or to `replace` its last value by it, for each symbol and interval.
 *
 * Corrections of a bar before the last one are left out: indicators cannot go back. Bars come in the spelling of their symbol
 * that came first.
 *
 *     klines$       f--f--C--f--      // f is forming, C closed
 *     addOrReplace  a--r--r--a--
 *
 * @example
 * klines$.pipe(addOrReplace()).subscribe(({ action, kline }) => sma[action](kline.close))
 */
export const addOrReplace =
  () =>
  <I extends string>(klines$: Observable<Kline<I>>): Observable<KlineChange<I>> =>
    defer(() => {
      const place = barOrder<Kline<I>>();
      return klines$.pipe(
        concatMap((bar) => {
          const { order, kline } = place(bar);
          if (order === 'earlier' || order === 'none') return EMPTY;
          return of<KlineChange<I>>({ action: order === 'new' ? 'add' : 'replace', kline });
        }),
      );
    });

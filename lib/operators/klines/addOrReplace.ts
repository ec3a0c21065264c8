import { concatMap, defer, EMPTY, of, type Observable } from 'rxjs';
import type { Interval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { barOrder } from './barOrder.js';

/** What an indicator has to do with a bar. */
export type KlineChange<I extends string = Interval> =
  | {
      /** `replace` is another word on the bar that was last added for the symbol. */
      readonly action: 'add' | 'replace';
      readonly kline: Kline<I>;
    }
  | {
      /** A bar before the last one was repaired: put it in its place, and start again from there. */
      readonly action: 'rebuild';
      /** When the bar opens, in epoch milliseconds. What was made of the bars before it still holds. */
      readonly from: number;
      readonly kline: Kline<I>;
    };

/**
 * Says of each bar whether an indicator has to `add` it, to `replace` its last value by it, or to `rebuild` what it made of
 * the bars since then, for each symbol and interval.
 *
 * A bar before the last one that was repaired (`source: 'backfill'`) asks for `rebuild`. Other corrections of such a bar are
 * left out: indicators cannot go back. Bars come in the spelling of their symbol that came first.
 *
 *     klines$       f--f--C--f--R--B--f--      // f is forming, C closed; R corrects C, B repairs it
 *     addOrReplace  a--r--r--a-----b--r--      // a `add`, r `replace`, b `rebuild`
 *
 * @example
 * klines$.pipe(addOrReplace()).subscribe((change) => {
 *   if (change.action === 'rebuild') restart(change.from, change.kline);
 *   else sma[change.action](change.kline.close);
 * })
 */
export const addOrReplace =
  () =>
  <I extends string>(klines$: Observable<Kline<I>>): Observable<KlineChange<I>> =>
    defer(() => {
      const place = barOrder<Kline<I>>();
      return klines$.pipe(
        concatMap((bar) => {
          const { order, kline } = place(bar);
          if (order === 'new' || order === 'latest')
            return of<KlineChange<I>>({ action: order === 'new' ? 'add' : 'replace', kline });
          if (order === 'none' || kline.source !== 'backfill') return EMPTY;
          return of<KlineChange<I>>({ action: 'rebuild', from: kline.openTime, kline });
        }),
      );
    });

import { concatMap, defer, EMPTY, of, type OperatorFunction } from 'rxjs';
import type { Kline } from '../../model/marketEvent.js';
import { latestOpenTime } from './latestOpenTime.js';

/** What an indicator has to do with a bar. */
export interface KlineChange {
  /** `replace` is another word on the bar that was last added for the symbol. */
  readonly action: 'add' | 'replace';
  readonly kline: Kline;
}

/**
 * Says of each bar whether an indicator has to `add` it or to `replace` its last value by it, for each symbol and interval.
 *
 * Corrections of a bar before the last one are left out: indicators cannot go back.
 *
 *     klines$       f--f--C--f--      // f is forming, C closed
 *     addOrReplace  a--r--r--a--
 *
 * @example
 * klines$.pipe(addOrReplace()).subscribe(({ action, kline }) => sma[action](kline.close))
 */
export const addOrReplace = (): OperatorFunction<Kline, KlineChange> => (klines$) =>
  defer(() => {
    const latest = latestOpenTime();
    return klines$.pipe(
      concatMap((kline) => {
        const before = latest(kline);
        if (kline.openTime < before) return EMPTY;
        return of<KlineChange>({ action: kline.openTime === before ? 'replace' : 'add', kline });
      }),
    );
  });

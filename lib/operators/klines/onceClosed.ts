import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { Kline } from '../../model/marketEvent.js';

/**
 * Each bar once, when it is over: no bar that is forming, and no correction of one that was closed before.
 *
 *     klines$     f-f-C-f-R-C-    // f is forming, C closed, R a revision
 *     onceClosed  ----C-----C-
 *
 * @example
 * feed$.pipe(toKlines('1m'), onceClosed()).subscribe(({ symbol, close }) => signal(symbol, close))
 */
export const onceClosed = <K extends Pick<Kline, 'closed' | 'revision'>>(): MonoTypeOperatorFunction<K> =>
  filter(({ closed, revision }) => closed && revision === 0);

import type { OperatorFunction } from 'rxjs';
import type { Interval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { checkInterval } from '../../model/check.js';
import { klineResampler, resampleSettings, type ResampleOptions } from './klineResampler.js';
import { onTheClock } from './onTheClock.js';

/**
 * Larger bars made of smaller ones of any symbols: of those `toKlines` makes, equal to what it would make of the trades.
 *
 * Takes forming, closed and corrected bars. A bar is closed with the last of its parts, by a part of a later bar, or by
 * the clock `grace` ms after its end; a part that is corrected later corrects it. Completion closes no bar. Throws
 * `InvalidOption`, and fails with it at a part that does not fit into a bar, as a week into a month.
 *
 *     minutes$              f-C-f-C-f-C-|      // f is forming, C closed
 *     resampleKlines('5m')  f-f-f-f-f-C-|      // the third minute was the last of the five
 *
 * @example
 * feed$.pipe(toKlines('1m'), resampleKlines('1h'))
 */
export const resampleKlines = (interval: Interval, options?: ResampleOptions): OperatorFunction<Kline, Kline> => {
  checkInterval(interval);
  const settings = resampleSettings(options);
  return onTheClock({ forming: false }, (_, outlet) => klineResampler(interval, settings, outlet));
};

import type { OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Interval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { boundaryOf, settingsOf, type CountedInterval, type CountedLength, type CountedOptions } from './boundary.js';
import { klineBuilder } from './klineBuilder.js';
import type { KlineOptions } from './KlineOptions.js';
import { onTheClock } from './onTheClock.js';
import type { WithLink } from '../WithLink.js';

/**
 * Bars of all symbols of a feed, made of its trades, else of its quotes, else of the vendor's own bars.
 *
 * A bar is emitted while it forms, and closed by the first event of a later bucket or by the clock `grace` ms after its
 * end, whichever is first; a correction has a higher `revision`. Nothing else is passed on, and completion closes no bar.
 * Put it where the link events still are: they tell the `coverage`. A symbol that is silent for `idleAfter` is forgotten. Throws
 * `InvalidOption`.
 *
 *     feed$     c-t-t----t-|      // the third trade is of the next minute
 *     toKlines  -------f-C-|      // f is forming, C closed
 *
 * @example
 * feed$.pipe(toKlines('1m', { late: 'drop' }), onceClosed())
 */
export function toKlines(interval: Interval, options?: KlineOptions): OperatorFunction<WithLink<FeedEvent>, Kline>;
/**
 * Bars of so many executions, of so much volume or turnover, or of prices so far apart, of all symbols of a feed; made of
 * its trades only.
 *
 * A bar is closed, once and for all, by the execution that fills it, which is not split; by the first one of a later
 * trading day; or by the clock `grace` ms after the end of the day. It opens at the vendor's time of its first execution
 * and closes 1 ms after its last; what comes late counts in the order of arrival. `interval` is `100ticks`,
 * `5000volume`, `1000000turnover` or `0.5range`. Completion closes no bar. Throws `InvalidOption`.
 *
 *     feed$                  c-t-t-t--t-|
 *     toKlines({ ticks: 3 }) ------C----|
 *
 * @example
 * feed$.pipe(toKlines({ volume: 10_000 }, { forming: false }))
 */
export function toKlines(
  length: CountedLength,
  options?: CountedOptions,
): OperatorFunction<WithLink<FeedEvent>, Kline<CountedInterval>>;
export function toKlines(
  length: Interval | CountedLength,
  options?: KlineOptions,
): OperatorFunction<WithLink<FeedEvent>, Kline<Interval | CountedInterval>> {
  const boundary = boundaryOf(length);
  const settings = settingsOf(boundary, options);
  return onTheClock(settings, (startedAt, outlet) => klineBuilder(boundary, settings, startedAt, outlet));
}

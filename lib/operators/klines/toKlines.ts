import { asyncScheduler, Observable, type OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Interval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { alarm } from '../alarm.js';
import { klineBuilder } from './klineBuilder.js';
import { checkInterval, klineSettings, type KlineOptions } from './KlineOptions.js';

/**
 * Bars of all symbols of a feed, made of its trades, else of its quotes, else of the vendor's own bars.
 *
 * A bar is emitted while it forms, and closed by the first event of a later bucket or by the clock `grace` ms after its
 * end, whichever is first; a correction has a higher `revision`. Nothing else is passed on, and completion closes no bar.
 * Put it where the link events still are: they tell the `coverage`. Throws `InvalidOption`.
 *
 *     feed$     c-t-t----t-|      // the third trade is of the next minute
 *     toKlines  -------f-C-|      // f is forming, C closed
 *
 * @example
 * feed$.pipe(toKlines('1m', { late: 'drop' }), filter(({ closed }) => closed))
 */
export const toKlines = (interval: Interval, options?: KlineOptions): OperatorFunction<FeedEvent, Kline> => {
  checkInterval(interval);
  const settings = klineSettings(options);
  return (events$) =>
    new Observable((subscriber) => {
      const closing = alarm(() => closing.at(builder.closeUntil(asyncScheduler.now())));
      const beats = alarm(() => builder.beat());
      const pace = typeof settings.forming === 'number' ? settings.forming : 0;
      const builder = klineBuilder(interval, settings, asyncScheduler.now(), {
        emit: (kline) => subscriber.next(kline),
        closeAt: closing.at,
        beat: () => beats.at(asyncScheduler.now() + pace),
      });
      subscriber.add(closing.off);
      subscriber.add(beats.off);
      // One operator, not a chain of them: trades come by the hundred thousand a second.
      return events$.subscribe({
        next: (event) => {
          try {
            builder.accept(event);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
};

import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { History } from '../../history/History.js';
import type { FeedEvent } from '../../model/feedEvent.js';
import { backfillSettings, type BackfillOptions } from './BackfillOptions.js';
import { feedRepairs } from './feedRepairs.js';

/**
 * Closes the holes of a feed with bars of the vendor's history. All events pass at once, and no one waits for it; bars that
 * are repaired come later, as corrections: `kline` events with `source: 'backfill'`, which `toKlines` of the same interval
 * takes over its own. Each hole ends in one `backfilled`, which tells how well the history agrees with what was seen; of a
 * history that disagrees nothing is used.
 *
 * Put it before `toKlines` and before sharing, so that one budget serves all. A bar that was seen wholly stays as it is, bars
 * that the vendor lacks are never invented, and only trading time is asked for. Errors of the history are reasons in
 * `backfilled`, never errors of the feed. When the feed completes, holes that are open end with `none`. Throws
 * `InvalidOption`.
 *
 *     feed$     c-t-d---c-t------------t-|    // c after d says `resumed`
 *     backfill  c-t-d---c-t------(kkb)-t-|    // k repaired bars, b `backfilled`
 *
 * @example
 * feed$.pipe(backfill(history, { interval: '1m', warm: 200 }), toKlines('1m'))
 */
export const backfill = (history: History, options: BackfillOptions): MonoTypeOperatorFunction<FeedEvent> => {
  const settings = backfillSettings(history, options);
  return (feed$) =>
    new Observable((subscriber) => {
      const repairs = feedRepairs(history, settings, (event) => subscriber.next(event));
      subscriber.add(repairs.stop);
      repairs.start();
      return feed$.subscribe({
        next: (event) => {
          subscriber.next(event);
          repairs.accept(event);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          repairs.end();
          subscriber.complete();
        },
      });
    });
};

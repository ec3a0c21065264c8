import { asyncScheduler, Observable, type Observer, type OperatorFunction } from 'rxjs';
import { checkTimeout } from '../../model/check.js';
import { listen } from '../listen.js';
import type { WithLink } from '../WithLink.js';
import type { Health, HealthOptions } from './Health.js';
import { healthFold, type HealthEvent } from './healthFold.js';

/** When the health of a feed is said, and how it is judged. */
export interface FeedHealthOptions extends HealthOptions {
  /**
   * Milliseconds between two of them; above 0.
   *
   * @defaultValue `1_000`
   */
  readonly every?: number | undefined;
}

/**
 * The health of a feed as numbers, each `every` ms, and once more when the feed completes, as of its last event. It counts
 * what passes and holds no events. A stream may hold several feeds, and what `bounded` says. Errors pass. Throws
 * `InvalidOption`.
 *
 *     feed          -c--t-t--d----c-t-|
 *     feedHealth()  -----h----h----h--(h|)
 *
 * @example
 * feed$.pipe(feedHealth(), map(({ verified, clean }) => ({ verified, clean }))).subscribe(show)
 */
export const feedHealth = ({ every = 1_000, ...options }: FeedHealthOptions = {}): OperatorFunction<
  WithLink<HealthEvent>,
  Health
> => {
  checkTimeout('every', every);
  healthFold(options);
  return (feed$) =>
    new Observable((subscriber) => {
      const fold = healthFold(options);
      let before: Health | undefined = fold.report(asyncScheduler.now());
      let lastAt = before.at;
      const say = (now: number): void => {
        before = fold.report(now, before);
        subscriber.next(before);
      };
      subscriber.add(
        asyncScheduler.schedule(function () {
          say(asyncScheduler.now());
          this.schedule(undefined, every);
        }, every),
      );
      const observer: Observer<HealthEvent> = {
        next: (event) => {
          if (event.receivedAt > lastAt) lastAt = event.receivedAt;
          fold.accept(event);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          say(lastAt);
          subscriber.complete();
        },
      };
      listen(feed$, observer, subscriber);
    });
};

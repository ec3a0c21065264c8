import { defer, map, timer, type Observable } from 'rxjs';
import { checkDuration } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { isMarketEvent, type FeedEvent } from '../../model/feedEvent.js';
import { seeded } from './intercept.js';

/** How wrong the clock of a vendor is. */
export interface SkewOptions {
  /**
   * Milliseconds by which the vendor's clock is ahead of ours; negative when it is behind.
   *
   * @defaultValue `0`
   */
  readonly ahead?: number | undefined;
  /**
   * Milliseconds it gains in each millisecond since the first event: 0.00001 is almost a second a day.
   *
   * @defaultValue `0`
   */
  readonly drift?: number | undefined;
}

/**
 * The feed of a vendor whose clock is wrong: the `time` of market events is shifted against `receivedAt`, by a constant
 * and by a drift. What the connection says is left as it is, and so are the edges of a vendor's own bars.
 *
 * Throws `InvalidOption`.
 *
 * @example
 * feed$.pipe(skewClock({ ahead: -2_000, drift: 0.0001 }), toKlines('1m'))
 */
export const skewClock = ({ ahead = 0, drift = 0 }: SkewOptions) => {
  if (!Number.isFinite(ahead)) throw new InvalidOption('ahead', ahead, 'it is a number of milliseconds');
  if (!(Number.isFinite(drift) && drift > -1)) {
    throw new InvalidOption('drift', drift, 'it is more than -1, so that the clock goes on');
  }
  return <E extends FeedEvent>(events$: Observable<E>): Observable<E> =>
    defer(() => {
      let since: number | undefined;
      return events$.pipe(
        map((event) => {
          since ??= event.receivedAt;
          if (!isMarketEvent<FeedEvent>(event)) return event;
          return { ...event, time: event.time + Math.round(ahead + drift * (event.receivedAt - since)) };
        }),
      );
    });
};

/** How long the work on a value takes. */
export interface SlowOptions {
  /** Milliseconds after which a value is done, at least. */
  readonly doneAfter: number;
  /**
   * Milliseconds that one may take beyond that, by chance.
   *
   * @defaultValue `0`
   */
  readonly jitter?: number | undefined;
  /**
   * The same seed makes the same waits.
   *
   * @defaultValue `1`
   */
  readonly seed?: number | undefined;
}

/**
 * Work that takes its time over each value and gives it back: a slow disk, a slow screen. Hand it to what runs work on
 * the values of a feed: to `bounded`, which says what is lost, or to `concatMap`, which lets everything pile up.
 *
 * Throws `InvalidOption`.
 *
 * @example
 * feed$.pipe(bounded(slowConsumer({ doneAfter: 20 }), { capacity: 100 }))
 */
export const slowConsumer = ({ doneAfter, jitter = 0, seed = 1 }: SlowOptions): (<T>(value: T) => Observable<T>) => {
  checkDuration('doneAfter', doneAfter);
  checkDuration('jitter', jitter);
  const random = seeded(seed, 'slowConsumer');
  return (value) => timer(doneAfter + Math.floor(random() * jitter)).pipe(map(() => value));
};

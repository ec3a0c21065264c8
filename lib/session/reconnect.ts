import {
  asyncScheduler,
  BehaviorSubject,
  catchError,
  concat,
  defer,
  filter,
  merge,
  Observable,
  of,
  retry,
  skip,
  switchMap,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { ABNORMAL, NORMAL } from '../model/closeCodes.js';
import { ConnectionLost, type FeedError } from '../model/errors.js';
import { isMarketEvent, type Connected, type Disconnected } from '../model/feedEvent.js';
import { isFeedError, isRecoverable } from '../model/isRecoverable.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import {
  lost,
  newOutage,
  opened,
  pageBack,
  proven,
  type Instant,
  type Retry,
  type RetryPolicy,
} from '../model/outage.js';
import { steadyClock } from '../model/steadyClock.js';
import type { PageState } from '../transport/Platform.js';
import { isReady, type Ready } from './messages.js';
import type { Scrub } from './scrub.js';

/** When another attempt is made, and when attempts end. */
export interface ReconnectOptions extends RetryPolicy {
  /** Goes into the events. */
  readonly provider: string;
  /** The name of the feed; put into each event without one. */
  readonly feed?: string | undefined;
  /** Called before the final error is emitted, so that a subscriber may start over at once. */
  readonly onEnd?: (() => void) | undefined;
  /** Takes the credential out of events and errors. Market events that name their feed go past it. */
  readonly scrub?: Scrub | undefined;
  /** The state of the page the feed lives on; without it, it is always `live`. */
  readonly page$?: BehaviorSubject<PageState> | undefined;
}

const UNCHANGED: Scrub = { event: (event) => event, error: (error) => error };

/**
 * Subscribes again whenever the stream below is lost, and emits what happened: `disconnected` with its cause and the
 * time of the next attempt, `connected` with the hole between what was last received and now.
 *
 * The wait grows until market data arrive or a session has lived 30 s; a `Retry-After` is its floor, up to `maxRetryAfter`. An error that is
 * not recoverable, a defect, or too many kicks go to the error channel. A stream that completes was closed cleanly.
 * A page that goes offline or is frozen ends the session at once, and when it comes back it starts over at once.
 *
 *     source   -r-a-#          r-b-
 *     result   -c-a-d----------c-b-
 */
export const reconnect =
  ({
    provider,
    feed,
    onEnd,
    scrub = UNCHANGED,
    page$ = new BehaviorSubject<PageState>('live'),
    ...policy
  }: ReconnectOptions) =>
  <E extends { readonly kind: string }>(source$: Observable<Ready | E>): Observable<E | Connected | Disconnected> =>
    defer(() => {
      const clock = steadyClock(() => asyncScheduler.now());
      const names = { provider, feed: feed ?? provider };
      let outage = newOutage;

      const now = (): Instant => ({ wall: asyncScheduler.now(), steady: clock() });
      const named = <N extends object>(event: N): N =>
        feed === undefined || 'feed' in event ? event : { ...event, feed };
      const retryAfter = (error: FeedError, session: Ready | undefined): Retry => {
        const at = now();
        const isAway = page$.value !== 'live';
        const cause = isAway && isCut(error) ? away(page$.value) : error;
        const loss = { now: at, cause, lastReceivedAt: lastReceived(session, at), isAway };
        const next = lost(outage, loss, policy, names);
        if (next instanceof Error) throw next;
        outage = next.outage;
        return next;
      };

      const attempt$ = defer(() => {
        let session: Ready | undefined;
        // One subscriber, where `map` and `concat` would be two on the way of each event.
        const events$ = new Observable<E | Connected>((subscriber) => {
          subscriber.add(
            page$.pipe(skip(1)).subscribe((state) => {
              if (state !== 'live') subscriber.error(away(state));
            }),
          );
          return source$.subscribe({
            next: (event) => {
              if (isMarketEvent(event)) {
                if (outage.attempt > 0) outage = proven(outage);
                // The events of a market are many; a provider's decoder names the feed in them itself.
                subscriber.next('feed' in event ? event : named(scrub.event(event)));
              } else if (isReady(event)) {
                const [next, connected] = opened(outage, now(), names);
                session = event;
                outage = next;
                subscriber.next(connected);
              } else {
                subscriber.next(named(scrub.event(event)));
              }
            },
            error: (error: unknown) => subscriber.error(scrub.error(error)),
            complete: () => subscriber.error(new ConnectionLost(NORMAL, 'the stream completed')),
          });
        });
        return events$.pipe(
          // The marker goes above `retry`: chaining `catchError` to itself would cost a stack frame per reconnect.
          catchError((error: unknown) => {
            if (!canHelp(error)) throw error;
            const next = retryAfter(error, session);
            return concat(
              of(next.event),
              throwError(() => new RetryIn(next)),
            );
          }),
        );
      });
      const back$ = (notBefore: number) =>
        page$.pipe(
          skip(1),
          filter((state) => state === 'live' && clock() >= notBefore),
          tap(() => (outage = pageBack(outage))),
        );
      return attempt$.pipe(
        retry({
          delay: (error: unknown) => {
            if (error instanceof RetryIn) return merge(sleep(error.retry.wait), back$(error.retry.notBefore));
            onEnd?.();
            return throwError(() => error);
          },
        }),
      );
    });

/** A timer that may be longer than those of the system: the replay of a recording may have to wait for months. */
const sleep = (ms: number): Observable<unknown> =>
  ms > LONGEST_TIMER ? timer(LONGEST_TIMER).pipe(switchMap(() => sleep(ms - LONGEST_TIMER))) : timer(ms);

/** Carries from the end of an attempt to the next one how long to wait. */
class RetryIn extends Error {
  constructor(readonly retry: Pick<Retry, 'wait' | 'notBefore'>) {
    super();
  }
}

/** When the peer of a session that ends now was last received from, by both clocks. */
const lastReceived = (session: Ready | undefined, now: Instant): Instant => {
  if (!session) return now;
  const wall = session.lastReceivedAt();
  return { wall, steady: now.steady - (session.silentFor?.() ?? Math.max(0, now.wall - wall)) };
};

/** Whether a new connection can help; a defect is never retried. */
const canHelp = (error: unknown): error is FeedError => isFeedError(error) && isRecoverable(error);

/** What became of a connection of a page that has none to offer. */
const away = (state: PageState): FeedError => new ConnectionLost(ABNORMAL, `the page is ${state}`);
const isCut = (error: FeedError): boolean => error._tag === 'ConnectionLost' && error.code === ABNORMAL;

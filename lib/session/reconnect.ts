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
  tap,
  throwError,
  timer,
} from 'rxjs';
import { ABNORMAL, NORMAL } from '../model/closeCodes.js';
import { flattenError } from '../model/errorData.js';
import { ConnectionLost, InvalidOption, KickedRepeatedly, type FeedError } from '../model/errors.js';
import { isMarketEvent, type Connected, type Disconnected } from '../model/feedEvent.js';
import { isFeedError, isRecoverable } from '../model/isRecoverable.js';
import { steadyClock } from '../model/steadyClock.js';
import type { PageState } from '../transport/Platform.js';
import type { Backoff } from './backoff.js';
import { countKicks, STABLE_AFTER, type KickRules } from './kicks.js';
import type { Ready } from './messages.js';
import type { Scrub } from './scrub.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';

/** When another attempt is made, and when no more are. */
export interface ReconnectOptions {
  /** Goes into the events. */
  readonly provider: string;
  /** The name of the feed; put into each event that does not say its own. */
  readonly feed?: string | undefined;
  /** How long to wait before each attempt. */
  readonly backoff: Backoff;
  /**
   * The longest wait that a `Retry-After` may ask for, in milliseconds.
   *
   * @defaultValue `3_600_000`, an hour
   */
  readonly maxRetryAfter?: number | undefined;
  /** Set for vendors that end the older of two connections with one credential. */
  readonly kicks?: KickRules | undefined;
  /** Called when it gives up, before the error is heard: whoever hears it may start over at once. */
  readonly onEnd?: (() => void) | undefined;
  /** Takes the credential out of events and errors. Market events that name their feed go past it. */
  readonly scrub?: Scrub | undefined;
  /** The state of the page the feed lives on; without it, it is always `live`. */
  readonly page$?: BehaviorSubject<PageState> | undefined;
}

/** How long to wait, in milliseconds, for a page to come back: it may not know that it has. */
const AWAY = 30_000;
const UNCHANGED: Scrub = { event: (event) => event, error: (error) => error };

/**
 * Subscribes again whenever the stream below is lost, and says so in band: `disconnected` with its cause and the time
 * of the next attempt, `connected` with the hole between what was last heard and now.
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
    backoff,
    maxRetryAfter = 3_600_000,
    kicks: rules,
    onEnd,
    scrub = UNCHANGED,
    page$ = new BehaviorSubject<PageState>('live'),
  }: ReconnectOptions) =>
  <E extends { readonly kind: string }>(source$: Observable<Ready | E>): Observable<E | Connected | Disconnected> =>
    defer(() => {
      let attempt = 0;
      let failures = 0;
      /** The failures that lengthen the wait: not those of a page without a network. */
      let counted = 0;
      let kicks = 0;
      // Lengths of time are measured by a clock that is never set back; the times in the events are those of the wall.
      const clock = steadyClock(() => asyncScheduler.now());
      let session: (Pick<Ready, 'heardAt' | 'silentFor'> & { readonly since: number }) | undefined;
      let lastHeard: LastHeard | undefined;
      let retryAt: number | undefined;
      let wait = 0;
      let notBefore = -Infinity;
      const remedies = spokenOnce();

      const named = <N extends object>(event: N): N =>
        feed === undefined || 'feed' in event ? event : { ...event, feed };
      const settle = (): void => {
        attempt = failures = counted = 0;
      };
      const connected = ({ heardAt, silentFor }: Ready): Connected => {
        const now = asyncScheduler.now();
        const elapsed = clock();
        session = { since: elapsed, heardAt, silentFor };
        remedies.forget();
        const resumed = lastHeard && { from: holeFrom(lastHeard, now, elapsed), to: now };
        return { kind: 'connected', provider, feed: feed ?? provider, receivedAt: now, attempt, resumed };
      };
      const disconnected = (error: FeedError): Disconnected => {
        const now = asyncScheduler.now();
        const elapsed = clock();
        const live = page$.value === 'live';
        const cause = live || !isCut(error) ? error : away(page$.value);
        if (session) {
          const life = elapsed - session.since;
          if (life >= STABLE_AFTER) settle();
          if (rules) kicks = countKicks(kicks, cause, life, rules);
          if (rules && kicks >= rules.limit) throw new KickedRepeatedly(kicks);
          const wall = session.heardAt();
          lastHeard = { wall, steady: elapsed - (session.silentFor?.() ?? Math.max(0, now - wall)) };
          session = undefined;
        }
        failures += 1;
        if (live) counted += 1;
        const paused = pause(backoff, Math.max(1, counted), cause, maxRetryAfter);
        wait = live ? paused : Math.max(paused, AWAY);
        retryAt = now + wait;
        notBefore = elapsed + floorOf(cause, maxRetryAfter);
        return {
          kind: 'disconnected',
          provider,
          feed: feed ?? provider,
          receivedAt: now,
          cause: flattenError(remedies.shortened(cause)),
          attempt: failures,
          retryAt,
        };
      };

      // One subscriber, where `map` and `concat` would be two on the way of each event.
      const attempt$ = new Observable<E | Connected>((subscriber) => {
        attempt += 1;
        retryAt = undefined;
        subscriber.add(
          page$.pipe(skip(1)).subscribe((state) => {
            if (state !== 'live') subscriber.error(away(state));
          }),
        );
        return source$.subscribe({
          next: (event) => {
            if (isMarketEvent(event)) {
              if (attempt > 0) settle();
              // The events of a market are many; a provider's decoder names the feed in them itself.
              subscriber.next('feed' in event ? event : named(scrub.event(event)));
            } else if (event.kind === 'ready') {
              subscriber.next(connected(event as Ready));
            } else {
              subscriber.next(named(scrub.event(event as E)));
            }
          },
          error: (error: unknown) => subscriber.error(scrub.error(error)),
          complete: () => subscriber.error(new ConnectionLost(NORMAL, 'the stream completed')),
        });
      });
      const back$ = page$.pipe(
        skip(1),
        filter((state) => state === 'live' && clock() >= notBefore),
        tap(() => (counted = 0)),
      );
      return attempt$.pipe(
        // The marker goes above `retry`: chaining `catchError` to itself would cost a stack frame per reconnect.
        catchError((error: unknown) => {
          if (!canHelp(error)) throw error;
          return concat(
            of(disconnected(error)),
            throwError(() => error),
          );
        }),
        retry({
          // Not asked of the error again: a backoff that gives up may throw the very cause, and has the last word.
          delay: (error: unknown) => {
            if (retryAt !== undefined) return merge(timer(wait), back$);
            onEnd?.();
            return throwError(() => error);
          },
        }),
      );
    });

interface LastHeard {
  readonly wall: number;
  readonly steady: number;
}

/** Where a hole begins that ends now: it is as long as the time that has passed, also when the clock was set meanwhile. */
const holeFrom = ({ wall, steady }: LastHeard, now: number, elapsed: number): number => {
  const from = now - (elapsed - steady);
  // The two clocks differ by parts of a millisecond, or by what one of them was set by.
  return Math.abs(from - wall) < SET && wall <= now ? wall : Math.min(now, Math.round(from));
};

/** What a clock is off, in milliseconds, without being set. */
const SET = 50;

/** Whether a new connection can help; a defect is never retried. */
const canHelp = (error: unknown): error is FeedError => isFeedError(error) && isRecoverable(error);

/** Takes a remedy out of an error that was said already in this outage. */
const spokenOnce = () => {
  const said = new Set<string>();
  return {
    shortened: (cause: FeedError): FeedError => {
      if (cause._tag !== 'ConnectionLost' || cause.remedy === undefined) return cause;
      if (said.has(cause.remedy)) return new ConnectionLost(cause.code, cause.reason);
      said.add(cause.remedy);
      return cause;
    },
    /** The outage is over. */
    forget: () => said.clear(),
  };
};

/** What became of a connection of a page that has none to offer. */
const away = (state: PageState): FeedError => new ConnectionLost(ABNORMAL, `the page is ${state}`);
const isCut = (error: FeedError): boolean => error._tag === 'ConnectionLost' && error.code === ABNORMAL;

/** The wait by the backoff and, whoever wrote that, no shorter than the vendor asked for. */
const pause = (backoff: Backoff, attempt: number, cause: FeedError, longest: number): number => {
  const wait = backoff(attempt, cause);
  if (!(wait >= 0 && wait < Infinity)) {
    throw new InvalidOption('backoff', wait, 'it returns a number of milliseconds, 0 or more');
  }
  return Math.min(LONGEST_TIMER, Math.ceil(Math.max(wait, floorOf(cause, longest))));
};

const floorOf = (cause: FeedError, longest: number): number =>
  cause._tag === 'HandshakeRefused' ? Math.min(longest, cause.retryAfter ?? 0) : 0;

import {
  catchError,
  defer,
  first,
  map,
  of,
  tap,
  timeout,
  type BehaviorSubject,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import { HandshakeRefused, Unauthorized, type FeedError } from '../model/errors.js';
import { isFeedError } from '../model/isRecoverable.js';
import type { PageState, Platform } from '../transport/Platform.js';

/** Asks the vendor by other means whether it accepts the credential, and gives the HTTP status of its answer. */
export type Probe = () => ObservableInput<number | { readonly status: number }>;

export interface RefusalOptions {
  readonly platform?: Pick<Platform, 'hidesRefusals'> | undefined;
  /** Failures while it is not `live` prove nothing. */
  readonly page$: BehaviorSubject<PageState>;
  /**
   * After how many failed attempts to give up, if no socket has ever opened.
   *
   * @defaultValue `8`, some half a minute
   */
  readonly connectAttempts?: number | undefined;
  /** Asked after each failed attempt, until a socket has opened. */
  readonly probe?: Probe | undefined;
}

/** Goes behind `connect`, in each attempt. */
export type RefusalDetector = <S>(sessions$: Observable<S>) => Observable<S>;

/** Milliseconds after which a probe has failed. */
const PROBE_TIMEOUT = 5_000;

/**
 * Tells a refused upgrade from a lost network, where the platform hides the difference. Make one for the life of a feed.
 *
 * Fails with `Unauthorized` when the probe returns 401 or 403, and with `HandshakeRefused` of status 0 when
 * `connectAttempts` attempts failed before a socket opened. Both are final. Once a socket has opened, each loss is an
 * ordinary one.
 */
export const detectRefusal = ({ platform, page$, connectAttempts = 8, probe }: RefusalOptions): RefusalDetector => {
  let hidden = platform?.hidesRefusals === true;
  let failures = 0;

  const errorFor = (loss: FeedError): FeedError => {
    failures += 1;
    return failures < connectAttempts ? loss : new HandshakeRefused(0, undefined, `${failures} attempts failed`);
  };
  return (sessions$) =>
    sessions$.pipe(
      tap(() => (hidden = false)),
      catchError((error: unknown) => {
        const telling = hidden && page$.value === 'live';
        if (!telling || !isFeedError(error) || error._tag !== 'ConnectionLost') throw error;
        return (probe ? statusOf(probe) : of(0)).pipe(
          map((status): never => {
            throw status === 401 || status === 403 ? new Unauthorized(`HTTP ${status}`, status) : errorFor(error);
          }),
        );
      }),
    );
};

/** The status of a probe; 0 if it fails, hangs or returns nothing. The text of its error may hold the credential. */
const statusOf = (probe: Probe): Observable<number> =>
  defer(probe).pipe(
    first(),
    timeout(PROBE_TIMEOUT),
    map((answer) => (typeof answer === 'number' ? answer : answer.status)),
    catchError(() => of(0)),
  );

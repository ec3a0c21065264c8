import {
  asyncScheduler,
  defer,
  EMPTY,
  ignoreElements,
  interval,
  merge,
  of,
  repeat,
  switchMap,
  tap,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import { HeartbeatMissed } from '../model/errors.js';
import type { Session } from '../transport/Session.js';

export interface HeartbeatOptions<Out> {
  /** Milliseconds between two pings. Not needed when the peer pings us. */
  readonly every?: number | undefined;
  /** Milliseconds of silence after which the peer is taken for dead. */
  readonly within: number;
  /** Makes the ping; absent when the peer pings us and we only listen. */
  readonly ping?: (() => Out) | undefined;
  /**
   * Whether to take silence for death although the platform hides the peer's pings, as browsers do. Defaults to false:
   * a quiet market would look like a dead link.
   */
  readonly unheard?: boolean | undefined;
}

/**
 * Hands each session on at once, pings it while it lives, and fails with `HeartbeatMissed` when the peer has said
 * nothing for `within` milliseconds.
 *
 * Any frame is a sign of life, not only a pong. Without `ping` it only listens, for vendors that ping us. Put it after
 * `authenticate`.
 *
 * @example
 * sessions$.pipe(heartbeat({ every: 20_000, within: 40_000, ping: () => ({ ac: 'ping' }) }))
 */
export const heartbeat = <In, Out>({
  every,
  within,
  ping,
  unheard = false,
}: HeartbeatOptions<Out>): MonoTypeOperatorFunction<Session<In, Out>> =>
  switchMap((session) => {
    const pings$ = ping && every ? interval(every).pipe(tap(() => session.send(ping()))) : EMPTY;
    const silence$ = ping || unheard || session.hearsPings ? silence(session, within) : EMPTY;
    return merge(of(session), merge(silence$, pings$).pipe(ignoreElements()));
  });

/** Looks at the clock when silence could first be too long; a timer per message would cost more than decoding it. */
const silence = ({ heardAt }: Pick<Session, 'heardAt'>, within: number): Observable<unknown> =>
  defer(() => timer(heardAt() + within - asyncScheduler.now())).pipe(
    tap(() => {
      const quiet = asyncScheduler.now() - heardAt();
      if (quiet >= within) throw new HeartbeatMissed(quiet);
    }),
    repeat(),
  );

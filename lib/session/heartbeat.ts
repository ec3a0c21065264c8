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
import { steadyClock } from '../model/steadyClock.js';
import type { Session } from '../transport/Session.js';
import { afterCheck, deadlineOf, sure, type PulseRules } from './pulse.js';
import { turn } from './sends.js';

/** How often the vendor is pinged, and how long it may be silent. */
export interface HeartbeatOptions<Out> {
  /** Milliseconds between two pings. Not needed when the peer pings us. */
  readonly every?: number | undefined;
  /** Milliseconds of silence after which the peer is taken for dead. */
  readonly within: number;
  /** Makes the ping; absent when the peer pings us and we only listen. */
  readonly ping?: (() => Out) | undefined;
  /**
   * Whether to take silence for death although the platform hides the peer's pings, as browsers do.
   *
   * @defaultValue `false`: a quiet market would look like a dead link
   */
  readonly watchSilence?: boolean | undefined;
}

/** How often to check the clock, in milliseconds: a sleep is noticed so soon. */
const CHECK_EVERY = 5_000;

/**
 * Emits each session at once, pings it while it lives, and fails with `HeartbeatMissed` when nothing was received for
 * `within` milliseconds.
 *
 * Any frame is a sign of life, not only a pong. Without `ping` it only listens, for vendors that ping us. A timer that
 * was held up, by a hidden tab, a busy loop or a sleeping machine, says nothing about the peer: it is pinged at once and
 * given 5 s. Put it after `authenticate`.
 *
 * @example
 * sessions$.pipe(heartbeat({ every: 20_000, within: 40_000, ping: () => ({ ac: 'ping' }) }))
 */
export const heartbeat = <In, Out>(options: HeartbeatOptions<Out>): MonoTypeOperatorFunction<Session<In, Out>> =>
  switchMap((session) => {
    const { every, ping } = options;
    // A ping waits for its turn where the vendor limits the rate of messages.
    const pings$ =
      ping && every
        ? interval(every).pipe(
            switchMap(() => turn(session)),
            tap(() => session.send(ping())),
          )
        : EMPTY;
    const clock = steadyClock(() => asyncScheduler.now());
    const lastReceivedAt = lastReceivedBy(clock, session.lastReceivedAt);
    const watched = { ...session, silentFor: () => clock() - lastReceivedAt() };
    return merge(of(watched), merge(silence(session, options, clock, lastReceivedAt), pings$).pipe(ignoreElements()));
  });

/**
 * When the peer was last received from, by a clock that is never set back. Call it often: it compares the clocks at
 * each call.
 */
const lastReceivedBy = (clock: () => number, receivedAtByWall: () => number): (() => number) => {
  let wallReceived: number | undefined;
  let received = -Infinity;
  let ahead = 0;
  return () => {
    const now = clock();
    const at = receivedAtByWall();
    const before = ahead;
    ahead = now - asyncScheduler.now();
    if (at === wallReceived) return received;
    wallReceived = at;
    // If the clock was set since it was looked at, the frame came before that or after it: only one of them can be, or either.
    const [first = now] = [at + before, at + ahead]
      .filter((time) => time >= received && time <= now)
      .sort((a, b) => a - b);
    received = first;
    return received;
  };
};

/** Checks the clock every so often; a timer per message would cost more than decoding it. */
const silence = <Out>(
  { seesPings, send }: Session<unknown, Out>,
  { within, ping, watchSilence = false }: HeartbeatOptions<Out>,
  // All times here are of one clock that is never set back.
  clock: () => number,
  lastReceivedAt: () => number,
): Observable<unknown> => {
  const rules: PulseRules = { within, pings: ping !== undefined, mayBeSilent: !ping && !watchSilence && !seesPings };
  let pulse = sure;
  let due = 0;

  const check = (): void => {
    const next = afterCheck(pulse, { now: clock(), due, lastReceivedAt: lastReceivedAt() }, rules);
    if (next instanceof HeartbeatMissed) throw next;
    if (next === pulse) return;
    pulse = next;
    if (ping) send(ping());
  };
  const check$ = defer(() => {
    const now = clock();
    due = Math.min(deadlineOf(pulse, lastReceivedAt(), rules), now + CHECK_EVERY);
    return timer(Math.max(0, due - now));
  });
  return check$.pipe(tap(check), repeat());
};

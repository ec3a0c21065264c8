import {
  asyncScheduler,
  concat,
  concatMap,
  EMPTY,
  filter,
  map,
  mergeMap,
  of,
  pipe,
  timer,
  type Observable,
} from 'rxjs';
import { checkCount, checkDuration } from '../../model/check.js';
import { ABNORMAL } from '../../model/closeCodes.js';
import { InvalidOption } from '../../model/errors.js';
import type { CloseSignal, SocketSignal } from '../../transport/wrapSocket.js';
import { directedFault, faultOf, type Direction, type Fault, type FaultOptions } from './intercept.js';

/** When a connection fails: at the earlier of the two, and at least one is needed. */
export interface MomentOptions extends FaultOptions {
  /** After so many frames have arrived; 0 is when it opens. */
  readonly frames?: number | undefined;
  /** So many milliseconds after it opened. */
  readonly after?: number | undefined;
}

interface FaultMoment {
  readonly frames: number;
  readonly after: number | undefined;
}

const momentOf = ({ frames, after }: MomentOptions): FaultMoment => {
  if (frames === undefined && after === undefined) {
    throw new InvalidOption('frames', frames, 'it or `after` is needed, to say when');
  }
  if (after !== undefined) checkDuration('after', after);
  return { frames: checkCount('frames', frames ?? Infinity, 0), after };
};

/** When a connection ends, and how its end is reported to the client. */
export interface DropOptions extends MomentOptions {
  /**
   * The close code that the client gets.
   *
   * @defaultValue `1006`: no close frame came
   */
  readonly code?: number | undefined;
  /**
   * The reason that it gets.
   *
   * @defaultValue none
   */
  readonly reason?: string | undefined;
}

/**
 * Ends each connection, after so many frames or milliseconds: without a close frame, or with the code of a vendor that
 * closes. The vendor sees its client leave. Throws `InvalidOption`.
 *
 *     in                      -a-b-c-
 *     dropAfter({ frames: 2}) -a-(b|)      // the last frame arrives
 *
 * @example
 * faulty(openSocket, dropAfter({ after: 60_000, maxConnections: 3 }), dropAfter({ frames: 10_000, code: 1001 }))
 */
export const dropAfter = ({ code = ABNORMAL, reason = '', ...options }: DropOptions): Fault => {
  const { frames, after } = momentOf(options);
  if (!(Number.isInteger(code) && code >= 1000 && code < 5000)) {
    throw new InvalidOption('code', code, 'it is a close code, 1000 to 4999');
  }
  const lost: CloseSignal = { kind: 'close', code, reason };
  const lostLater$ = after === undefined ? EMPTY : timer(after).pipe(map(() => lost));

  return faultOf(options, () => {
    let received = 0;
    const followed = (signal: SocketSignal): Observable<SocketSignal> => {
      if (signal.kind === 'frame') received += 1;
      else if (signal.kind !== 'open') return of(signal);
      if (received === frames) return of(signal, lost);
      return signal.kind === 'open' ? concat(of(signal), lostLater$) : of(signal);
    };
    return { incoming: mergeMap(followed) };
  });
};

/**
 * Leaves each connection open and dead, after so many frames or milliseconds: nothing arrives any more, no ping and no
 * close either, and nothing that is sent gets through. Only silence shows it. Throws `InvalidOption`.
 *
 *     in                      -a-b-c-|
 *     halfOpen({ frames: 2 }) -a-b----     // until the client closes
 *
 * @example
 * faulty(openSocket, halfOpen({ after: 30_000, maxConnections: 1 }))
 */
export const halfOpen = (options: MomentOptions): Fault => {
  const { frames, after = Infinity } = momentOf(options);
  return faultOf(options, () => {
    let received = 0;
    let openedAt = Infinity;
    const isDead = (): boolean => asyncScheduler.now() >= openedAt + (received < frames ? after : 0);
    return {
      incoming: filter(({ kind }) => {
        if (isDead()) return false;
        if (kind === 'open') openedAt = asyncScheduler.now();
        if (kind === 'frame') received += 1;
        return true;
      }),
      outgoing: filter(() => !isDead()),
    };
  });
};

/** How slow a line is, and which way. */
export interface DelayOptions extends FaultOptions {
  /**
   * Milliseconds that everything takes at least.
   *
   * @defaultValue `50`
   */
  readonly latency?: number | undefined;
  /**
   * Milliseconds that a frame may take beyond that, by chance.
   *
   * @defaultValue `0`
   */
  readonly jitter?: number | undefined;
  /**
   * Which way frames are delayed.
   *
   * @defaultValue `'both'`: a line is slow each way
   */
  readonly direction?: Direction | undefined;
  /**
   * The same seed makes the same delays.
   *
   * @defaultValue `1`
   */
  readonly seed?: number | undefined;
}

/**
 * A slow line: all that goes over it arrives later, the opening, pings and the close as well, and in its order. A frame
 * that is late holds up those behind it, as TCP does. Throws `InvalidOption`.
 *
 *     in                       -a-b----c|
 *     delayBy({ latency: 3 })  ----a-b----(c|)
 *
 * @example
 * faulty(openSocket, delayBy({ latency: 80, jitter: 40 }))
 */
export const delayBy = ({ latency = 50, jitter = 0, direction = 'both', ...options }: DelayOptions = {}): Fault => {
  checkDuration('latency', latency);
  checkDuration('jitter', jitter);
  return directedFault('delayBy', { ...options, direction }, (random) =>
    pipe(
      map((signal) => ({ signal, due: asyncScheduler.now() + latency + Math.floor(random() * jitter) })),
      concatMap(({ signal, due }) => {
        const left = due - asyncScheduler.now();
        return left > 0 ? timer(left).pipe(map(() => signal)) : of(signal);
      }),
    ),
  );
};

import { asyncScheduler, concatMap, map, of, pipe, timer } from 'rxjs';
import { checkDuration } from '../../model/checkDuration.js';
import type { Fault } from './Fault.js';
import type { Direction, FaultOptions } from './FaultOptions.js';
import { tamperingLanes } from './tampering.js';

/** How slow a line is, and which way. */
export interface DelayOptions extends FaultOptions {
  /** Milliseconds that everything takes at least. Defaults to 50. */
  readonly latency?: number | undefined;
  /** Milliseconds that a frame may take beyond that, by chance. Defaults to 0. */
  readonly jitter?: number | undefined;
  /** Defaults to `both`: a line is slow each way. */
  readonly direction?: Direction | undefined;
  /** The same seed makes the same delays. Defaults to 1. */
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
  return tamperingLanes('delayBy', { ...options, direction }, (random) =>
    pipe(
      map((signal) => ({ signal, due: asyncScheduler.now() + latency + Math.floor(random() * jitter) })),
      concatMap(({ signal, due }) => {
        const left = due - asyncScheduler.now();
        return left > 0 ? timer(left).pipe(map(() => signal)) : of(signal);
      }),
    ),
  );
};

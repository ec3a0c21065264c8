import { concat, EMPTY, map, mergeMap, of, timer, type Observable } from 'rxjs';
import { InvalidOption } from '../../model/errors.js';
import { checkMoment } from './checks.js';
import type { Fault } from './Fault.js';
import type { MomentOptions } from './FaultOptions.js';
import type { Closed, Signal } from './Signal.js';
import { tampering } from './tampering.js';

/** When a connection ends, and what the client hears of it. */
export interface DropOptions extends MomentOptions {
  /** The close code the client hears. Defaults to 1006: no close frame came. */
  readonly code?: number | undefined;
  /** The reason it hears. Defaults to none. */
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
 * faulty(openSocket, dropAfter({ after: 60_000, connections: 3 }), dropAfter({ frames: 10_000, code: 1001 }))
 */
export const dropAfter = ({ code = 1006, reason = '', ...options }: DropOptions): Fault => {
  const { frames, after } = checkMoment(options);
  if (!(Number.isInteger(code) && code >= 1000 && code < 5000)) {
    throw new InvalidOption('code', code, 'it is a close code, 1000 to 4999');
  }
  const lost: Closed = { kind: 'close', code, reason };
  const lostLater$ = after === undefined ? EMPTY : timer(after).pipe(map(() => lost));

  return tampering(options, () => {
    let heard = 0;
    const followed = (signal: Signal): Observable<Signal> => {
      if (signal.kind === 'frame') heard += 1;
      else if (signal.kind !== 'open') return of(signal);
      if (heard === frames) return of(signal, lost);
      return signal.kind === 'open' ? concat(of(signal), lostLater$) : of(signal);
    };
    return { incoming: mergeMap(followed) };
  });
};

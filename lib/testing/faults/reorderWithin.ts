import { concat, defer, elementAt, EMPTY, map, merge, mergeMap, of, Subject, take, timer, type Observable } from 'rxjs';
import { checkDuration } from '../../model/checkDuration.js';
import { befalling } from './befalling.js';
import { checkCount } from './checks.js';
import type { Fault } from './Fault.js';
import type { ChanceOptions } from './FaultOptions.js';
import type { Signal } from './Signal.js';
import { tamperingLanes } from './tampering.js';

/** Which frames are held back, and how far. */
export interface ReorderOptions extends ChanceOptions {
  /** How many places a frame is moved at most, to the back or to the front. Defaults to 3. */
  readonly frames?: number | undefined;
  /** Milliseconds that a frame is held back at most, when none follow. Defaults to 100. */
  readonly within?: number | undefined;
}

/**
 * Holds some frames back until a few later ones have passed, as servers do that publish from many threads. None is lost
 * or added; what is held back when the connection ends arrives before the end. Throws `InvalidOption`.
 *
 *     in                           -a-b-c-d-----e|
 *     reorderWithin({ frames: 2 }) ---b-(ca)---d(e|)     // d waited for two, and none came within 4 ms
 *
 * @example
 * faulty(openSocket, reorderWithin({ frames: 5, share: 0.2, only: (text) => text.includes('"quote"') }))
 */
export const reorderWithin = ({ frames = 3, within = 100, ...options }: ReorderOptions = {}): Fault => {
  checkCount('frames', frames, 1);
  checkDuration('within', within);
  const befallingWith = befalling(options);

  return tamperingLanes('reorderWithin', { ...options, direction: options.direction ?? 'in' }, (random) => {
    const befalls = befallingWith(random);
    const passed$ = new Subject<void>();
    const tell$ = defer(() => {
      passed$.next();
      return EMPTY;
    });
    /** Until so many later frames have passed, the time is up, or the connection ends. */
    const heldBack = (signal: Signal, others: number): Observable<Signal> =>
      merge(passed$.pipe(elementAt(others - 1, undefined)), timer(within)).pipe(
        take(1),
        map(() => signal),
      );

    return mergeMap((signal) => {
      if (signal.kind === 'close') passed$.complete();
      if (signal.kind !== 'frame') return of(signal);
      if (!befalls(signal)) return concat(of(signal), tell$);
      return concat(tell$, heldBack(signal, 1 + Math.floor(random() * frames)));
    });
  });
};

import { animationFrames, audit, identity, timer, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { checkDuration } from '../model/check.js';

/** When a value is handed on: with the next animation frame, at most so many milliseconds later, or at once, for every value. */
export type Pace = 'frame' | 'value' | number;

/** Where there are no frames. */
const FRAME = 16;

/** The latest value of each beat. No beat is waited for while there is nothing to hand on. */
export const paced = <T>(every: Pace): MonoTypeOperatorFunction<T> => {
  if (every === 'value') return identity;
  if (every === 'frame') return audit(nextFrame);
  checkDuration('every', every);
  return audit(() => timer(every));
};

const nextFrame = (): Observable<unknown> =>
  typeof requestAnimationFrame === 'function' ? animationFrames() : timer(FRAME);

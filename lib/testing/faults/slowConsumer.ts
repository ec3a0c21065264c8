import { map, timer, type Observable } from 'rxjs';
import { checkDuration } from '../../model/checkDuration.js';
import { seeded } from './seeded.js';

/** How long the work on a value takes. */
export interface SlowOptions {
  /** Milliseconds that each value takes. */
  readonly takes: number;
  /** Milliseconds that one may take beyond that, by chance. Defaults to 0. */
  readonly jitter?: number | undefined;
  /** The same seed makes the same waits. Defaults to 1. */
  readonly seed?: number | undefined;
}

/**
 * Work that takes its time over each value and gives it back: a slow disk, a slow screen. Hand it to what runs work on
 * the values of a feed: to `bounded`, which says what is lost, or to `concatMap`, which lets everything pile up.
 *
 * Throws `InvalidOption`.
 *
 * @example
 * feed$.pipe(bounded(slowConsumer({ takes: 20 }), { capacity: 100 }))
 */
export const slowConsumer = ({ takes, jitter = 0, seed = 1 }: SlowOptions): (<T>(value: T) => Observable<T>) => {
  checkDuration('takes', takes);
  checkDuration('jitter', jitter);
  const random = seeded(seed, 'slowConsumer');
  return (value) => timer(takes + Math.floor(random() * jitter)).pipe(map(() => value));
};

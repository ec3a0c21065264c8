import { take, timer, type Observable } from 'rxjs';
import { InvalidOption } from '../../model/errors.js';
import { checkDuration } from '../../model/check.js';

/** When what was held back is delivered: after a time, or when a notifier says so. */
export type Beat =
  | {
      /** Milliseconds that a value waits at most. */
      readonly every: number;
      readonly notifier?: undefined;
    }
  | {
      readonly every?: undefined;
      /** Each of its values is a beat, such as `animationFrames()`. Subscribed to only while something waits. */
      readonly notifier: Observable<unknown>;
    };

/** The next beat. Throws `InvalidOption` for a time that no timer can measure, and unless there is exactly one beat. */
export const nextBeat = ({ every, notifier }: Beat): Observable<unknown> => {
  if ((every === undefined) === (notifier === undefined)) {
    throw new InvalidOption('every', every, 'state either `every` or a `notifier`');
  }
  if (every === undefined) return notifier.pipe(take(1));
  checkDuration('every', every);
  return timer(every);
};

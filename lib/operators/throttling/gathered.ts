import { Observable, type Observer, type OperatorFunction, type Subscription } from 'rxjs';
import { listen } from '../listen.js';
import { nextBeat, type Beat } from './beat.js';
import type { Keys, Place } from './keys.js';

/** What is done with the values of a key between two beats. */
export interface Gathering<T, G, R> {
  readonly beat: Beat;
  readonly keys: () => Keys<T, G>;
  readonly begin: (value: T) => G;
  readonly add: (gathered: G, value: T) => G;
  readonly result: (gathered: G) => R;
  /** Whether a value waits for nothing, as what the link says does not. */
  readonly passes: (value: T) => boolean;
  /** What becomes of such a value. */
  readonly pass: (event: T) => R;
  /** Whether the first value of a key passes at once. */
  readonly leading: boolean;
  /** After how many values nothing waits for the beat any more. */
  readonly maxWaiting: number;
}

/**
 * Gathers values per key and delivers what it has at each beat, in the order of last arrival. What the link says passes
 * at once, after all that came before it; so do the end and an error.
 *
 * One subscriber and one timer for all keys; a key lives no longer than something of it waits.
 */
export const gathered = <T extends object, G, R>(gathering: Gathering<T, G, R>): OperatorFunction<T, R> => {
  const { keys: makeKeys, begin, add, result, passes, pass, leading, maxWaiting } = gathering;
  const beat$ = nextBeat(gathering.beat);
  return (source$) =>
    new Observable((subscriber) => {
      const keys = makeKeys();
      /** Where each value was put, in the order of arrival; only the last time counts. A list that moved would be twice as slow. */
      let log: Place<G>[] = [];
      // Apart from what is held, so that what a consumer causes meanwhile waits for the next beat.
      let leaving: G[] = [];
      let left = 0;
      let holding = 0;
      let count = 0;
      let beat = 0;
      let clock: Subscription | undefined;

      const arm = (): void => {
        if (clock && !clock.closed) return;
        clock = beat$.subscribe({ next: () => release(leading), error: fail });
      };

      const release = (remember: boolean): void => {
        clock?.unsubscribe();
        clock = undefined;
        count = 0;
        beat += 1;
        for (let at = 0; at < log.length; at++) {
          const place = log[at] as Place<G>;
          if (place.at !== at) continue;
          leaving.push(place.held as G);
          place.held = undefined;
          if (remember) place.opened = beat;
        }
        log = [];
        holding = 0;
        keys.tidy(beat);
        if (remember && leaving.length > left) arm();
        while (left < leaving.length) subscriber.next(result(leaving[left++] as G));
        leaving = [];
        left = 0;
      };

      const hold = (given: T): void => {
        const place = keys.placeOf(given);
        const value = keys.spelled(given);
        if (leading && place.opened !== beat) {
          place.opened = beat;
          arm();
          return subscriber.next(result(begin(value)));
        }
        if (place.held === undefined) {
          place.held = begin(value);
          holding += 1;
        } else place.held = add(place.held, value);
        place.at = log.length;
        log.push(place);
        if (log.length > 2 * holding + MOST_ECHOES) log = lastOf(log);
        if (++count >= maxWaiting) release(leading);
        else arm();
      };

      function fail(error: unknown): void {
        release(false);
        subscriber.error(error);
      }

      const observer: Observer<T> = {
        next: (value) => {
          if (passes(value)) {
            release(false);
            subscriber.next(pass(value));
          } else hold(value);
        },
        error: fail,
        complete: () => {
          release(false);
          subscriber.complete();
        },
      };
      subscriber.add(() => clock?.unsubscribe());
      listen(source$, observer, subscriber);
    });
};

/** How many places are listed that have had a later value. */
const MOST_ECHOES = 4_096;

/** The places, each where it had its last value. */
const lastOf = <G>(log: readonly Place<G>[]): Place<G>[] => {
  const last = log.filter((place, at) => place.at === at);
  last.forEach((place, at) => (place.at = at));
  return last;
};

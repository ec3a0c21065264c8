import { Observable, type Observer, type OperatorFunction, type Subscription } from 'rxjs';
import { listen } from '../listen.js';
import { nextBeat, type Beat } from './beat.js';
import { chain, linkOf, unlink } from './chain.js';
import type { Keys } from './keys.js';

/** What is done with the values of a key between two beats. */
export interface Gathering<T, G, R> {
  readonly beat: Beat;
  readonly keys: () => Keys<T, G | undefined>;
  readonly begin: (value: T) => G;
  readonly add: (gathered: G, value: T) => G;
  readonly result: (gathered: G) => R;
  /** Whether a value waits for nothing, as what the link says does not. */
  readonly passes: (value: T) => boolean;
  /** What becomes of such a value. */
  readonly pass: (event: T) => R;
  /** A value of the key. */
  readonly sample: (gathered: G) => T;
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
  const { keys: makeKeys, begin, add, result, passes, pass, sample, leading, maxWaiting } = gathering;
  const beat$ = nextBeat(gathering.beat);
  return (source$) =>
    new Observable((subscriber) => {
      const keys = makeKeys();
      const held = chain<G | undefined>();
      // Apart from what is held, so that what a consumer causes meanwhile waits for the next beat.
      const leaving = chain<G | undefined>();
      let count = 0;
      let clock: Subscription | undefined;

      const arm = (): void => {
        if (clock && !clock.closed) return;
        clock = beat$.subscribe({ next: () => release(leading), error: fail });
      };

      const release = (remember: boolean): void => {
        clock?.unsubscribe();
        clock = undefined;
        count = 0;
        keys.clear();
        for (let link = held.head(); link; link = held.head()) {
          leaving.put(link);
          if (remember) keys.open(sample(link.value as G), linkOf<G | undefined>(undefined));
        }
        if (remember && leaving.head()) arm();
        for (let link = leaving.head(); link; link = leaving.head()) {
          unlink(link);
          subscriber.next(result(link.value as G));
        }
      };

      const hold = (given: T): void => {
        let link = keys.find(given);
        const value = keys.spelled(given);
        if (link === undefined) {
          link = linkOf<G | undefined>(undefined);
          keys.open(value, link);
          if (leading) {
            arm();
            return subscriber.next(result(begin(value)));
          }
        }
        link.value = link.value === undefined ? begin(value) : add(link.value, value);
        held.put(link);
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

import { filter, Observable, type OperatorFunction, type Subscription } from 'rxjs';

/**
 * An operator of a step that emits any number of values for each one it is given; `make` is called per subscription
 * and is given its life, to hang on to it what has to end with it.
 *
 * One subscriber on the way of a value: `mergeMap` would cost ten times as much. `filter` gives what a bare subscriber
 * does not: a step that throws is an error of the stream, and a synchronous source hears that nobody listens any more.
 */
export const emitting =
  <A, B>(make: (emit: (value: B) => void, life: Subscription) => (value: A) => void): OperatorFunction<A, B> =>
  (source$) =>
    new Observable((subscriber) => {
      const step = make((value) => subscriber.next(value), subscriber);
      const isPassed = (value: A): value is never => (step(value), false);
      return source$.pipe(filter(isPassed)).subscribe(subscriber);
    });

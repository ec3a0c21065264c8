import { Observable, Subscriber, type OperatorFunction, type Subscription } from 'rxjs';

/**
 * An operator of a step that emits any number of values for each one it is given; `make` is called per subscription
 * and is given its life, to hang on to it what has to end with it.
 *
 * One subscriber on the way of a value: `mergeMap` would cost ten times as much. A step that throws is an error of the
 * stream, and a synchronous source is unsubscribed when its subscriber has left.
 */
export const emitting =
  <A, B>(make: (emit: (value: B) => void, life: Subscription) => (value: A) => void): OperatorFunction<A, B> =>
  (source$) =>
    new Observable((subscriber) => {
      const step = make((value) => subscriber.next(value), subscriber);
      source$.subscribe(new Step(subscriber, step));
    });

/**
 * A class, as RxJS wraps an observer, at 15 ns a value (`npm run bench:klines`). Its constructor is marked deprecated
 * because it is to become internal in RxJS 8; within 7 it is what every operator of RxJS itself is made of.
 */
// eslint-disable-next-line no-restricted-syntax
class Step<A> extends Subscriber<A> {
  constructor(
    output: Subscriber<unknown>,
    private readonly step: (value: A) => void,
  ) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    super(output);
  }

  protected override _next(value: A): void {
    try {
      this.step(value);
    } catch (error) {
      this.error(error);
    }
  }
}

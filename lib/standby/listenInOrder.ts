import type { Observable, Observer, Subscription } from 'rxjs';
import { listen } from '../operators/listen.js';
import type { inOrder } from '../share/inOrder.js';

/** Listens to one of two sources for as long as `life` lasts, such that what one causes while the other is heard waits. */
export const listenInOrder = <A>(
  source$: Observable<A>,
  { next, error, complete }: Observer<A>,
  enter: ReturnType<typeof inOrder>['enter'],
  life: Subscription,
): void => {
  const take = (value: A): void => {
    if (!life.closed) next(value);
  };
  listen(
    source$,
    {
      next: (value) => enter(take, value),
      error: (thrown: unknown) => enter(error, thrown),
      complete: () => enter(complete, undefined),
    },
    life,
  );
};

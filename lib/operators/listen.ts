import { Subscriber, type Observable, type Observer, type Subscription } from 'rxjs';

/**
 * Subscribes to a source for as long as `life` lasts, such that a synchronous source can be unsubscribed while it is still
 * emitting. If the observer throws, it receives that as an error.
 */
export const listen = <A>(source$: Observable<A>, observer: Observer<A>, life: Subscription): void => {
  const listener = new ListenSubscriber(observer);
  life.add(listener);
  source$.subscribe(listener);
};

// eslint-disable-next-line no-restricted-syntax -- a subscription that is there before one subscribes
class ListenSubscriber<A> extends Subscriber<A> {
  constructor(private readonly observer: Observer<A>) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what every operator of RxJS 7 is made of
    super(observer);
  }

  protected override _next(value: A): void {
    try {
      this.observer.next(value);
    } catch (error) {
      this.error(error);
    }
  }
}

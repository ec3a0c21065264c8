import { Subscriber } from 'rxjs';

/**
 * Takes what the work on one value says, and passes it on; `onEnd` is called when the work has completed.
 *
 * It is a class, and itself the subscriber: `defer`, `takeUntil` and an observer would be a dozen objects for each value.
 */
// eslint-disable-next-line no-restricted-syntax -- a quarter of the cost of those: `npm run bench:bounded`
export class Job<R> extends Subscriber<R> {
  constructor(
    private readonly output: Subscriber<R>,
    private readonly onEnd: () => void,
  ) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- in RxJS 7 there is no other way to subscribe at this cost
    super();
  }

  protected override _next(value: R): void {
    this.output.next(value);
  }

  protected override _error(error: unknown): void {
    this.unsubscribe();
    this.output.error(error);
  }

  protected override _complete(): void {
    this.unsubscribe();
    this.onEnd();
  }
}

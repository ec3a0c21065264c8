import { defer, Observable, Subscriber, type OperatorFunction } from 'rxjs';

/**
 * One run of an operator, fed by hand once it was started; its values and its error go to `output`, and it ends with that.
 * `onEnd` is called once, when it has completed or was left.
 *
 * It is a class, and itself the subscriber of what comes out, because there may be thousands: closures, a list of inputs
 * and an observer each would be ten objects on the way of a value, and the cache holds a few thousand. Its input is no
 * `Subject` for the same reason.
 */
// eslint-disable-next-line no-restricted-syntax -- a third of the cost of closures: `npm run bench:conflate`
export class Instance<A, B> extends Subscriber<B> {
  /** When it last received a value, for a caller that counts that. */
  fedAt = 0;
  private inputs: readonly Subscriber<A>[] = [];
  private input: Input<A> = NOBODY;
  private end: ((input: Subscriber<A>) => void) | undefined = undefined;

  constructor(
    private readonly operator: OperatorFunction<A, B>,
    private readonly output: Subscriber<B>,
    onEnd: () => void,
    /** The symbol that it belongs to, where there is one instance for each. */
    readonly symbol = '',
  ) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- in RxJS 7 there is no other way to subscribe at this cost
    super();
    this.add(onEnd);
  }

  /** Apart from the constructor, so that what it says at once finds its maker ready. */
  start(): void {
    // Before it is subscribed to: what never pauses has to be left as well.
    this.output.add(this);
    const input$ = new Observable<A>((input) => {
      if (this.end) return this.end(input);
      this.take([...this.inputs, input]);
      return () => this.take(this.inputs.filter((other) => other !== input));
    });
    defer(() => this.operator(input$)).subscribe(this);
  }

  feed(value: A): void {
    this.input.next(value);
  }

  /** Fails the input. */
  fail(error: unknown): void {
    this.endWith((input) => input.error(error));
  }

  /** Ends the input; what the operator still holds may come later. */
  finish(): void {
    this.endWith((input) => input.complete());
  }

  protected override _next(value: B): void {
    this.output.next(value);
  }

  protected override _error(error: unknown): void {
    this.output.error(error);
    this.unsubscribe();
  }

  protected override _complete(): void {
    this.unsubscribe();
  }

  private take(inputs: readonly Subscriber<A>[]): void {
    this.inputs = inputs;
    const all: Input<A> = { next: (value) => inputs.forEach((input) => input.next(value)) };
    this.input = inputs.length > 1 ? all : (inputs[0] ?? NOBODY);
  }

  private endWith(how: (input: Subscriber<A>) => void): void {
    this.end = how;
    this.inputs.forEach(how);
  }
}

interface Input<A> {
  readonly next: (value: A) => void;
}

const NOBODY: Input<unknown> = { next: () => undefined };

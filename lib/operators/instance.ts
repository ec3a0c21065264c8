import { defer, Observable, type OperatorFunction, type Subscriber } from 'rxjs';

/** One run of an operator, fed by hand. */
export interface Instance<A> {
  readonly next: (value: A) => void;
  readonly error: (error: unknown) => void;
  /** Ends the input; what the operator still holds may come later. */
  readonly complete: () => void;
  /** Ends the run; nothing comes after it. */
  readonly leave: () => void;
}

/**
 * Starts an operator; its values and its error go to `output`. `onEnd` is called once, when it has completed or was
 * left.
 *
 * Its input is no `Subject`: on Node that makes a closure and walks an iterator for each value, four times the cost.
 * Subscribing copies the list, so that the operator may come or go inside `next`.
 */
export const instanceOf = <A, B>(
  operator: OperatorFunction<A, B>,
  output: Subscriber<B>,
  onEnd: () => void,
): Instance<A> => {
  let inputs: readonly Subscriber<A>[] = [];
  let end: ((input: Subscriber<A>) => void) | undefined;

  const input$ = new Observable<A>((input) => {
    if (end) return end(input);
    inputs = [...inputs, input];
    return () => {
      inputs = inputs.filter((other) => other !== input);
    };
  });
  const endWith = (how: (input: Subscriber<A>) => void): void => {
    end = how;
    inputs.forEach(how);
  };

  const run = defer(() => operator(input$)).subscribe({
    next: (value) => output.next(value),
    error: (error: unknown) => output.error(error),
  });
  run.add(onEnd);

  return {
    next: (value) => {
      for (const input of inputs) input.next(value);
    },
    error: (error) => endWith((input) => input.error(error)),
    complete: () => endWith((input) => input.complete()),
    leave: () => run.unsubscribe(),
  };
};

import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';

/** Subscribes to an operator and feeds it by hand, with nothing in the way: a `Subject` costs as much as a small operator. */
export const fed = <A, B>(operator: OperatorFunction<A, B>, output: (value: B) => void): ((value: A) => void) => {
  let input: Subscriber<A> | undefined;
  new Observable<A>((subscriber) => void (input = subscriber)).pipe(operator).subscribe(output);
  return (value) => input!.next(value);
};

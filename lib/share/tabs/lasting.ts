import { concat, of, switchMap, takeWhile, type Observable, type OperatorFunction } from 'rxjs';

const over = Symbol('over');

/** Like `switchMap`, and complete as soon as the inner Observable is, though the outer one goes on. */
export const lasting =
  <A, B>(project: (value: A) => Observable<B>): OperatorFunction<A, B> =>
  (source$) =>
    source$.pipe(
      switchMap((value) => concat(project(value), of(over))),
      takeWhile((value): value is B => value !== over),
    );

import { defer, first, firstValueFrom, repeat, tap, throwError, timeout, type Observable } from 'rxjs';

const PATIENCE = 15_000;

/** Asks again until the answer is right, and returns it. Fails with the last answer. */
export const until = async <T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> => {
  let last: T | undefined;
  const patient = timeout<T, Observable<never>>({
    first: PATIENCE,
    with: () => throwError(() => new Error(`still ${JSON.stringify(last)}`)),
  });
  return firstValueFrom(
    defer(ask).pipe(
      repeat({ delay: 50 }),
      tap((answer) => (last = answer)),
      first(isRight),
      patient,
    ),
  );
};

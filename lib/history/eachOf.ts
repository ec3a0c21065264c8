import { catchError, concat, defer, EMPTY, from, mergeMap, throwError, type Observable } from 'rxjs';
import { isHistoryRefused, isOfCredential, type HistoryRefused } from './errors.js';

/** One spelling of each instrument, the first. */
export const firstSpellings = (
  symbols: readonly string[],
  wireSymbol: (symbol: string) => string,
): readonly string[] => {
  const known = new Map<string, string>();
  for (const symbol of symbols) {
    const plain = wireSymbol(symbol);
    if (!known.has(plain)) known.set(plain, symbol);
  }
  return [...known.values()];
};

/**
 * Asks for groups of symbols, one after the other, and for the symbols of a group that is refused one by one. A symbol that
 * the vendor refuses does not cost the others: the error comes when they are done.
 */
export const eachOf = <E>(
  groups: readonly (readonly string[])[],
  together: (symbols: readonly string[]) => Observable<readonly E[]>,
  single: (symbol: string) => Observable<readonly E[]>,
): Observable<E> =>
  defer(() => {
    let failure: HistoryRefused | undefined;
    const alone = (symbol: string): Observable<E> =>
      single(symbol).pipe(
        mergeMap((events) => from(events)),
        catchError((error: unknown) => {
          if (!isOfSymbol(error)) throw error;
          failure ??= error;
          return EMPTY;
        }),
      );
    const asked = groups.map((some) => {
      const [first] = some;
      if (some.length === 1 && first !== undefined) return alone(first);
      return together(some).pipe(
        mergeMap((events) => from(events)),
        catchError((error: unknown) => {
          if (!isOfSymbol(error)) throw error;
          return concat(...some.map(alone));
        }),
      );
    });
    return concat(
      ...asked,
      defer(() => (failure ? throwError(() => failure) : EMPTY)),
    );
  });

/** Whether a refusal may be about one symbol: neither about the credential, nor about too many requests. */
const isOfSymbol = (error: unknown): error is HistoryRefused =>
  isHistoryRefused(error) && error.retryAfter === undefined && !isOfCredential(error);

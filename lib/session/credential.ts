import { catchError, defer, map, of, switchMap, throwError, type Observable } from 'rxjs';
import { InvalidOption, TokenUnavailable } from '../model/errors.js';
import { redacting } from './redacting.js';
import { quoted } from './undecodable.js';

/** A credential, or what supplies one; a function is asked before each attempt, so that it may hand out fresh ones. */
export type Credential = string | (() => string | Promise<string>);

/** Throws `InvalidOption` for a credential that can never work, without repeating it. */
export const checkCredential = (option: string, credential: Credential): void => {
  if (typeof credential === 'function') return;
  if (typeof credential === 'string' && credential.trim() !== '') return;
  throw new InvalidOption(option, undefined, 'it is empty or missing; give a string, or a function that returns one');
};

/**
 * Emits the credential once; fails with `TokenUnavailable` when its function throws, rejects, or returns nothing. The
 * message of what it throws is cut, and the credential it returned before is taken out of them.
 */
export const credential$ = (credential: Credential): Observable<string> => {
  if (typeof credential === 'string') return of(credential);
  let redact = (text: string): string => text;
  return defer(() => {
    const supplied = credential();
    // Wrapped: given a number, RxJS would repeat it in the error that this is not a stream.
    return typeof supplied === 'string' ? of(supplied) : Promise.resolve(supplied);
  }).pipe(
    map((supplied) => {
      if (typeof supplied === 'string' && supplied.trim() !== '') {
        redact = redacting(supplied);
        return supplied;
      }
      throw new Error('it returned no text');
    }),
    catchError((error: unknown) =>
      throwError(() => new TokenUnavailable(error instanceof Error ? quoted(error.message, redact) : 'it threw')),
    ),
  );
};

/** Subscribes to what `use` makes of the credential; a string is at hand, and puts no operator in the way of the values. */
export const withCredential = <T>(
  credential: Credential | undefined = '',
  use: (secret: string) => Observable<T>,
): Observable<T> =>
  typeof credential === 'string' ? defer(() => use(credential)) : credential$(credential).pipe(switchMap(use));

import {
  concat,
  defer,
  EMPTY,
  filter,
  from,
  ignoreElements,
  map,
  merge,
  of,
  switchMap,
  take,
  throwError,
  timeout,
  type MonoTypeOperatorFunction,
} from 'rxjs';
import { AuthTimeout, type FeedError } from '../model/errors.js';
import type { Session } from '../transport/Session.js';

/** How a vendor is logged in to. */
export interface AuthenticateOptions<In, Out> {
  /** Makes the message that logs in; undefined when the socket was opened with the credential. */
  readonly login?: (() => Out) | undefined;
  /** Reads the vendor's answer; undefined for any other message. */
  readonly loginResult: (message: In) => 'accepted' | FeedError | undefined;
  /**
   * Milliseconds the vendor may take to answer.
   *
   * @defaultValue `10_000`
   */
  readonly authTimeout?: number | undefined;
  /**
   * Whether to go on at once, without waiting for the vendor to accept.
   *
   * @defaultValue `false`
   */
  readonly optimistic?: boolean | undefined;
}

/** How many frames that came before the answer are kept for later; a vendor sends a greeting, not market data. */
const EARLY = 64;

/**
 * Emits a session when the vendor accepts the login, so that nothing is sent before.
 *
 * Fails with the error that `loginResult` returns, or with `AuthTimeout` when none comes. Messages that come before the
 * answer are emitted after it.
 *
 * @example
 * sessions$.pipe(authenticate({ login: () => ({ ac: 'auth', params: token }), loginResult }))
 */
export const authenticate = <In, Out>({
  login,
  loginResult,
  authTimeout = 10_000,
  optimistic = false,
}: AuthenticateOptions<In, Out>): MonoTypeOperatorFunction<Session<In, Out>> =>
  switchMap((session) => {
    const early: In[] = [];
    const accepted$ = session.messages$.pipe(
      map((message) => {
        const answer = loginResult(message);
        if (answer === undefined && early.length < EARLY) early.push(message);
        if (answer !== undefined && answer !== 'accepted') throw answer;
        return answer;
      }),
      filter((answer) => answer === 'accepted'),
      take(1),
    );
    const login$ = defer(() => {
      if (login) session.send(login());
      return EMPTY;
    });
    const handOn = (): Session<In, Out> => afterwards(session, [...early]);
    // The answer is listened for before the login is sent: a peer in memory answers at once.
    if (optimistic)
      return merge(
        accepted$.pipe(ignoreElements()),
        login$,
        defer(() => of(handOn())),
      );
    return merge(
      accepted$.pipe(
        map(handOn),
        timeout({ first: authTimeout, with: () => throwError(() => new AuthTimeout(authTimeout)) }),
      ),
      login$,
    );
  });

const afterwards = <In, Out>(session: Session<In, Out>, early: readonly In[]): Session<In, Out> =>
  early.length === 0 ? session : { ...session, messages$: concat(from(early), session.messages$) };

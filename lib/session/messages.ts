import { Observable, switchMap } from 'rxjs';
import type { Session } from '../transport/Session.js';

/** In the stream of messages: a session begins here. `reconnect` turns it into `connected`. */
export interface Ready {
  readonly kind: 'ready';
  /** When something was last received in this session, epoch ms. */
  readonly lastReceivedAt: () => number;
  /** For how many milliseconds nothing has been received, where `heartbeat` watches that. */
  readonly silentFor?: (() => number) | undefined;
}

/** Whether a session begins here. */
export const isReady = (message: { readonly kind: string }): message is Ready => message.kind === 'ready';

/**
 * Leaves the level of sessions: emits what each session says, after a `ready` that marks its beginning.
 *
 * It reads a session as soon as that is handed on, so put it below the operator that asks for data.
 */
export const messages =
  () =>
  <In>(sessions$: Observable<Session<In, never>>): Observable<Ready | In> =>
    sessions$.pipe(switchMap(withReady));

/** What `startWith` does, without a subscriber of its own on the way of each message. */
const withReady = <In>({ lastReceivedAt, silentFor, messages$ }: Session<In, never>): Observable<Ready | In> =>
  new Observable((subscriber) => {
    subscriber.next({ kind: 'ready', lastReceivedAt, ...(silentFor && { silentFor }) });
    return messages$.subscribe(subscriber);
  });

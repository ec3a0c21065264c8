import { Observable, switchMap } from 'rxjs';
import type { Session } from '../transport/Session.js';

/** In the stream of messages: a session begins here. `reconnect` turns it into `connected`. */
export interface Ready {
  readonly kind: 'ready';
  /** When the peer of this session was last heard, epoch ms. */
  readonly heardAt: () => number;
  /** For how many milliseconds it has not been heard, where that is watched. */
  readonly silentFor?: (() => number) | undefined;
}

/**
 * Leaves the level of sessions: emits what each session says, after a `ready` that marks its beginning.
 *
 * It reads a session as soon as that is handed on, so put it below the operator that asks for data.
 */
export const messages =
  () =>
  <In>(sessions$: Observable<Session<In, never>>): Observable<Ready | In> =>
    sessions$.pipe(switchMap(heard));

/** What `startWith` does, without a subscriber of its own on the way of each message. */
const heard = <In>({ heardAt, silentFor, messages$ }: Session<In, never>): Observable<Ready | In> =>
  new Observable((subscriber) => {
    subscriber.next({ kind: 'ready', heardAt, ...(silentFor && { silentFor }) });
    return messages$.subscribe(subscriber);
  });

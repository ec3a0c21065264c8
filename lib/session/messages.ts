import { concat, defer, of, switchMap, type Observable } from 'rxjs';
import type { Session } from '../transport/Session.js';

/** In the stream of messages: a session begins here. `reconnect` turns it into `connected`. */
export interface Ready {
  readonly kind: 'ready';
  /** When the peer of this session was last heard, epoch ms. */
  readonly heardAt: () => number;
}

/**
 * Leaves the level of sessions: emits what each session says, after a `ready` that marks its beginning.
 *
 * It reads a session as soon as that is handed on, so put it below the operator that asks for data.
 */
export const messages =
  () =>
  <In>(sessions$: Observable<Session<In, never>>): Observable<Ready | In> =>
    sessions$.pipe(
      switchMap(({ heardAt, messages$ }) =>
        concat(
          of<Ready>({ kind: 'ready', heardAt }),
          defer(() => messages$),
        ),
      ),
    );

import { asyncScheduler, Observable, Subject } from 'rxjs';
import type { Ready } from '../../lib/session/messages.js';
import type { Session } from '../../lib/transport/Session.js';

/** A session with a peer that says `messages$`, and what is said to it. */
export const aSession = <In, Out = string>(
  messages$: Observable<In>,
  overrides: Partial<Session<In, Out>> = {},
): { readonly session: Session<In, Out>; readonly sent$: Observable<Out> } => {
  const sent$ = new Subject<Out>();
  const since = asyncScheduler.now();
  const session = {
    messages$,
    send: (message: Out) => sent$.next(message),
    lastReceivedAt: () => since,
    seesPings: true,
    ...overrides,
  };
  return { session, sent$ };
};

/** The sessions that `messages` makes this of: each begins at a `ready`, and says what follows it. */
export const asSessions = <In extends { readonly kind: string }>(
  said$: Observable<Ready | In>,
): Observable<Session<In, never>> =>
  new Observable((subscriber) => {
    const messages$ = new Subject<In>();
    return said$.subscribe({
      next: (said) => {
        if (said.kind === 'ready') subscriber.next(aSession<In, never>(messages$, { ...(said as Ready) }).session);
        else messages$.next(said as In);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });

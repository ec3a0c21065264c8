import { asyncScheduler, Subject, type Observable } from 'rxjs';
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
    heardAt: () => since,
    hearsPings: true,
    ...overrides,
  };
  return { session, sent$ };
};

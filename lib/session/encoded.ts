import { map, Observable, share, type OperatorFunction } from 'rxjs';
import { broadcast } from '../transport/broadcast.js';
import type { Session } from '../transport/Session.js';

/**
 * Frame in, messages out: one, or an array of any number, heard at `receivedAt` (epoch ms). A message is no array.
 *
 * Total: what it cannot read is a message that says so, never an exception.
 */
export type Decode<In> = (frame: string, receivedAt: number) => In | readonly In[];

/** Message in, frame out. */
export type Encode<Out> = (message: Out) => string;

/**
 * Speaks `Out` and hears `In` over a session of text frames. Each frame is decoded once, however many listen.
 *
 * @example
 * connect(url).pipe(encoded(decodeFrame, encodeRequest))
 */
export const encoded = <In, Out>(
  decode: Decode<In>,
  encode: Encode<Out>,
): OperatorFunction<Session, Session<In, Out>> =>
  map((session) => ({
    ...session,
    messages$: decoded(session, decode).pipe(share({ connector: broadcast<In> })),
    send: (message) => session.send(encode(message)),
  }));

/** One loop for each frame: `concatMap` to an array would add 200 ns and more, a third of parsing a trade. */
const decoded = <In>(session: Session, decode: Decode<In>): Observable<In> =>
  new Observable((subscriber) =>
    session.messages$.subscribe({
      next: (frame) => {
        try {
          const said = decode(frame, session.heardAt());
          if (isMany(said)) for (const message of said) subscriber.next(message);
          else subscriber.next(said);
        } catch (defect) {
          subscriber.error(defect);
        }
      },
      complete: () => subscriber.complete(),
    }),
  );

const isMany = <In>(said: In | readonly In[]): said is readonly In[] => Array.isArray(said);

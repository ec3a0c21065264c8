import { map, Observable, type OperatorFunction, type Subscription } from 'rxjs';
import { broadcast } from '../transport/broadcast.js';
import type { Session } from '../transport/Session.js';
import { textOf } from '../transport/textOf.js';
import { countedSends } from './sends.js';
import { broken } from './undecodable.js';

/**
 * Frame in, messages out: one, or an array of any number, received at `receivedAt` (epoch ms). A message is not an
 * array.
 *
 * For a frame that it cannot read it returns `undecodable`. If it throws, an `undecodable` takes the place of the
 * frame.
 */
export interface Decode<In> {
  (frame: string, receivedAt: number): In | readonly In[];
  /** The same for a frame that came as bytes, which are overwritten afterwards; see `scanned` of `rxtape/scan`. */
  readonly ofBytes?: ((bytes: Uint8Array, receivedAt: number) => In | readonly In[]) | undefined;
}

/** Message in, frame out. */
export type Encode<Out> = (message: Out) => string;

/**
 * Sends `Out` and receives `In` over a session of text frames. Each frame is decoded once for all subscribers.
 *
 * @example
 * connect(url).pipe(encoded(decodeFrame, encodeRequest))
 */
export const encoded = <In, Out>(
  decode: Decode<In>,
  encode: Encode<Out>,
): OperatorFunction<Session, Session<In, Out>> =>
  map((session) => {
    const sends = countedSends();
    return {
      ...session,
      frames$: undefined,
      messages$: decodedOnce(session, decode),
      sends,
      send: (message) => {
        sends.note();
        session.send(encode(message));
      },
    };
  });

/**
 * What `mergeAll` of the decoded frames and `share` would do, in one loop for each frame: the two would cost 250 ns and
 * more, a third of parsing a trade.
 */
const decodedOnce = <In>(session: Session, decode: Decode<In>): Observable<In> => {
  const messages = broadcast<In>();
  let listeners = 0;
  let frames: Subscription | undefined;
  const listen = (): Subscription =>
    (session.frames$ ?? session.messages$).subscribe({
      next: (frame) => {
        const decoded = attempted(decode, frame, session.lastReceivedAt());
        try {
          if (isMany(decoded)) for (const message of decoded) messages.next(message);
          else messages.next(decoded);
        } catch (defect) {
          messages.error(defect);
        }
      },
      complete: () => messages.complete(),
    });
  return new Observable((subscriber) => {
    subscriber.add(messages.subscribe(subscriber));
    listeners += 1;
    if (listeners === 1) frames = listen();
    return () => {
      listeners -= 1;
      if (listeners === 0) frames?.unsubscribe();
    };
  });
};

/** A message of no decoder's making: `feedOf` turns it into an event. */
const attempted = <In>(decode: Decode<In>, frame: string | Uint8Array, receivedAt: number): In | readonly In[] => {
  try {
    if (typeof frame === 'string') return decode(frame, receivedAt);
    return decode.ofBytes ? decode.ofBytes(frame, receivedAt) : decode(textOf(frame), receivedAt);
  } catch (thrown) {
    return broken(textOf(frame), receivedAt, thrown) as In;
  }
};

const isMany = <In>(decoded: In | readonly In[]): decoded is readonly In[] => Array.isArray(decoded);

import { isObservable, type Observable } from 'rxjs';
import { currentRun, marbles } from '../marbles.js';
import type { Message } from '../narrated.js';

/** What was emitted; `timed` when the frames are times and not mere numbers. */
export interface Seen {
  readonly messages: readonly Message[];
  readonly timed: boolean;
}

/** What can be looked at: a list, or an Observable that is subscribed to in virtual time. */
export type Emitting<E = unknown> = Observable<E> | readonly E[];

/** Whether it passes, and the message: of a failure, or of a success where `not` was asked for. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A list as a stream without times. */
export const listed = (values: readonly unknown[]): readonly Message[] =>
  values.map((value, frame) => ({ frame, notification: { kind: 'N', value } }));

/** The values that were emitted; throws the error that ended them. */
export const valuesOf = ({ messages }: Seen): readonly unknown[] =>
  messages.flatMap(({ notification }) => {
    if (notification.kind === 'E') throw notification.error;
    return notification.kind === 'N' ? [notification.value as unknown] : [];
  });

/**
 * Hands what `received` emits to `judge`: at once for a list, and for an Observable outside of `marbles`, which is run in
 * virtual time of its own; inside of `marbles` when its test is over. Gives the verdict if there is one by now.
 */
export const whenSeen = (
  received: unknown,
  judge: (seen: Seen) => Verdict,
  later: (verdict: Verdict) => void,
): Verdict | undefined => {
  if (Array.isArray(received)) return judge({ messages: listed(received as readonly unknown[]), timed: false });
  if (!isObservable(received)) throw new TypeError('this looks at a list or at an Observable');
  const wait = (tell: (verdict: Verdict) => void): void => {
    const run = currentRun();
    if (!run) return marbles(() => wait(tell))();
    const messages = run.watch(received);
    run.afterwards(() => tell(judge({ messages, timed: true })));
  };
  let verdict: Verdict | undefined;
  wait(currentRun() ? later : (found) => (verdict = found));
  return verdict;
};

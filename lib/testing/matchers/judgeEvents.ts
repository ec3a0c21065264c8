import { TestScheduler } from 'rxjs/testing';
import { like, type Part } from '../diff/like.js';
import { streamDiff } from '../diff/streamDiff.js';
import { checkLetters } from '../feeds.js';
import type { Message } from '../narrated.js';
import { listed, type Seen, type Verdict } from './seen.js';

/** Letters of a diagram, and what is expected of the events they stand for. */
export type Expectations<E> = Readonly<Record<string, Part<E>>>;

const reserved = { c: { kind: 'connected' }, x: { kind: 'disconnected' } };

/** Compares what was emitted with a diagram, or with a list of what is expected. Fields not named do not matter; any error fits `#`. */
export const judgeEvents = (
  seen: Seen,
  expected: unknown,
  values: Expectations<unknown> = {},
  error: unknown = {},
): Verdict => {
  const diff =
    typeof expected === 'string'
      ? drawnDiff(seen, expected, { ...reserved, ...values }, error)
      : streamDiff(inOrder(seen), listed((expected as readonly unknown[]).map(like)), 'no.');
  return {
    pass: diff === undefined,
    message: () => diff ?? `what was emitted is ${JSON.stringify(expected)}, and should not be`,
  };
};

const drawnDiff = (
  { messages, timed }: Seen,
  diagram: string,
  letters: Expectations<unknown>,
  error: unknown,
): string | undefined => {
  if (!timed) throw new TypeError('a diagram says when: it is expected of an Observable, not of a list');
  checkLetters(diagram, letters);
  return streamDiff(messages, parsed(diagram, letters, error));
};

/** Of a stream that is compared with a list only the order counts; an error is no completion. */
const inOrder = ({ messages }: Seen): readonly Message[] =>
  messages.filter(({ notification }) => notification.kind !== 'C').map((message, frame) => ({ ...message, frame }));

/** A diagram in virtual milliseconds. */
const parsed = (diagram: string, letters: Expectations<unknown>, error: unknown): readonly Message[] => {
  const values = Object.fromEntries(Object.entries(letters).map(([letter, part]) => [letter, like(part)]));
  return new TestScheduler(() => true).run(({ cold }) => cold(diagram, values, like(error)).messages);
};

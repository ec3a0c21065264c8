import { cut, explain, show } from '../codec/explain.js';
import type { Undecodable } from '../model/feedEvent.js';

/** Takes the credential out of a text. */
export type Redact = (text: string) => string;

/** Why a frame cannot be read, a line each. What a line quotes of the frame goes through `redact`. */
export type Problems = (redact: Redact) => readonly string[];

/** As many characters as a text of the vendor's may have in an event. */
const MOST_CHARACTERS = 500;

/** More than is shown is redacted, so that a cut through a credential lies out of sight; a frame may be of megabytes. */
const REDACTED = 8_192;

/** As many problems as anybody reads; a frame can hold a million bad rows. */
export const MOST_PROBLEMS = 5;

/** The frame and the problems of an event that quotes neither yet. */
const unread = Symbol('unread');

interface Unread {
  readonly frame: string;
  readonly problems: Problems;
}

/**
 * The message for a frame that fits no codec. It quotes nothing until the end of the pipe, where `feedOf` takes the
 * credential out of the frame and of the problems, and then cuts both to a readable length.
 *
 * @example
 * undecodable('acme', frame, (redact) => explain(Price, said, redact), receivedAt)
 */
export const undecodable = (
  provider: string,
  frame: string,
  problems: readonly string[] | Problems,
  receivedAt: number,
): Undecodable => {
  const event: Undecodable = { kind: 'undecodable', provider, receivedAt, frame: '', problems: [] };
  return holding(event, { frame, problems: typeof problems === 'function' ? problems : () => problems });
};

/** Not enumerable: an event that is logged before its time says nothing. */
const holding = <E extends object>(event: E, value: Unread): E => Object.defineProperty(event, unread, { value });

/** The message in the place of a frame that the decoder threw for; the end of the pipe names the provider. */
export const broken = (frame: string, receivedAt: number, thrown: unknown): Omit<Undecodable, 'provider'> =>
  holding(
    { kind: 'undecodable', receivedAt, frame: '', problems: ['the decoder failed'] },
    { frame, problems: () => [`the decoder failed: ${textOf(thrown)}`] },
  );

/** The event of an `undecodable`, without credentials and readable. */
export const quotedFrame = (event: Omit<Undecodable, 'provider'>, provider: string, redact: Redact): Undecodable => {
  const { frame, problems } = (event as Partial<Record<typeof unread, Unread>>)[unread] ?? {
    frame: event.frame,
    problems: () => event.problems,
  };
  return {
    provider,
    ...event,
    frame: quoted(frame, redact),
    problems: problems(redact)
      .slice(0, MOST_PROBLEMS)
      .map((problem) => quoted(problem, redact)),
  };
};

/** A text of the vendor as events and errors repeat it: without the credential, then cut. */
export const quoted = (text: string, redact: Redact, length = MOST_CHARACTERS): string => {
  // Redacted before it is cut: half a credential at the edge would not be recognised.
  const shown = redact(text.slice(0, REDACTED));
  return cut(text.length > REDACTED ? `${shown}…` : shown, length + 1);
};

/** One value of a frame is not what it has to be. */
export const bad =
  (path: string, value: unknown, problem: string): Problems =>
  (redact) => [`${path}: ${show(value, redact)} ${problem}`];

/** What a codec has against a value. */
export const why =
  (codec: Parameters<typeof explain>[0], value: unknown): Problems =>
  (redact) =>
    explain(codec, value, redact);

/** Problems of a part of a frame, as those of the frame. */
export const within =
  (path: string, problems: Problems): Problems =>
  (redact) =>
    problems(redact).map((problem) => `${path}.${problem}`);

/** All of the problems; as many as are read. */
export const together =
  (problems: readonly Problems[]): Problems =>
  (redact) =>
    problems.flatMap((some) => some(redact));

/** Anything can be thrown, also what fails when it is read. */
const textOf = (thrown: unknown): string => {
  if (typeof thrown === 'string') return thrown;
  try {
    const { name, message } = thrown as Partial<Record<keyof Error, unknown>>;
    if (typeof message === 'string') return typeof name === 'string' && name !== '' ? `${name}: ${message}` : message;
  } catch {
    // An error without a text is named by its type.
  }
  return thrown === null ? 'null' : typeof thrown;
};

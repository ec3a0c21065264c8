import { cut } from '../codec/show.js';
import type { Undecodable } from '../model/feedEvent.js';

/** As many characters as a text of the vendor's may have in an event or an error. */
const MOST_CHARACTERS = 500;

/** More than is shown is redacted, so that a cut through a credential lies out of sight; a frame may be of megabytes. */
const REDACTED = 8_192;

/** As many problems as anybody reads; a frame can hold a million bad rows. */
export const MOST_PROBLEMS = 5;

/** The event for a frame that fits no codec: without credentials, and cut to a readable length. */
export const undecodable = (
  provider: string,
  frame: string,
  problems: readonly string[],
  receivedAt: number,
  redact: (text: string) => string,
): Undecodable => ({
  kind: 'undecodable',
  provider,
  receivedAt,
  // Redacted before it is cut: half a credential at the edge would not be recognised.
  frame: quoted(frame, redact),
  problems: problems.map((problem) => quoted(problem, redact)),
});

/** What a vendor said, as far as an event or an error repeats it: without the credential, and cut. */
export const quoted = (text: string, redact: (text: string) => string): string => {
  const shown = redact(text.slice(0, REDACTED));
  return cut(text.length > REDACTED ? `${shown}…` : shown, MOST_CHARACTERS + 1);
};

/** A frame that the decoder threw for, before anybody who knows the credential has seen it. */
const raw = Symbol('raw');

interface Broken {
  readonly kind: 'undecodable';
  readonly receivedAt: number;
  readonly frame: string;
  readonly problems: readonly string[];
  readonly [raw]: { readonly frame: string; readonly thrown: unknown };
}

/**
 * The message in the place of a frame that the decoder threw for. It quotes nothing: `mended` does, as it can take the
 * credential out.
 */
export const broken = (frame: string, receivedAt: number, thrown: unknown): Broken => {
  const message: Omit<Broken, typeof raw> = {
    kind: 'undecodable',
    receivedAt,
    frame: '',
    problems: ['the decoder failed'],
  };
  return Object.defineProperty(message, raw, { value: { frame, thrown } }) as Broken;
};

/** The event of a message that `broken` made, with the frame and the text of the error; any other as it is. */
export const mended = <E extends object>(event: E, provider: string, redact: (text: string) => string): E => {
  const held = (event as Partial<Broken>)[raw];
  if (!held) return event;
  const { receivedAt } = event as unknown as Broken;
  return undecodable(
    provider,
    held.frame,
    [`the decoder failed: ${textOf(held.thrown)}`],
    receivedAt,
    redact,
  ) as object as E;
};

const textOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown === 'string' ? thrown : typeof thrown;

import type { Undecodable } from '../model/feedEvent.js';

const LENGTH = 500;

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
  frame: cut(redact(frame.slice(0, REDACTED)), frame.length > REDACTED),
  problems: problems.map((problem) => cut(redact(problem.slice(0, REDACTED)))),
});

const cut = (text: string, isCut = false): string =>
  isCut || text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;

import { HeartbeatMissed } from '../model/errors.js';

/**
 * The state of a peer: `sure`, or in doubt since a check at `since` that was held up, so that silence proves nothing.
 * Then something must be received before `until`. All times are of one clock that is never set back.
 */
export type Pulse =
  { readonly kind: 'sure' } | { readonly kind: 'doubt'; readonly since: number; readonly until: number };

/** One check: its time, the time for which it was planned, and when something was last received. */
export interface SilenceCheck {
  readonly now: number;
  readonly due: number;
  readonly lastReceivedAt: number;
}

/** How long a peer may be silent, in milliseconds. */
export interface PulseRules {
  readonly within: number;
  /** Whether we can ping it. */
  readonly pings: boolean;
  /** Whether silence is normal, so that only a long sleep is a reason for doubt. */
  readonly mayBeSilent: boolean;
}

/** A check this late, in milliseconds, or by a tenth of the silence allowed, was held up. */
const LATE = 2_000;
/** How long the peer has to answer the extra ping after a late check, in milliseconds. */
const ANSWER = 5_000;

/** The pulse of a peer that has just been connected to. */
export const sure: Pulse = { kind: 'sure' };

/** When a silent peer is taken for dead. */
export const deadlineOf = (pulse: Pulse, lastReceivedAt: number, { within, mayBeSilent }: PulseRules): number =>
  isDoubted(pulse, lastReceivedAt) ? pulse.until : mayBeSilent ? Infinity : lastReceivedAt + within;

/**
 * The pulse after a check. If the check was held up it is another one, and the peer is to be pinged. A late check may
 * run before queued frames are read, so it fails only if the check before it was late too.
 */
export const afterCheck = (
  pulse: Pulse,
  { now, due, lastReceivedAt }: SilenceCheck,
  rules: PulseRules,
): Pulse | HeartbeatMissed => {
  const { within, pings, mayBeSilent } = rules;
  const late = now - due;
  const isLate = late > Math.min(LATE, within / 10);
  if (now >= deadlineOf(pulse, lastReceivedAt, rules) && (!isLate || isDoubted(pulse, lastReceivedAt))) {
    return new HeartbeatMissed(now - lastReceivedAt);
  }
  if (!isLate) return pulse;
  const isDoubtful = pings || (mayBeSilent ? late : now - lastReceivedAt) >= within;
  return {
    kind: 'doubt',
    since: now,
    until: now + (isDoubtful ? Math.min(within, ANSWER) : mayBeSilent ? Infinity : within),
  };
};

const isDoubted = (pulse: Pulse, lastReceivedAt: number): pulse is Extract<Pulse, { readonly kind: 'doubt' }> =>
  pulse.kind === 'doubt' && lastReceivedAt < pulse.since;

import { HeartbeatMissed } from '../model/errors.js';

/**
 * What is known of a peer: nothing speaks against it, or a look came so late since `since` that its silence says nothing. Then
 * it has until `until` to be heard. All times are of one clock that is never set back.
 */
export type Pulse =
  { readonly kind: 'sure' } | { readonly kind: 'doubt'; readonly since: number; readonly until: number };

/** When one looks, when one meant to, and when the peer was last heard. */
export interface Look {
  readonly now: number;
  readonly due: number;
  readonly heardAt: number;
}

/** How long a peer may be silent, in milliseconds. */
export interface PulseRules {
  readonly within: number;
  /** Whether we can ping it. */
  readonly pings: boolean;
  /** Whether silence is normal, so that only a long sleep is a reason for doubt. */
  readonly deaf: boolean;
}

/** A look this late, in milliseconds, or by a tenth of the silence allowed, was held up. */
const LATE = 2_000;
/** What a peer has to be heard within, in milliseconds, when we cannot say whether it was silent or we were deaf. */
const ANSWER = 5_000;

/** The pulse of a peer that has just been connected to. */
export const sure: Pulse = { kind: 'sure' };

/** When a peer that is not heard any more is taken for dead. */
export const deadlineOf = (pulse: Pulse, heardAt: number, { within, deaf }: PulseRules): number =>
  isDoubted(pulse, heardAt) ? pulse.until : deaf ? Infinity : heardAt + within;

/**
 * The pulse after a look; another one if the look was held up: then the peer is to be pinged. Frames may wait behind a late
 * look, so it fails only for what had its chance since a late look before it.
 */
export const afterLook = (pulse: Pulse, { now, due, heardAt }: Look, rules: PulseRules): Pulse | HeartbeatMissed => {
  const { within, pings, deaf } = rules;
  const late = now - due;
  const isLate = late > Math.min(LATE, within / 10);
  if (now >= deadlineOf(pulse, heardAt, rules) && (!isLate || isDoubted(pulse, heardAt))) {
    return new HeartbeatMissed(now - heardAt);
  }
  if (!isLate) return pulse;
  const isDoubtful = pings || (deaf ? late : now - heardAt) >= within;
  return { kind: 'doubt', since: now, until: now + (isDoubtful ? Math.min(within, ANSWER) : deaf ? Infinity : within) };
};

const isDoubted = (pulse: Pulse, heardAt: number): pulse is Extract<Pulse, { readonly kind: 'doubt' }> =>
  pulse.kind === 'doubt' && heardAt < pulse.since;

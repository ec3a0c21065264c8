import { NORMAL, POLICY } from './closeCodes.js';
import { flattenError } from './errorData.js';
import { ConnectionLost, InvalidOption, KickedRepeatedly, type FeedError } from './errors.js';
import type { Connected, Disconnected } from './feedEvent.js';
import type { EventFacts } from './ownEvents.js';
import { waitIn } from './retryAfter.js';

/** A time in milliseconds by two clocks: that of the wall goes into events, the one that is never set back measures lengths. */
export interface Instant {
  readonly wall: number;
  readonly steady: number;
}

/** A time where one clock is as good as the other. */
export const instantOf = (time: number): Instant => ({ wall: time, steady: time });

/** The attempts of one feed to have a session. Made by the functions below, never changed. */
export interface Outage {
  /** Which attempt of this outage the present one is, from 1; 0 once its session is known to be good. */
  readonly attempt: number;
  /** How many attempts have failed in this outage. */
  readonly failures: number;
  /** Those of them that lengthen the wait: not those of a page without a network. */
  readonly step: number;
  /** How many kicks have come in a row. */
  readonly kicks: number;
  /** When the session was opened, by the steady clock; undefined without a session. */
  readonly openedAt?: number | undefined;
  /** When a frame was last received in the session before. */
  readonly lastReceivedAt?: Instant | undefined;
  /** The remedies that were given in this outage: each is given once. */
  readonly remedies: readonly string[];
}

/** The end of an attempt. */
export interface LostSession {
  readonly now: Instant;
  readonly cause: FeedError;
  /** When the session last received a frame; of no meaning where there was none. */
  readonly lastReceivedAt: Instant;
  /** Whether the page was offline or frozen: the loss says nothing about the vendor. */
  readonly isAway: boolean;
}

/** How many milliseconds to wait before the next attempt. `attempt` counts from 1 in each outage. */
export type Backoff = (attempt: number, cause: FeedError) => number;

/** What the kicks of a vendor look like. */
export interface KickRules {
  /** A close this soon after login is a kick, in milliseconds. */
  readonly within: number;
  /** How many in a row are a war. */
  readonly limit: number;
}

/** When another attempt is made, and when attempts end. */
export interface RetryPolicy {
  /** How long to wait before each attempt. */
  readonly backoff: Backoff;
  /**
   * The longest wait that a vendor may ask for, in milliseconds.
   *
   * @defaultValue `3_600_000`, an hour
   */
  readonly maxRetryAfter?: number | undefined;
  /** Set for vendors that end the older of two connections with one credential. */
  readonly kicks?: KickRules | undefined;
}

/** What follows from a loss after which another attempt is made. */
export interface Retry {
  readonly outage: Outage;
  readonly event: Disconnected;
  /** How long to wait before the next attempt, in milliseconds. */
  readonly wait: number;
  /** Until when, by the steady clock, the vendor wants no attempt, not even of a page that is back. */
  readonly notBefore: number;
}

type FeedNames = Pick<EventFacts, 'provider' | 'feed'>;

/** A session that lives this long, in milliseconds, is a healthy one: earlier failures are forgotten. */
const STABLE_AFTER = 30_000;
/** How long to wait, in milliseconds, for a page to come back: it may not know that it has. */
const AWAY = 30_000;
/** What a clock is off, in milliseconds, without being set. */
const SET = 50;

/** iTick ends the older of two connections with one credential; four times in a row is not an accident. */
export const defaultKickRules: KickRules = { within: 10_000, limit: 4 };

/** The state before the first attempt. */
export const newOutage: Outage = {
  attempt: 1,
  failures: 0,
  step: 0,
  kicks: 0,
  remedies: [],
};

/** A session begins: the outage ends if it proves good. */
export const opened = (outage: Outage, now: Instant, names: FeedNames): readonly [Outage, Connected] => {
  const { attempt, lastReceivedAt } = outage;
  const resumed = lastReceivedAt && { from: holeFrom(lastReceivedAt, now), to: now.wall };
  const event: Connected = { kind: 'connected', ...names, receivedAt: now.wall, attempt, resumed };
  return [{ ...outage, openedAt: now.steady, remedies: [] }, event];
};

/** Market data came, or the session has lived for long: it is good, and the next attempt is the first one again. */
export const proven = (outage: Outage): Outage => ({ ...outage, attempt: 0, failures: 0, step: 0 });

/** An attempt failed, or its session ended. */
export const ended = (outage: Outage, { now, lastReceivedAt }: Pick<LostSession, 'now' | 'lastReceivedAt'>): Outage => {
  const { openedAt } = outage;
  const before = lifeOf(outage, now) >= STABLE_AFTER ? proven(outage) : outage;
  return {
    ...before,
    attempt: before.attempt + 1,
    failures: before.failures + 1,
    openedAt: undefined,
    lastReceivedAt: openedAt === undefined ? before.lastReceivedAt : lastReceivedAt,
  };
};

/** The step after the end of an attempt; an error if attempts end. It throws what the backoff throws. */
export const lost = (
  outage: Outage,
  loss: LostSession,
  { backoff, maxRetryAfter = 3_600_000, kicks: rules }: RetryPolicy,
  names: FeedNames,
): Retry | KickedRepeatedly | InvalidOption => {
  const { now, cause, isAway } = loss;
  const kicks = rules ? kicksAfter(outage, loss, rules) : 0;
  if (rules && outage.openedAt !== undefined && kicks >= rules.limit) return new KickedRepeatedly(kicks);

  const after = ended(outage, loss);
  const step = isAway ? after.step : after.step + 1;
  const asked = backoff(Math.max(1, step), cause);
  if (!(asked >= 0 && asked < Infinity)) {
    return new InvalidOption('backoff', asked, 'it returns a number of milliseconds, 0 or more');
  }
  // Also with a backoff of the caller, the wait is at least what the vendor asked for.
  const floor = Math.min(maxRetryAfter, askedBy(cause));
  const least = Math.ceil(Math.max(asked, floor));
  const wait = isAway ? Math.max(least, AWAY) : least;

  const [shown, remedies] = remediedOnce(cause, outage.remedies);
  const event: Disconnected = {
    kind: 'disconnected',
    ...names,
    receivedAt: now.wall,
    cause: flattenError(shown),
    attempt: after.failures,
    retryAt: now.wall + wait,
  };
  return { outage: { ...after, step, kicks, remedies }, event, wait, notBefore: now.steady + floor };
};

/** The page is back in use, so an attempt is made at once; failures from now on count anew. */
export const pageBack = (outage: Outage): Outage => ({ ...outage, step: 0 });

/**
 * The kicks in a row, this loss included. A kick is a close by the vendor with a clean or policy code soon after login. Other
 * drops neither count nor end a row.
 */
const kicksAfter = (outage: Outage, { now, cause }: LostSession, { within }: KickRules): number => {
  const life = lifeOf(outage, now);
  const before = life >= STABLE_AFTER ? 0 : outage.kicks;
  const isKick = life >= 0 && life < within && cause._tag === 'ConnectionLost' && isDeliberate(cause.code);
  return isKick ? before + 1 : before;
};

const isDeliberate = (code: number): boolean => code === NORMAL || code === POLICY || (code >= 4000 && code < 5000);

/** How long the session has lived; less than nothing where there was none. */
const lifeOf = ({ openedAt = Infinity }: Outage, { steady }: Instant): number => steady - openedAt;

/** Where a hole begins that ends now: it is as long as the time that has passed, also when the clock was set meanwhile. */
const holeFrom = ({ wall, steady }: Instant, now: Instant): number => {
  const from = now.wall - (now.steady - steady);
  // The two clocks differ by parts of a millisecond, or by what one of them was set by.
  return Math.abs(from - wall) < SET && wall <= now.wall ? wall : Math.min(now.wall, Math.round(from));
};

/** The cause without a remedy that was given before in this outage, and the remedies that have been given by now. */
const remediedOnce = (cause: FeedError, remedies: readonly string[]): readonly [FeedError, readonly string[]] => {
  if (cause._tag !== 'ConnectionLost' || cause.remedy === undefined) return [cause, remedies];
  return remedies.includes(cause.remedy)
    ? [new ConnectionLost(cause.code, cause.reason), remedies]
    : [cause, [...remedies, cause.remedy]];
};

/** How long the vendor asks us to wait, by a header or in the text of a refusal or of a close. */
const askedBy = (cause: FeedError): number =>
  ('retryAfter' in cause ? cause.retryAfter : cause._tag === 'ConnectionLost' ? waitIn(cause.reason) : 0) || 0;

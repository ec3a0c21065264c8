import type { FeedError } from '../model/errors.js';

/** What the kicks of a vendor look like. */
export interface KickRules {
  /** A close this soon after login is a kick, in milliseconds. */
  readonly within: number;
  /** How many in a row are a war. */
  readonly limit: number;
}

/** iTick ends the older of two connections with one credential; four times in a row is no accident. */
export const defaultKickRules: KickRules = { within: 10_000, limit: 4 };

/** A session that lives this long, in milliseconds, is a healthy one: earlier failures are forgotten. */
export const STABLE_AFTER = 30_000;

/**
 * Counts the kicks: `kicks` so far, after a session that lived for `life` milliseconds ended with `cause`.
 *
 * A kick is a close by the vendor with a clean or policy code soon after login. Other drops neither count nor end a row.
 */
export const countKicks = (kicks: number, cause: FeedError, life: number, { within }: KickRules): number => {
  const before = life >= STABLE_AFTER ? 0 : kicks;
  return life < within && cause._tag === 'ConnectionLost' && isDeliberate(cause.code) ? before + 1 : before;
};

const isDeliberate = (code: number): boolean => code === 1000 || code === 1008 || (code >= 4000 && code < 5000);

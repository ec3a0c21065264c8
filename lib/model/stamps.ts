import { momentOf } from './moment.js';

/** Judges the stamps of one feed. It learns from each, in the order of receipt. */
export interface StampRule {
  /**
   * The moment a stamp means, in epoch milliseconds, whatever its unit; undefined when it cannot be a time or is not
   * believed. The event then has the time of its receipt.
   */
  readonly read: (sent: unknown, receivedAt: number) => number | undefined;
  /** Whether a time in epoch milliseconds is one to go by. */
  readonly believes: (time: number, receivedAt: number) => boolean;
  /**
   * Whether a bar may open at this time. It may lie further ahead than a stamp, by the `length` of the bar: some vendors
   * stamp bars with their end.
   */
  readonly believesOpen: (openTime: number, receivedAt: number, length: number) => boolean;
}

const MINUTE = 60_000;

/** How far ahead of the feed's other stamps one may be, and how far before receipt one agrees with the clock. */
const NEAR = MINUTE;
const FRESH = 30_000;
/** How far ahead of the clock stamps may be as long as nothing tells how far off that is. */
const FAR = 30 * MINUTE;
/** How much a single stamp can move what is known of the clocks. */
const DRIFT = 1_000;

/** Stamps that are ahead become true ones when so many advance with the clock for so long, as far apart as this. */
const ENOUGH = 5;
const LONG = 6_000;
const JITTER = 2_000;
/** A stamp further ahead than the others is waited for no longer than this: its like may never come. */
const PATIENCE = 5 * MINUTE;

/** A clock below this is a virtual one that began at 0, and a stamp above it one of the real world. */
const EPOCH = 1e11;
/** The last moment of the year 9999; calendars end there. */
const LATEST = 253_402_300_799_999;

/**
 * The rule by which stamps are believed: whatever is not far ahead of what the other stamps of the feed say. Old stamps
 * are believed, as those of a delayed feed or of yesterday's close: only one ahead of the others can stop a symbol.
 *
 * Stamps are measured against the clock of receipt. That may be slow or be set back; then stamps that advance with it show
 * by how much. A stamp that stands still while the clock runs shows nothing.
 */
export const stampRule = (): StampRule => {
  /** How far the feed is known to be ahead of our clock; and the most that a stamp may be. */
  let offset = 0;
  let limit = FAR;
  let isKnown = false;
  let newest = -Infinity;
  let latest = -Infinity;

  /** Stamps that were not believed, or not yet proven, and agree with each other. */
  const shown = { ahead: NaN, since: 0, at: 0, newest: 0, count: 0 };

  const know = (ahead: number): void => {
    offset = Math.max(0, ahead);
    limit = offset + NEAR;
    isKnown = true;
  };

  /** Whether enough stamps have advanced with the clock, so far ahead of it. */
  const isProven = (time: number, receivedAt: number, ahead: number): boolean => {
    const further = ahead - shown.ahead;
    if (!(Math.abs(further) <= JITTER)) {
      if (further < 0 && receivedAt - shown.at < PATIENCE && receivedAt >= shown.since) return false;
      Object.assign(shown, { ahead, since: receivedAt, at: receivedAt, newest: time, count: 1 });
      return false;
    }
    if (time <= shown.newest) return false;
    shown.newest = time;
    shown.at = receivedAt;
    shown.count += 1;
    return shown.count >= ENOUGH && receivedAt - shown.since >= LONG;
  };

  const learn = (time: number, receivedAt: number, ahead: number): void => {
    if (isKnown) {
      offset = Math.min(ahead, offset + DRIFT);
      limit = offset + NEAR;
    } else if (ahead <= NEAR ? ahead >= -FRESH : isProven(time, receivedAt, ahead)) know(ahead);
  };

  const isFollowing = (time: number, receivedAt: number): boolean => {
    if (!(latest - receivedAt > NEAR / 2 && time <= newest + FAR)) return false;
    // The clock was set back, and the stamps go on.
    latest = receivedAt;
    return true;
  };

  const believesAhead = (time: number, receivedAt: number, ahead: number): boolean => {
    if (!(Math.abs(time) <= LATEST)) return false;
    // A clock that began at 0 and stamps of the real world cannot be compared.
    if (!(receivedAt > 0) || (!isKnown && receivedAt < EPOCH && time >= EPOCH)) return true;
    if (!isFollowing(time, receivedAt) && !isProven(time, receivedAt, ahead)) return false;
    know(ahead);
    newest = time;
    return true;
  };

  const believes = (time: number, receivedAt: number): boolean => {
    const ahead = time - receivedAt;
    if (receivedAt > latest) latest = receivedAt;
    if (!(ahead <= limit)) return believesAhead(time, receivedAt, ahead);
    if (time > newest) {
      newest = time;
      // The feed goes on as before, so that what was ahead is wrong.
      if (ahead < shown.ahead - JITTER) shown.ahead = NaN;
    }
    if (ahead > offset || !isKnown) learn(time, receivedAt, ahead);
    return time >= -LATEST;
  };

  return {
    believes,
    read: (sent, receivedAt) => {
      const time = momentOf(sent);
      return time !== undefined && believes(time, receivedAt) ? time : undefined;
    },
    believesOpen: (openTime, receivedAt, length) => {
      const ahead = openTime - receivedAt;
      return ahead <= limit + length || believesAhead(openTime, receivedAt, ahead);
    },
  };
};

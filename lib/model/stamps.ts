import type { MarketEvent } from './marketEvent.js';
import { LATEST, momentOf } from './moment.js';

/** Decides which stamps of one feed are believed. It learns from each, in the order of receipt. */
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
/** How much a single stamp can move what is known of the clocks, and how much it takes to do so. */
const DRIFT = 10_000;
const JITTER = 2_000;

/** Stamps that are ahead are true when so many of them advance as fast as the clock, for so long. */
const ENOUGH = 5;
const LONG = 6_000;
/** And when so many advance faster, as those of a simulated market; the last quotes of many symbols never do. */
const MANY = 20;
/** A stamp further ahead than the others is waited for no longer than this: its like may never come. */
const PATIENCE = 5 * MINUTE;

/** A clock below this is a virtual one that began at 0, and a stamp above it one of the real world. */
const EPOCH = 1e11;
/** What lies further behind is no late word, where the other stamps of the feed are no further behind than this. */
const YEAR = 366 * 24 * 60 * MINUTE;
const DELAYED = 90 * MINUTE;

/** Whether a time is of the seventies, and was received in our days: it counts in seconds, or is none. */
export const isOfAnotherUnit = (time: number, receivedAt: number): boolean => time < EPOCH && receivedAt >= EPOCH;

/** Whether a time is so far behind its receipt that it has to be looked at. */
export const isFarBehind = (time: number, receivedAt: number): boolean => time < receivedAt - YEAR;

/**
 * Whether the time of an event tells how late it came: a bar is stamped with its beginning, and where the vendor sends no time
 * it is that of receipt.
 */
export const tellsLag = ({ kind, time, receivedAt }: MarketEvent): boolean => kind !== 'kline' && time !== receivedAt;

/**
 * The rule by which stamps are believed: whatever is not far ahead of what the other stamps of the feed say. Old stamps
 * are believed, as those of a delayed feed or of yesterday's close: only one ahead of the others can stop a symbol.
 *
 * Stamps are measured against the clock of receipt. That may be slow or be set back; then stamps that advance with it show
 * by how much. A stamp that stands still while the clock runs shows nothing.
 *
 * What is more than a year behind is not believed of a feed whose other stamps are of today, and nor is a time of the
 * seventies that comes now: it counts in seconds.
 *
 * It belongs to one feed and outlives its sessions.
 *
 * @example
 * const time = stamps.read(row.at, receivedAt); // seconds to nanoseconds, or ISO text
 * const event = { ..., time: time ?? receivedAt, receivedAt };
 * return time === undefined ? withVendorTime(event, row.at, redact) : event;
 */
export const stampRule = (): StampRule => {
  // Fields, as they are written in place; a variable of a closure makes a new number of each.
  const is = {
    /** How far the feed is known to be ahead of our clock, and the most that a stamp may be. */
    offset: 0,
    limit: FAR,
    known: false,
    /** Whether the feed has a clock of its own that runs faster than ours. */
    free: false,
    newest: -Infinity,
    latest: -Infinity,
  };
  const proof = advance();

  const know = (ahead: number): void => {
    is.offset = Math.max(0, ahead);
    is.limit = is.offset + NEAR;
    is.known = true;
  };

  const learn = (time: number, receivedAt: number, ahead: number): void => {
    if (is.known) know(ahead > is.offset ? Math.min(ahead, is.offset + DRIFT) : Math.max(ahead, is.offset - DRIFT));
    else if (ahead <= NEAR ? ahead >= -FRESH : proof.add(time, receivedAt, ahead)) know(ahead);
  };

  /** Whether the stamps just go on, while the clock was set back or is not that of the feed. */
  const goesOn = (time: number, receivedAt: number): boolean => {
    if (!(is.free || is.latest - receivedAt > NEAR / 2) || time > is.newest + FAR) return false;
    is.latest = receivedAt;
    return true;
  };

  const believesAhead = (time: number, receivedAt: number, ahead: number): boolean => {
    if (!(Math.abs(time) <= LATEST)) return false;
    // A clock that began at 0 and stamps of the real world cannot be compared.
    if (!(receivedAt > 0) || (!is.known && receivedAt < EPOCH && time >= EPOCH)) return true;
    if (!goesOn(time, receivedAt)) {
      if (!proof.add(time, receivedAt, ahead)) return false;
      is.free = proof.isFaster();
    }
    know(ahead);
    is.newest = time;
    return true;
  };

  const believes = (time: number, receivedAt: number): boolean => {
    const ahead = time - receivedAt;
    if (receivedAt > is.latest) is.latest = receivedAt;
    if (!(ahead <= is.limit)) return believesAhead(time, receivedAt, ahead);
    if (ahead < -YEAR && (isOfAnotherUnit(time, receivedAt) || is.newest > receivedAt - DELAYED)) return false;
    if (time > is.newest) {
      is.newest = time;
      if (ahead > is.offset + JITTER || ahead < is.offset - JITTER || !is.known) learn(time, receivedAt, ahead);
      // The feed goes on as before, so that what was ahead is wrong.
      if (proof.isRunning()) proof.refute(ahead);
    }
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
      if (isOfAnotherUnit(openTime, receivedAt)) return false;
      return ahead <= is.limit + length || believesAhead(openTime, receivedAt, ahead);
    },
  };
};

/** Looks whether stamps that are ahead advance, or stand still while the clock runs. */
const advance = () => {
  /** The stamps so far, which kept pace with the clock; `ahead` is NaN when there are none. */
  const run = { ahead: NaN, newest: 0, at: 0, count: 0 };
  /** The last of them, which kept its distance as well. */
  const steady = { ahead: NaN, since: 0, count: 0 };
  let isSteady = false;

  const begin = (time: number, receivedAt: number, ahead: number): void => {
    Object.assign(run, { ahead, newest: time, at: receivedAt, count: 1 });
    Object.assign(steady, { ahead, since: receivedAt, count: 1 });
  };

  return {
    /** Takes a stamp in; returns whether those that have come are enough to believe it. */
    add: (time: number, receivedAt: number, ahead: number): boolean => {
      if (!(ahead >= run.ahead - JITTER) || receivedAt < run.at) {
        const isLow = time <= run.newest && receivedAt >= run.at && receivedAt - run.at < PATIENCE;
        if (!isLow || Number.isNaN(run.ahead)) begin(time, receivedAt, ahead);
        return false;
      }
      if (time <= run.newest) return false;
      run.newest = time;
      if (receivedAt > run.at) run.count += 1;
      run.at = receivedAt;
      if (Math.abs(ahead - steady.ahead) > JITTER) Object.assign(steady, { ahead, since: receivedAt, count: 0 });
      steady.count += 1;
      isSteady = steady.count >= ENOUGH && receivedAt - steady.since >= LONG;
      if (!isSteady && run.count < MANY) return false;
      run.ahead = NaN;
      return true;
    },
    /** Whether what was proven last is a clock that runs faster. */
    isFaster: (): boolean => !isSteady,
    isRunning: (): boolean => !Number.isNaN(run.ahead),
    /** A stamp that was believed lies behind: the others are no sign of the clock. */
    refute: (ahead: number): void => {
      if (ahead < steady.ahead - JITTER) run.ahead = NaN;
    },
  };
};

import { intradayLength, isInterval, isIntraday } from '../../model/interval.js';
import { isTime } from '../../model/moment.js';
import { isFarBehind, isOfAnotherUnit, stampRule, type StampRule } from '../../model/stamps.js';

/** By which clock the bars of one symbol go. */
export interface Timing {
  /** Stamps from here on are looked at, whatever bar they are of; no later than the end of the forming bar. */
  checkAt: number;
  /** How far the symbol's stamps are behind receipt, in ms: 0 where it is less than `LIVE`. */
  delay: number;
  /**
   * The same by the clock that closes bars. It is more than `delay` where the clock of receipt was set back: that one may
   * have been fast before, and right since then.
   */
  lag: number;
  readonly isMeasured: boolean;
  /** The latest stamp that was looked at. */
  latest: number;
  /** How far stamps are behind receipt, by those that are nearest to it and the clock that closes bars. */
  behind: number;
  /** The stamp from which on they are so far behind. */
  settledAt: number;
  /** How many stamps in a row agree with that, how many do not, and the nearest of these. */
  agreed: number;
  odd: number;
  nearest: number;
  /** The latest stamp that is far ahead of them. */
  oddAt: number;
  /** Whether the latest stamp is hours ahead of its receipt, and nothing tells yet which of them is right. */
  isDoubtful: boolean;
}

/** What is known of the stamps of one feed. */
export interface FeedClock {
  readonly rule: StampRule;
  /** When the first event was received. */
  firstAt: number | undefined;
}

interface Stamped {
  readonly time: number;
  readonly receivedAt: number;
  readonly vendorTime?: number | string | undefined;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** Less than this behind is what the way takes, and within the grace. */
const LIVE = 1_000;
/** More than this behind is no delay, but an old word that a vendor repeats. */
const OLD = 90 * MINUTE;
/** Unless stamps have advanced so far, and were as far behind all the time: our clock is wrong, or the feed of yesterday. */
const PACE = 6_000;
/** Stamps of one feed are no further apart than this. */
const JITTER = 2_000;
/** So many have to agree, or to disagree, before one is called odd, or the others wrong. */
const FEW = 3;
/** A stamp so far ahead of its receipt is one of another clock, or a stray; the first of a symbol at once. */
const AHEAD = 30 * MINUTE;
const AHEAD_AT_FIRST = MINUTE;
/** A bar so many times too short, or too long, has other times than it says. */
const FAR = 100;
/** A clock below this is one that began at 0: its readings are times only once they have moved. */
const EPOCH = 1e11;
const MOVED = 500;

export const newFeedClock = (): FeedClock => ({ rule: stampRule(), firstAt: undefined });

/** How long a bar of this symbol may be trusted to have no stray stamps in it without looking. */
export const checkNextAt = (timing: Timing, until: number): void => {
  timing.checkAt = timing.isDoubtful || isLearning(timing) ? -Infinity : Math.min(until, timing.latest + MINUTE);
};

/** Whether the time of an event may be none, or tells something of the feed's clock. */
export const isToBeLookedAt = ({ checkAt }: Timing, { time, receivedAt }: Stamped): boolean =>
  !(time < checkAt) || isFarBehind(time, receivedAt);

/** The stamps of a delayed symbol are looked at until it is plain how far it is behind. */
const isLearning = (timing: Timing): boolean =>
  timing.isMeasured && timing.delay > 0 && !hasKeptPace(timing, timing.latest);

/** A symbol whose first trade comes late looks like a delayed feed, until a few stamps agree. */
const isUnsettled = ({ delay, isMeasured, agreed }: Timing): boolean =>
  isMeasured && delay > 0 && delay < MINUTE && agreed < FEW;

/** How fast the clock that closes bars is, where that of receipt was set back and stamps show that it was right to. */
export const fastBy = ({ lag, delay }: Pick<Timing, 'lag' | 'delay'>): number => lag - delay;

/** How far the times of bars are behind those of presences: a delay of less than a minute is not believed at once. */
export const settledLag = (timing: Timing): number => (isUnsettled(timing) ? fastBy(timing) : timing.lag);

/** When a symbol joined of which nothing but an event tells, by the clock that closes bars: so far ahead of that of receipt. */
export const joinedBy = ({ time, receivedAt }: Stamped, ahead: number): number => {
  if (!isTime(receivedAt)) return isTime(time) ? time : -Infinity;
  if (!isTime(time)) return receivedAt + ahead;
  const behind = delayOf(receivedAt + ahead - time);
  return time + (behind < MINUTE ? Math.min(behind, ahead) : behind);
};

const delayOf = (behind: number, longest = OLD): number => (behind > LIVE && behind <= longest ? behind : 0);

/**
 * The event with a time to go by: its own, or, where that is not believed, the one of receipt, by the feed's own clock.
 * Learns from it how far the symbol is behind.
 */
export const timely = <E extends Stamped>(
  clock: FeedClock,
  timing: Timing,
  event: E,
  now: () => number,
  ahead: () => number,
): E => {
  const { time, receivedAt, vendorTime } = event;
  // It is read in any case, so that it is known how far it is ahead: the clock may have been set while all was silent.
  const read = now();
  const heardAt = receivedAt > 0 ? receivedAt : read;
  // Its time is that of its receipt, and not one of the feed's clock.
  if (vendorTime !== undefined) return timing.delay > 0 ? { ...event, time: heardAt - timing.delay } : event;
  if (!isBelieved(clock, time, receivedAt + ahead(), now) || isOdd(timing, time, receivedAt + ahead()))
    return { ...event, time: heardAt - timing.delay, vendorTime: time };
  if (timing.isDoubtful) doubt(timing, event);
  else timing.isDoubtful = receivedAt >= EPOCH && isAhead(timing, event);
  if (receivedAt > 0) measure(timing, time, receivedAt, ahead());
  else if (time > timing.latest) timing.latest = time;
  return event;
};

/** Whether a vendor's bar may open at this time; one that may not is none. */
export const isOpening = (
  clock: FeedClock,
  { openTime, closeTime, receivedAt }: Opening,
  now: () => number,
): boolean => {
  if (!isSpan({ openTime, closeTime }) || isOfAnotherUnit(openTime, receivedAt)) return false;
  if (closeTime === openTime) return true;
  return !isTelling(clock, receivedAt, now) || clock.rule.believesOpen(openTime, receivedAt, closeTime - openTime);
};

/** Whether a bar lies where calendars can tell of it. */
const isSpan = ({ openTime, closeTime }: Omit<Opening, 'receivedAt'>): boolean =>
  isTime(openTime) && isTime(closeTime) && closeTime >= openTime;

type Named = Opening & { readonly interval: string };

/** Whether the times of a bar are none. */
export const isNowhere = (kline: Named): boolean => !isSpan(kline) || isMisplaced(kline);

/** Whether a bar of the seventies comes now that is not nearly as long as it should be, as one that counts in seconds. */
export const isMisplaced = ({ openTime, closeTime, receivedAt, interval }: Named): boolean => {
  if (!isOfAnotherUnit(openTime, receivedAt) || !isInterval(interval)) return false;
  // A history may well begin before the seventies: its bars are as long as they should be.
  const length = isIntraday(interval) ? intradayLength[interval] : DAY;
  return closeTime - openTime < length / FAR || closeTime - openTime > length * FAR;
};

interface Opening {
  readonly openTime: number;
  readonly closeTime: number;
  readonly receivedAt: number;
}

const isBelieved = (clock: FeedClock, time: number, receivedAt: number, now: () => number): boolean => {
  if (!isTime(time) || isOfAnotherUnit(time, receivedAt)) return false;
  if (!(receivedAt > 0)) {
    // Virtual time begins at 0, and so does the tape of a test; events made by hand say 0 where they say nothing.
    if (receivedAt === 0 && Math.abs(time) < MOVED && isTelling(clock, receivedAt, now)) clock.rule.believes(time, 0);
    return true;
  }
  const tells = isTelling(clock, receivedAt, now);
  // It is asked in any case, so that it learns.
  return clock.rule.believes(time, receivedAt) || !tells;
};

/** Whether times of receipt say anything: those of events made by hand may stand still, or be of another clock. */
const isTelling = (clock: FeedClock, receivedAt: number, now: () => number): boolean => {
  if (!(receivedAt >= 0)) return false;
  clock.firstAt ??= receivedAt;
  const moved = receivedAt - clock.firstAt;
  if (receivedAt >= EPOCH) return moved !== 0 || Math.abs(receivedAt - now()) < MINUTE;
  return moved >= MOVED || (receivedAt === now() && (receivedAt === 0 || receivedAt >= MOVED));
};

const isAhead = ({ latest }: Timing, { time, receivedAt }: Stamped): boolean =>
  time - receivedAt > (latest === -Infinity ? AHEAD_AT_FIRST : AHEAD);

/** What comes on time shows that a stamp of later was none. */
const doubt = (timing: Timing, { time, receivedAt }: Stamped): void => {
  if (time > timing.latest - MINUTE) timing.isDoubtful = false;
  else if (Math.abs(time - receivedAt) < MINUTE) timing.latest = -Infinity;
};

/**
 * Whether a stamp of a delayed symbol is far ahead of its other stamps, though not of the clock. A few of them that advance
 * show that the symbol is delayed no more.
 */
const isOdd = (timing: Timing, time: number, heardAt: number): boolean => {
  if (timing.delay < MINUTE || !timing.isMeasured || !hasKeptPace(timing, timing.latest)) return false;
  const behind = heardAt - time;
  // Stamps that just go on show that it is the clock that was set.
  if (!(timing.behind - behind > MINUTE && time - timing.latest > MINUTE)) return false;
  if (time <= timing.oddAt && timing.odd > 0) return true;
  timing.oddAt = time;
  return !isProven(timing, time, behind);
};

const hasKeptPace = ({ agreed, settledAt }: Timing, time: number): boolean => agreed >= FEW && time - settledAt >= PACE;

/** Whether so many stamps in a row disagree with the ones before that these no longer count. */
const isProven = (timing: Timing, time: number, behind: number): boolean => {
  timing.nearest = timing.odd === 0 ? behind : Math.min(timing.nearest, behind);
  timing.odd++;
  if (timing.odd < FEW) return false;
  settle(timing, time, timing.nearest);
  return true;
};

/**
 * Stamps that go on tell how far they are behind; one that is late, or ahead of the others, does not.
 *
 * @param ahead how far the clock that closes bars is ahead of the one of receipt, as that was set back
 */
export const measure = (timing: Timing, time: number, heardAt: number, ahead = 0): void => {
  if (!(time > timing.latest)) return;
  timing.latest = time;
  if (!timing.isMeasured) return;
  const behind = heardAt + ahead - time;
  const off = behind - timing.behind;
  if (timing.agreed === 0 || (off < -JITTER && timing.agreed < FEW)) settle(timing, time, behind);
  else if (Math.abs(off) <= JITTER) {
    timing.agreed++;
    timing.odd = 0;
    if (off < 0) timing.behind = behind;
  } else isProven(timing, time, behind);
  const longest = hasKeptPace(timing, time) ? Infinity : OLD;
  timing.lag = delayOf(timing.behind, longest);
  timing.delay = delayOf(timing.behind - ahead, longest);
};

const settle = (timing: Timing, time: number, behind: number): void => {
  timing.behind = behind;
  timing.settledAt = time;
  timing.agreed = 1;
  timing.odd = 0;
};

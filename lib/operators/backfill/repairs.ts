import { asyncScheduler, Subscription } from 'rxjs';
import { waitAfter } from '../../history/calls.js';
import type { History } from '../../history/History.js';
import type { Bucket } from '../../model/calendar/bucketing.js';
import { nextBucket } from '../../model/calendar/bucketing.js';
import type { Span } from '../../model/calendar/sessionDays.js';
import type { Backfilled, FeedEvent } from '../../model/feedEvent.js';
import { intradayLength, isIntraday } from '../../model/interval.js';
import { LONGEST_TIMER } from '../../model/longestTimer.js';
import type { Kline } from '../../model/marketEvent.js';
import type { BucketOf } from '../klines/hours.js';
import type { BackfillSettings } from './BackfillOptions.js';
import { examine, isSameBar, type Evidence, type Finding } from './examine.js';
import { extended, firstOf, isOver, lastOf, warmHole, type Hole } from './hole.js';
import { pruned, receivedBars, type Beside } from './receivedBars.js';
import { queueOf } from './repairQueue.js';
import { isFinal, reasonOf, rowsOf } from './rows.js';

/** Who the bars of a hole are of. */
interface Instrument {
  readonly provider: string;
  /** The name of its feed, once that is known. */
  readonly feed: () => string | undefined;
  readonly symbol: string;
  /** Later watched is repaired first. */
  readonly order: number;
  readonly bucketOf: BucketOf;
}

/** Closes the holes of one symbol. */
export interface SymbolRepairs {
  /**
   * The symbol was seen first at a moment: asks for the bars before that one. If it was asked for before anything was
   * received, asks for those that ended since.
   */
  readonly warm: (first: number) => void;
  /** Nothing was received of a span of the vendor's time, which is `delay` ms behind: a hole, or more of the one under repair. */
  readonly lost: (span: Span, hasFigure: boolean, delay: number) => void;
  /** A bar made of what was received, closed. */
  readonly seen: (kline: Kline) => void;
  /**
   * A cumulative figure came, which grew by so much since the one before, if there was one. Returns its bar: until a hole
   * opens, a further figure in it tells nothing new.
   */
  readonly figure: (time: number, growth: number | undefined) => Bucket;
  /** The link is lost again: what is not proven yet waits for what the next figure says. */
  readonly suspend: () => void;
  /** The link is back, and the symbol is not wanted any more. */
  readonly resume: () => void;
  /** Gives up what is not repaired. */
  readonly end: (reason: string) => void;
  /** Asks no more, and says nothing. */
  readonly stop: () => void;
}

/** A bar that is no longer than this is waited for, to be compared, when it follows the hole. */
const SHORT = 300_000;
/** So many milliseconds the first figure behind a hole is waited for. */
const PATIENCE = 900_000;
/** How often a history is asked again for what it lacks, where nothing proves that there is anything. */
const DOUBTS = 2;

const nothing: Beside = { before: [], after: [] };

interface Repair {
  hole: Hole;
  attempts: number;
  /** How many of them since the hole became as long as it is. */
  tried: number;
  work: Subscription;
  /** When the bars open that the history gave. */
  readonly given: Set<number>;
  found: Finding | undefined;
}

export const symbolRepairs = (
  history: History,
  settings: BackfillSettings,
  { provider, feed: feedOf, symbol, order, bucketOf }: Instrument,
  emit: (event: FeedEvent) => void,
): SymbolRepairs => {
  const { interval, settle, attempts: most, maxHole, warm } = settings;
  const length = isIntraday(interval) ? intradayLength[interval] : Infinity;
  /** The bars that were repaired, as last emitted. */
  const said = new Map<number, Kline>();
  let repair: Repair | undefined;
  /** When the bar opens before which bars were asked for. */
  let warmedTo = -Infinity;
  /** How far the feed is behind. Its bars end so much later, and so may those of the history. */
  let delay = 0;

  /** When a bar is final. */
  const finalAt = ({ settleTime, closeTime }: Bucket): number => Math.max(settleTime, closeTime) + settle + delay;
  const isSettled = (bucket: Bucket): boolean => asyncScheduler.now() >= finalAt(bucket);

  const leastKept = (): number => {
    const first = repair && firstOf(repair.hole);
    return first ? bucketOf(first.since - 1).openTime : Infinity;
  };
  const received = receivedBars(bucketOf, length, leastKept);

  const end = (ending: Repair, reason: string | undefined): void => {
    const { hole, given, found, attempts, work } = ending;
    const [first, last] = [firstOf(hole), lastOf(hole)];
    repair = undefined;
    work.unsubscribe();
    if (!first || !last) return;
    const all = hole.bars.map(({ bucket }) => bucket.openTime);
    const isRefuted = found?.disagrees !== undefined;
    const bars = all.filter((openTime) => given.has(openTime)).length;
    const isWhole = found?.proof.volume === 'whole' && !isRefuted;
    const missing = isWhole ? found.missing : all.filter((openTime) => !given.has(openTime));
    const feed = feedOf();
    const event: Backfilled = {
      kind: 'backfilled',
      provider,
      ...(feed !== undefined && { feed }),
      symbol,
      receivedAt: asyncScheduler.now(),
      interval,
      from: first.openTime,
      to: last.closeTime,
      outcome: missing.length === 0 ? 'whole' : bars > 0 ? 'partial' : 'none',
      bars,
      missing,
      proof: found?.proof ?? { volume: 'none', overlap: { compared: 0, agreed: 0 } },
      attempts,
      ...(missing.length > 0 && reason !== undefined && { reason }),
    };
    emit(event);
  };

  /** When the history is worth asking: all bars are final, and one to compare that follows soon. */
  const dueOf = ({ hole }: Repair): number => {
    const last = lastOf(hole);
    if (!last || hole.isWarm) return -Infinity;
    const after = nextBucket(bucketOf, last);
    const isSoon = length <= SHORT && after.openTime - last.closeTime <= length;
    return finalAt(isSoon ? after : last);
  };

  const arm = (waiting: Repair, due: number): void => {
    waiting.work.unsubscribe();
    const left = due - asyncScheduler.now();
    if (left <= 0) return ask(waiting);
    const rest = (): void => (left > LONGEST_TIMER ? arm(waiting, due) : ask(waiting));
    waiting.work = asyncScheduler.schedule(rest, Math.min(left, LONGEST_TIMER));
  };

  const ask = (asking: Repair): void => {
    const settled = asking.hole.bars.filter(({ bucket }) => isSettled(bucket));
    const [first, last] = [settled[0]?.bucket, settled.at(-1)?.bucket];
    if (!first || !last) {
      const next = firstOf(asking.hole);
      return next && arm(asking, finalAt(next));
    }
    const beside = asking.hole.isWarm ? nothing : received.beside(asking.hole, isSettled);
    const around = { ...beside, settled };
    const work = new Subscription();
    asking.work = work;
    asking.attempts += 1;
    asking.tried += 1;
    const { figureIn } = asking.hole;
    const beyond = around.after.map((bucket) => nextBucket(bucketOf, bucket));
    const ends = [last, ...beyond, ...(figureIn && isSettled(figureIn) ? [figureIn] : [])];
    const query = {
      interval,
      // One bar more on each side shows that a history's times are moved.
      from: Math.min(first.openTime, ...around.before.map(({ since }) => bucketOf(since - 1).openTime)),
      to: Math.max(...ends.map(({ closeTime }) => closeTime)),
    };
    const answered = (klines: readonly Kline[]): void => {
      if (repair !== asking || asking.work !== work) return;
      judge(asking, klines, around);
    };
    const failed = (error: unknown): void => {
      if (repair === asking && asking.work === work) again(asking, reasonOf(error), isFinal(error));
    };
    work.add(queueOf(history).add({ order, symbol, query, answered, failed }));
  };

  const again = (asking: Repair, reason: string, isOver: boolean): void => {
    if (isOver || asking.tried >= most) return end(asking, reason);
    arm(asking, asyncScheduler.now() + waitAfter(asking.tried));
  };

  const judge = (
    asking: Repair,
    klines: readonly Kline[],
    around: Pick<Evidence, 'before' | 'after' | 'settled'>,
  ): void => {
    const { hole, given } = asking;
    const { rows, stray } = rowsOf(klines, { interval, bucketOf, provider, feed: feedOf(), symbol });
    const found = examine({ hole, ...received.known(), ...around }, rows);
    asking.found = found;
    if (found.disagrees !== undefined) return again(asking, found.disagrees, false);
    if (!hole.isWarm && !found.isCompared && found.proof.volume !== 'whole') {
      const wasSeen = around.before.length + around.after.length > 0;
      const reason = wasSeen
        ? 'the history lacks the bars beside the hole, or has some that are all alike'
        : 'nothing was received that the history could be compared with';
      // Later there may be more to compare it with. What lacks what is known is not trusted with what is not.
      if (wasSeen || asking.tried < most) return again(asking, reason, false);
    }
    if (found.proof.volume === 'whole') received.explain(hole);
    for (const kline of found.repaired) {
      given.add(kline.openTime);
      const before = said.get(kline.openTime);
      if (isSameBar(before, kline)) continue;
      const repaired = before ? { ...kline, revision: before.revision + 1 } : kline;
      said.set(kline.openTime, repaired);
      pruned(said, leastKept);
      emit(repaired);
      // Whoever hears of it may have left, or the link may have been lost again.
      if (repair !== asking) return;
    }
    const newest = lastOf(hole);
    const due = newest ? finalAt(newest) : 0;
    if (around.settled.length < hole.bars.length) return arm(asking, due);
    // The first figure behind the hole proves it, and its bar counts what is missed in it.
    const isUnproven = hole.hasFigure && !hole.figureIn && asking.tried < most;
    if (isUnproven && asyncScheduler.now() < due + PATIENCE) return arm(asking, due + PATIENCE);
    if (found.missing.length > 0) {
      const reason =
        stray ??
        `the history has no bar of ${found.missing.length} of ${hole.bars.length}; there may have been no trades`;
      return again(asking, reason, hole.isWarm && asking.tried >= DOUBTS);
    }
    if (found.proof.volume === 'short' && asking.tried < Math.min(DOUBTS, most)) return again(asking, '', false);
    end(asking, undefined);
  };

  const begin = (hole: Hole): void => {
    const opened: Repair = {
      hole,
      attempts: 0,
      tried: 0,
      work: new Subscription(),
      given: new Set(),
      found: undefined,
    };
    repair = opened;
    arm(opened, dueOf(opened));
  };

  return {
    warm: (first) => {
      const bucket = bucketOf(first);
      if (bucket.openTime <= warmedTo || repair?.hole.isWarm === false) return;
      repair?.work.unsubscribe();
      const hole = warmHole(bucketOf, first, warm, repair ? -Infinity : warmedTo);
      warmedTo = isOver(bucket, first) ? bucket.closeTime : bucket.openTime;
      if (hole) begin(hole);
    },
    lost: (span, hasFigure, behind) => {
      delay = behind;
      const hole = extended(bucketOf, repair?.hole, span, hasFigure);
      const [first, last] = [firstOf(hole), lastOf(hole)];
      if (!first || !last) return;
      if (!repair) begin(hole);
      else {
        repair.hole = hole;
        repair.tried = 0;
        arm(repair, dueOf(repair));
      }
      if (!repair || hole.isWarm || last.closeTime - first.openTime <= maxHole) return;
      end(repair, `the hole is longer than ${maxHole} ms; give a larger \`maxHole\``);
    },
    seen: received.add,
    figure: (time, growth) => {
      const bucket = received.grow(time, growth ?? 0);
      if (growth === undefined) received.begin(bucket);
      if (!repair || repair.hole.figureIn || repair.hole.isWarm) return bucket;
      received.touch(bucket);
      repair.hole = { ...repair.hole, figureIn: bucket };
      arm(repair, Math.max(dueOf(repair), finalAt(bucket)));
      return bucket;
    },
    suspend: () => {
      if (!repair) return;
      const { hasFigure, figureIn } = repair.hole;
      if (hasFigure && !(figureIn && isSettled(figureIn))) repair.work.unsubscribe();
    },
    resume: () => {
      if (repair?.work.closed) arm(repair, dueOf(repair));
    },
    end: (reason) => {
      if (repair) end(repair, reason);
    },
    stop: () => {
      repair?.work.unsubscribe();
      repair = undefined;
    },
  };
};

import { EPSILON, minus, plus, tidy } from '../../model/exact.js';
import type { Bar } from './Bar.js';
import type { Quote } from '../../model/marketEvent.js';
import { blur, fill, fillAt, heal, isOf, remember, type Hole } from './holes.js';
import { newTurnover, type Turnover } from './turnover.js';

/** What the cumulative figures of one symbol say of what was seen on one trading day. */
export interface Volumes {
  /** The moments whose figures it takes. Without end where no calendar tells the days apart. */
  readonly from: number;
  until: number;
  /** The end of the day after. */
  readonly nextUntil: number;
  /** The hours of the day, in which a figure does not begin anew. */
  readonly opens: number;
  readonly closes: number;
  /** The last figure and its vendor time; whether it had one, where a trade told it. */
  figure: number | undefined;
  at: number;
  isTimed: boolean;
  /** When the figures last had all that was seen, before the last one: figures of one moment are one, as stamps are coarse. */
  before: number;
  /** Until when a lower figure may be older than the last one that had no time of its own, and tells nothing. */
  overtakenUntil: number;
  /** Since when the figures are of the present period, as far as it is known. */
  dayFrom: number;
  /** The figure at which counting began, and its vendor time. */
  base: number;
  baseAt: number;
  /** Whether what happened at that time is part of it: so it is with the figure of a quote. */
  isBaseFull: boolean;
  /** Seen, and not yet in a figure. Below 0 by what is in the figures, and still too little to be told from rounding. */
  ahead: number;
  /** The time of the latest trade that was ahead, and whether that one may have been taken for part of the last figure. */
  aheadAt: number;
  isAhead: boolean;
  /** How many figures rounding may have added up over. */
  steps: number;
  /** What was ahead when the last figure fell so far that it is not believed before another one says so. */
  doubted: number | undefined;
  readonly holes: Hole[];
  /** The lowest figure to which it fell since: what lies below was not counted, and is no debt. */
  floor: number;
  readonly turnover: Turnover;
}

/** A day as its figures need it. */
export type Period = Pick<Volumes, 'from' | 'until' | 'nextUntil' | 'opens' | 'closes'>;

/** Where no calendar tells the days apart, figures that fall do. */
export const endless: Period = {
  from: -Infinity,
  until: Infinity,
  nextUntil: Infinity,
  opens: Infinity,
  closes: -Infinity,
};

export const newVolumes = ({ from, until, nextUntil, opens, closes }: Period = endless): Volumes => ({
  from,
  until,
  nextUntil,
  opens,
  closes,
  figure: undefined,
  at: -Infinity,
  isTimed: true,
  before: -Infinity,
  overtakenUntil: -Infinity,
  dayFrom: -Infinity,
  base: 0,
  baseAt: -Infinity,
  isBaseFull: false,
  ahead: 0,
  aheadAt: -Infinity,
  isAhead: false,
  steps: 0,
  doubted: undefined,
  holes: [],
  floor: Infinity,
  turnover: newTurnover(),
});

/** Counting begins at zero: with the day, or with a word of the vendor that nothing was traded yet. */
export const beginAtZero = (volumes: Volumes, at: number): void => {
  volumes.figure = 0;
  volumes.turnover.last = 0;
  volumes.at = at;
  volumes.before = at;
  volumes.baseAt = at;
};

/** Whether the figures say that a trade was counted before. Only a figure that is not new can. */
export const isDuplicate = (volumes: Volumes, size: number | undefined, figure: number, time: number): boolean => {
  if (!isPast(volumes, figure, time)) return false;
  if (size === undefined) return figure === volumes.figure && time === volumes.at;
  const isAfterBase = minus(figure, volumes.base) > 2 * EPSILON * figure;
  return isAfterBase && holeAround(volumes, minus(figure, size), figure) === undefined;
};

/** Whether a trade is the one right after the last figure, so that it proves nothing but itself. */
export const isNext = ({ figure, at, ahead, until }: Volumes, size: number, next: number, time: number): boolean =>
  figure !== undefined && ahead === 0 && next > figure && next - size === figure && time >= at && time < until;

/**
 * Counts a trade of known size, and what its cumulative figure proves. Returns the bars that no longer count what this
 * trade, being late, turned out to be.
 */
export const countSize = (
  volumes: Volumes,
  bar: Bar,
  size: number,
  figure: number | undefined,
  time: number,
  isOwnTime = true,
): readonly Bar[] => {
  if (figure === undefined) {
    const last = volumes.holes.at(-1);
    const isNew = time > volumes.at && time > (last?.until ?? -Infinity);
    // A time of receipt does not tell whether the last figure has the trade: it has it, if it has room for it.
    if (!isNew || !isOwnTime) return refillByTime(volumes, size, time, isOwnTime);
    const isOfLast = last?.until === volumes.at && isOf(last, size, time, slackOf(volumes, last.to));
    if (!isOfLast) return ahead(volumes, size, time);
    fill(volumes.holes, last, size, slackOf(volumes, last.to));
    return doubtful(volumes, [last]);
  }
  const isUntimed = !isOwnTime || !volumes.isTimed;
  const isLate = isUntimed && figure <= (volumes.figure ?? 0) && holeAround(volumes, minus(figure, size), figure);
  if (isLate || isPast(volumes, figure, time)) return refill(volumes, bar, minus(figure, size), figure);
  miss(volumes, bar, prove(volumes, figure, time, size), time);
  volumes.isTimed = isOwnTime;
  return noBars;
};

/** Counts a figure that proves what happened besides the trades that were seen. */
export const countProof = (volumes: Volumes, bar: Bar, figure: number, time: number): void => {
  if (!isPast(volumes, figure, time)) miss(volumes, bar, prove(volumes, figure, time, 0), time);
};

/** How far cumulative figures went on. */
export interface Growth {
  readonly from: number;
  readonly to: number;
  /** Vendor time of the figure before. */
  readonly after: number;
  /** Whether counting began anew, the figure fell a little, as one that is corrected, or it is not believed yet. */
  readonly turn?: 'restart' | 'fall' | 'doubt' | undefined;
}

const none: Growth = { from: 0, to: 0, after: -Infinity, turn: 'doubt' };

/** Whether a figure told nothing. */
export const isNone = (growth: Growth): boolean => growth === none;

/** A figure without a time of its own does not tell what is later than it. */
export const standAt = (volumes: Volumes, at: number, { vendorTime }: Pick<Quote, 'vendorTime'>): void => {
  if (vendorTime === undefined || at === -Infinity) return;
  volumes.overtakenUntil = volumes.at;
  volumes.at = at;
};

/** How much was traded since the last figure besides a trade of this size, where nothing but the figures tells. */
export const growthTo = (volumes: Volumes, figure: number, time: number, size = 0): Growth =>
  isPast(volumes, figure, time) ? none : prove(volumes, figure, time, size);

const isPast = (volumes: Volumes, figure: number, time: number): boolean =>
  volumes.figure !== undefined &&
  ((figure <= volumes.figure && time <= volumes.overtakenUntil) ||
    (time <= volumes.at && (figure <= volumes.figure || time < volumes.dayFrom)));

/** Moves on to a new figure, and says what lies unseen between it and the last one. */
const prove = (volumes: Volumes, figure: number, time: number, size: number): Growth => {
  const { figure: last } = volumes;
  if (time > volumes.at && !volumes.isAhead) volumes.before = volumes.at;
  const after = volumes.before;
  const to = minus(figure, size);
  let from = to;
  let turn: Growth['turn'];
  if (last === undefined) {
    volumes.base = to;
    volumes.baseAt = time;
    volumes.isBaseFull = size === 0;
    volumes.ahead = 0;
  } else {
    from = last;
    if (figure < last) {
      const isFar = figure < last / 2;
      const isDoubtful = isFar && time >= volumes.opens && time < volumes.closes;
      if (isDoubtful && volumes.doubted === undefined) {
        volumes.doubted = volumes.ahead;
        volumes.ahead = plus(volumes.ahead, size);
        return none;
      }
      // Far less is a new period, counted from zero; a little less is the vendor's correction, which later growth pays.
      from = isFar ? 0 : fallTo(volumes, last, to);
      volumes.dayFrom = time;
      turn = isFar ? 'restart' : 'fall';
      if (isFar) restart(volumes, time);
    }
    from = minus(to, settle(volumes, figure, figure - from - size - volumes.ahead));
  }
  volumes.doubted = undefined;
  volumes.figure = figure;
  volumes.at = time;
  volumes.isAhead = volumes.aheadAt > time;
  return { from, to, after, turn };
};

/** Where growth goes on after a fall: what was counted and fell is ahead of the figures. */
const fallTo = (volumes: Volumes, last: number, to: number): number => {
  const from = plus(to, Math.max(0, minus(last, Math.max(to, Math.min(volumes.base, volumes.floor)))));
  volumes.floor = Math.min(volumes.floor, to);
  return from;
};

const restart = (volumes: Volumes, time: number): void => {
  volumes.base = 0;
  volumes.floor = Infinity;
  volumes.baseAt = time;
  volumes.isBaseFull = false;
  volumes.ahead -= volumes.doubted ?? 0;
  volumes.holes.length = 0;
  // After the close it is the next day that begins early.
  if (time >= volumes.closes) volumes.until = volumes.nextUntil;
};

/** What of the unseen is no rounding; the rest is carried on, until it is more. */
const settle = (volumes: Volumes, figure: number, unseen: number): number => {
  volumes.steps++;
  if (unseen > slackOf(volumes, figure)) {
    volumes.ahead = 0;
    volumes.steps = 0;
    return tidy(unseen, figure);
  }
  volumes.ahead = Math.abs(unseen) <= (EPSILON / 2) * figure ? 0 : -unseen;
  return 0;
};

/** How far figures that are sums of fractions, each rounded, can be off. */
export const slackOf = ({ steps }: Volumes, figure: number): number => (steps + 2) * EPSILON * figure;

/** Counts growth of which nothing was seen as missed in a bar, until the trades come that made it. */
export const miss = ({ holes }: Volumes, bar: Bar, { from, to, after }: Growth, until: number): void => {
  const missed = minus(to, from);
  if (missed <= 0) return;
  bar.missedVolume = plus(bar.missedVolume, missed);
  remember(holes, { from, to, after, until, bar, isSeen: false });
};

/** Nearly no trade heals a bar, so that one empty list serves all. */
export const noBars: readonly Bar[] = [];

const ahead = (volumes: Volumes, size: number, time: number): readonly Bar[] => {
  volumes.ahead = plus(volumes.ahead, size);
  if (time > volumes.aheadAt) volumes.aheadAt = time;
  return noBars;
};

const holeAround = (volumes: Volumes, from: number, to: number): Hole | undefined => {
  const slack = slackOf(volumes, to);
  return volumes.holes.find((hole) => hole.from <= from + slack && to <= hole.to + slack);
};

const refill = (volumes: Volumes, bar: Bar, from: number, to: number): readonly Bar[] => {
  const { holes, base } = volumes;
  const hole = holeAround(volumes, from, to);
  if (hole) {
    const slack = slackOf(volumes, to);
    heal(hole, minus(to, from), slack);
    holes.splice(holes.indexOf(hole), 1);
    if (from > hole.from + slack) holes.push({ ...hole, to: from });
    if (hole.to > to + slack) holes.push({ ...hole, from: to });
    return [hole.bar];
  }
  // It happened before the first figure: counting begins earlier than we thought.
  miss(volumes, bar, { from: to, to: base, after: -Infinity }, volumes.at);
  volumes.base = from;
  return noBars;
};

const refillByTime = (volumes: Volumes, size: number, time: number, isOwnTime: boolean): readonly Bar[] => {
  // What happened before counting began, or with the figure at which it did, is part of that figure.
  if (isInBase(volumes, time)) return noBars;
  const slack = slackOf(volumes, volumes.figure ?? 0);
  const filled = fillAt(volumes.holes, size, isOwnTime ? time : undefined, slack);
  if (filled.length === 0) return ahead(volumes, size, time);
  return isOwnTime ? filled.map(({ bar }) => bar) : doubtful(volumes, filled);
};

/** The holes may be another one’s, whose own are any that are left, or come with the next figure. */
const doubtful = (volumes: Volumes, filled: readonly Hole[]): readonly Bar[] => {
  for (const hole of filled) blur(volumes.holes, hole);
  volumes.before = Math.min(volumes.before, ...filled.map(({ after }) => after));
  volumes.isAhead = true;
  return filled.map(({ bar }) => bar);
};

const isInBase = ({ baseAt, isBaseFull }: Volumes, time: number): boolean =>
  time < baseAt || (time === baseAt && isBaseFull);

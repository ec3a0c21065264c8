import type { Bar } from './Bar.js';

/** Volume that is proven to have happened unseen, between two cumulative figures. */
interface Hole {
  from: number;
  to: number;
  /** Vendor times of the figures before and behind it. */
  readonly after: number;
  readonly until: number;
  /** The bar that counts it as missed. */
  readonly bar: Bar;
}

/** What the cumulative figures of one symbol say of what was seen. */
export interface Volumes {
  /** The last figure and its vendor time. */
  figure: number | undefined;
  at: number;
  /** Since when the figures are of the present trading day, as far as it is known. */
  dayFrom: number;
  /** The figure at which counting began, and its vendor time. */
  base: number;
  baseAt: number;
  /** Seen, and not yet in a figure. */
  ahead: number;
  readonly holes: Hole[];
}

export const newVolumes = (): Volumes => ({
  figure: undefined,
  at: -Infinity,
  dayFrom: -Infinity,
  base: 0,
  baseAt: -Infinity,
  ahead: 0,
  holes: [],
});

/** Cumulative figures are sums of fractions: what is smaller than this share of them is rounding. */
const ROUNDING = 1e-9;

/** Holes that can still be filled by late trades; older ones stay missed. */
const MEMORY = 64;

/** Whether the figures say that a trade was counted before. Only a figure that is not new can. */
export const isDuplicate = (volumes: Volumes, size: number | undefined, figure: number, time: number): boolean => {
  if (!isPast(volumes, figure, time)) return false;
  if (size === undefined) return figure === volumes.figure && time === volumes.at;
  return figure > volumes.base && holeAround(volumes, figure - size, figure) === undefined;
};

/** Whether a trade is the one right after the last figure, so that it proves nothing but itself. */
export const isNext = ({ figure, at, ahead }: Volumes, size: number, next: number, time: number): boolean =>
  figure !== undefined && ahead === 0 && next > figure && next - size === figure && time >= at;

/**
 * Counts a trade of known size, and what its cumulative figure proves. Returns another bar if that one no longer misses
 * what this trade, being late, turned out to be.
 */
export const countSize = (
  volumes: Volumes,
  bar: Bar,
  size: number,
  figure: number | undefined,
  time: number,
): Bar | undefined => {
  if (figure === undefined) return time <= volumes.at ? refillByTime(volumes, size, time) : ahead(volumes, size);
  if (isPast(volumes, figure, time)) return refill(volumes, bar, figure - size, figure);
  miss(volumes, bar, prove(volumes, figure, time, size), time);
  return undefined;
};

/** Counts a figure that proves what happened besides the trades that were seen. */
export const countProof = (volumes: Volumes, bar: Bar, figure: number, time: number): void => {
  if (!isPast(volumes, figure, time)) miss(volumes, bar, prove(volumes, figure, time, 0), time);
};

/** How much was traded since the last figure, where nothing but the figures tells. */
export const countDelta = (volumes: Volumes, figure: number, time: number): number => {
  if (isPast(volumes, figure, time)) return 0;
  const { from, to } = prove(volumes, figure, time, 0);
  return to - from;
};

/** Forgets the holes of a bar that can no longer be corrected. */
export const forgetBar = ({ holes }: Volumes, bar: Bar): void => {
  for (let i = holes.length - 1; i >= 0; i--) if (holes[i]?.bar === bar) holes.splice(i, 1);
};

const isPast = (volumes: Volumes, figure: number, time: number): boolean =>
  volumes.figure !== undefined && time <= volumes.at && (figure <= volumes.figure || time < volumes.dayFrom);

interface Gap {
  readonly from: number;
  readonly to: number;
  readonly after: number;
}

/** Moves on to a new figure, and says what lies unseen between it and the last one. */
const prove = (volumes: Volumes, figure: number, time: number, size: number): Gap => {
  const { figure: last, at: after } = volumes;
  const to = figure - size;
  let from = to;
  if (last === undefined) {
    volumes.base = to;
    volumes.baseAt = time;
    volumes.ahead = 0;
  } else {
    if (figure >= last) from = last;
    else {
      // Far less is a new trading day, counted from zero; a little less is the vendor's correction, and no loss.
      if (figure < last / 2) from = 0;
      volumes.base = from;
      volumes.baseAt = time;
      volumes.dayFrom = time;
      volumes.holes.length = 0;
    }
    const unseen = to - from - volumes.ahead;
    volumes.ahead = Math.max(0, -unseen);
    from = unseen > ROUNDING * figure ? to - unseen : to;
  }
  volumes.figure = figure;
  volumes.at = time;
  return { from, to, after };
};

const miss = ({ holes }: Volumes, bar: Bar, { from, to, after }: Gap, until: number): void => {
  if (to <= from) return;
  bar.missedVolume += to - from;
  holes.push({ from, to, after, until, bar });
  if (holes.length > MEMORY) holes.shift();
};

const ahead = (volumes: Volumes, size: number): undefined => {
  volumes.ahead += size;
};

const holeAround = ({ holes }: Volumes, from: number, to: number): Hole | undefined => {
  const slack = ROUNDING * to;
  return holes.find((hole) => hole.from <= from + slack && to <= hole.to + slack);
};

const refill = (volumes: Volumes, bar: Bar, from: number, to: number): Bar | undefined => {
  const { holes, base } = volumes;
  const hole = holeAround(volumes, from, to);
  if (hole) {
    heal(hole, to - from);
    holes.splice(holes.indexOf(hole), 1);
    if (from > hole.from) holes.push({ ...hole, to: from });
    if (hole.to > to) holes.push({ ...hole, from: to });
    return hole.bar;
  }
  // It happened before the first figure: counting begins earlier than we thought.
  miss(volumes, bar, { from: to, to: base, after: -Infinity }, volumes.at);
  volumes.base = from;
  return undefined;
};

/** The bar misses so much less. */
const heal = ({ bar, to }: Hole, found: number): void => {
  const left = bar.missedVolume - found;
  bar.missedVolume = left > ROUNDING * to ? left : 0;
};

const refillByTime = (volumes: Volumes, size: number, time: number): Bar | undefined => {
  const { holes } = volumes;
  const fits = ({ from, to, after, until }: Hole): boolean =>
    time >= after && time <= until && to - from >= size - ROUNDING * to;
  const hole = holes.find(fits);
  if (!hole) return time < volumes.baseAt ? undefined : ahead(volumes, size);
  heal(hole, size);
  hole.from += size;
  if (hole.from >= hole.to) holes.splice(holes.indexOf(hole), 1);
  return hole.bar;
};

import { minus, plus } from '../../model/exact.js';
import { takeVolume, type Bar } from './Bar.js';

/** Volume between two cumulative figures that no trade is known to have made. */
export interface Hole {
  from: number;
  to: number;
  /** Vendor times of the figures before and behind it. */
  after: number;
  until: number;
  /** The bar that counts it. */
  readonly bar: Bar;
  /** Whether the bar counts it as volume, since quotes told of it, or as missed. */
  readonly isSeen: boolean;
}

/** A vendor may stamp a quote by so much before the trade that it counts. */
const MOMENT = 1_000;

/** Holes that can still be filled by late trades; older ones stay as they are. */
const MEMORY = 64;

export const remember = (holes: Hole[], hole: Hole): void => {
  holes.push(hole);
  if (holes.length > MEMORY) holes.shift();
};

/** The holes of one trading day. */
interface Holes {
  readonly holes: Hole[];
}

/** Remembers what quotes told of, until the trades come that made it. */
export const claim = (
  { holes }: Holes,
  bar: Bar,
  { from, to, after }: Pick<Hole, 'from' | 'to' | 'after'>,
  until: number,
  isSeen: boolean,
): void => {
  if (to <= from) return;
  const last = holes.at(-1);
  if (last?.bar === bar && last.isSeen === isSeen && last.to === from) {
    last.to = to;
    last.until = until;
  } else remember(holes, { from, to, after, until, bar, isSeen });
};

/** Forgets the holes of a bar that can no longer be corrected. */
export const forgetBar = ({ holes }: Holes, bar: Bar): void => {
  for (let i = holes.length - 1; i >= 0; i--) if (holes[i]?.bar === bar) holes.splice(i, 1);
};

/** The bar counts so much less of what no trade is known of. */
export const heal = ({ bar, isSeen }: Hole, found: number, slack: number): void => {
  if (isSeen) return takeVolume(bar, found);
  const left = minus(bar.missedVolume, found);
  bar.missedVolume = left > slack ? left : 0;
};

/**
 * Takes a trade out of the holes that its time lies in; one without a time out of the last one it fits into, or out of the
 * last ones. Returns those; takes nothing where there is no room for all of it.
 */
export const fillAt = (holes: Hole[], size: number, time: number | undefined, slack: number): readonly Hole[] => {
  const around = time === undefined ? lastWithRoom(holes, size - slack) : holesAt(holes, time);
  if (around.reduce((room, hole) => plus(room, roomOf(hole)), 0) < size - slack) return [];
  let rest = size;
  return around.filter((hole) => {
    const part = Math.min(rest, roomOf(hole));
    if (part <= slack) return false;
    fill(holes, hole, part, slack);
    rest = minus(rest, part);
    return true;
  });
};

const lastWithRoom = (holes: readonly Hole[], size: number): readonly Hole[] => {
  const around = [...holes].reverse();
  const fitting = around.find((hole) => roomOf(hole) >= size);
  return fitting ? [fitting] : around;
};

/** A trade without a time of its own may have filled another one’s hole: that one’s may be any of those that are left. */
export const blur = (holes: readonly Hole[], { after, until }: Hole): void => {
  for (const hole of holes) {
    hole.after = Math.min(hole.after, after);
    hole.until = Math.max(hole.until, until);
  }
};

/** The holes a moment lies in, those first that no later trade can fill. */
const holesAt = (holes: readonly Hole[], time: number): Hole[] =>
  holes
    .filter(({ after, until }) => time >= after && time <= until)
    .sort((one, other) => one.until - other.until || other.after - one.after);

const roomOf = ({ from, to }: Hole): number => minus(to, from);

/** Whether a trade is the one that a hole tells of, though its figure was stamped a moment before: by its size, to the digit. */
export const isOf = ({ from, to, until }: Hole, size: number, time: number, slack: number): boolean =>
  time - until <= MOMENT && Math.abs(minus(to, from) - size) <= slack;

/** Takes a trade out of a hole that has room for it. */
export const fill = (holes: Hole[], hole: Hole, size: number, slack: number): void => {
  heal(hole, size, slack);
  hole.from = plus(hole.from, size);
  if (hole.to - hole.from <= slack) holes.splice(holes.indexOf(hole), 1);
};

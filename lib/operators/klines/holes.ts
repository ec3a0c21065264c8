import { minus, plus } from '../../model/exact.js';
import { takeVolume, type Bar } from './Bar.js';

/** Volume between two cumulative figures that no trade is known to have made. */
export interface Hole {
  from: number;
  to: number;
  /** Vendor times of the figures before and behind it. */
  readonly after: number;
  until: number;
  /** The bar that counts it. */
  readonly bar: Bar;
  /** Whether the bar counts it as volume, since quotes told of it, or as missed. */
  readonly isSeen: boolean;
}

/** Holes that can still be filled by late trades; older ones stay as they are. */
const MEMORY = 64;

export const remember = (holes: Hole[], hole: Hole): void => {
  holes.push(hole);
  if (holes.length > MEMORY) holes.shift();
};

/** The bar counts so much less of what no trade is known of. */
export const heal = ({ bar, isSeen }: Hole, found: number, slack: number): void => {
  if (isSeen) return takeVolume(bar, found);
  const left = minus(bar.missedVolume, found);
  bar.missedVolume = left > slack ? left : 0;
};

/** Takes a trade out of the hole it fits into, if there is one, by its time if it has one; returns the bar of that. */
export const fillAt = (holes: Hole[], size: number, time: number | undefined, slack: number): Bar | undefined => {
  const hasRoom = ({ from, to }: Hole): boolean => to - from >= size - slack;
  const hole =
    time === undefined
      ? holes.filter(hasRoom).at(-1)
      : holes.find((one) => time >= one.after && time <= one.until && hasRoom(one));
  if (hole === undefined) return undefined;
  heal(hole, size, slack);
  hole.from = plus(hole.from, size);
  if (hole.to - hole.from <= slack) holes.splice(holes.indexOf(hole), 1);
  return hole.bar;
};

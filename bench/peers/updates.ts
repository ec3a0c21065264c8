import { seeded } from '../frames.js';

export const LEVELS = 1_000;
export const UPDATES = 100_000;
/** How far from the touch an update is, on average, in ticks. */
const MEAN = 12;
const TOUCH = 100_000;

/** A size of zero takes the level away. */
export interface Update {
  readonly side: 'bids' | 'asks';
  readonly price: number;
  readonly size: number;
}

const priceOf = (side: Update['side'], tick: number): number =>
  (side === 'bids' ? TOUCH - 1 - tick : TOUCH + tick) / 100;

/** A thousand levels a side, best first. */
export const firstLevels = (side: Update['side']): readonly Update[] =>
  Array.from({ length: LEVELS }, (_, tick) => ({ side, price: priceOf(side, tick), size: 1_000 + tick }));

/**
 * Updates at an exponential distance from a touch that stands still: 65 % set a size there, 35 % take away the nearest
 * level at that distance or beyond.
 */
export const updatesOf = (): readonly Update[] => {
  const roll = seeded(13);
  const present = { bids: new Array<boolean>(LEVELS).fill(true), asks: new Array<boolean>(LEVELS).fill(true) };
  return Array.from({ length: UPDATES }, (): Update => {
    const side = roll() < 0.5 ? 'bids' : 'asks';
    const distance = Math.min(LEVELS - 1, Math.floor(-MEAN * Math.log(1 - roll())));
    const deleted = roll() < 0.35 ? present[side].indexOf(true, distance) : -1;
    const tick = deleted < 0 ? distance : deleted;
    present[side][tick] = deleted < 0;
    return { side, price: priceOf(side, tick), size: deleted < 0 ? 100 + Math.floor(roll() * 900) : 0 };
  });
};

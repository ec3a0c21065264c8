import { isAmount, isFigure } from './figure.js';
import type { Level } from './marketEvent.js';

/** Whether a price can be one: any finite number but zero. The price of a future may be negative. */
export const isPrice = (price: number): boolean => price !== 0 && isFigure(price);

/**
 * Whether a level is an offer: it has a price, and a size above zero or none given. Vendors fill up a side with rows of
 * price or size zero, as at limit-up or in a call auction; those are not levels.
 */
export const isLevel = ({ price, size }: Level): boolean =>
  isPrice(price) && (size === undefined || (isAmount(size) && size > 0));

/** Stands where a side that was made by hand, or a list with holes, has nothing. */
export const NO_LEVEL: Level = { price: NaN, size: 0 };

/** The rows of a side; empty where the side is not a list. */
export const rowsOf = (side: readonly Level[] | undefined): readonly Level[] => (Array.isArray(side) ? side : NO_ROWS);

const NO_ROWS: readonly Level[] = [];

/**
 * The rank of the first level of a side at or after `from`, or the length of the side when there is none. Of rows that name
 * one price in turn the last one counts.
 */
export const levelFrom = (side: readonly Level[], from: number): number => {
  let rank = from;
  for (; rank < side.length; rank++) {
    const level = side[rank] ?? NO_LEVEL;
    if (isLevel(level) && side[rank + 1]?.price !== level.price) break;
  }
  return rank;
};

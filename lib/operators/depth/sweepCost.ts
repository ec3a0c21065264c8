import { minus, plus } from '../../model/exact.js';
import { levelFrom, rowsOf } from '../../model/level.js';
import type { Level } from '../../model/marketEvent.js';
import type { Sides } from './measures.js';

/** What taking a size from one side at once would come to. */
export interface Sweep {
  /** The average price of what could be had. */
  readonly price: number;
  /** The price of the worst level that was touched. */
  readonly worst: number;
  /** How much could be had. */
  readonly filled: number;
  /** How much could not be had from the levels shown. */
  readonly unfilled: number;
}

/** A sweep in both directions. */
export interface SweepCost {
  /** Takes from the asks; absent when there are no asks, or a size on the way is not given. */
  readonly buy: Sweep | undefined;
  /** Takes from the bids; absent when there are no bids, or a size on the way is not given. */
  readonly sell: Sweep | undefined;
}

/**
 * What buying and what selling this size at once would cost on the levels shown.
 *
 * @example
 * books$.pipe(map(sweepCost(10_000)), map(({ buy }) => buy?.price))
 */
export const sweepCost =
  (size: number) =>
  ({ bids, asks }: Sides): SweepCost => ({
    buy: sweep(rowsOf(asks), size),
    sell: sweep(rowsOf(bids), size),
  });

const sweep = (side: readonly Level[], wanted: number): Sweep | undefined => {
  let filled = 0;
  let paid = 0;
  let worst: number | undefined;
  let rank = levelFrom(side, 0);
  for (; rank < side.length && filled < wanted; rank = levelFrom(side, rank + 1)) {
    const { price, size } = side[rank] as Level;
    if (size === undefined) return undefined;
    const taken = Math.min(size, minus(wanted, filled));
    filled = plus(filled, taken);
    paid += taken * price;
    worst = price;
  }
  return worst === undefined ? undefined : { price: paid / filled, worst, filled, unfilled: minus(wanted, filled) };
};

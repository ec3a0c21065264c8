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

/** A sweep in both directions; a direction is absent when the side it takes from is empty. */
export interface SweepCost {
  /** Takes from the asks. */
  readonly buy: Sweep | undefined;
  /** Takes from the bids. */
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
  ({ bids, asks }: Sides): SweepCost => ({ buy: sweep(asks, size), sell: sweep(bids, size) });

const sweep = (side: readonly Level[], wanted: number): Sweep | undefined => {
  let filled = 0;
  let paid = 0;
  let worst: number | undefined;
  for (const { price, size } of side) {
    if (filled >= wanted) break;
    const taken = Math.min(size, wanted - filled);
    filled += taken;
    paid += taken * price;
    worst = price;
  }
  return worst === undefined ? undefined : { price: paid / filled, worst, filled, unfilled: wanted - filled };
};

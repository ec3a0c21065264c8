import { rowsOf } from '../../model/level.js';
import type { Depth } from '../../model/marketEvent.js';
import { bookValidity } from './bookValidity.js';
import { ladder } from './ladder.js';
import type { Ladder } from './LadderView.js';

/** Both sides of a book, and whether they can be believed. */
export interface DepthTracker {
  readonly bids: Ladder;
  readonly asks: Ladder;
  readonly isValid: () => boolean;
  /** Takes an event in. False when it changed nothing, for being too early, too old, or the end of what is valid. */
  readonly accept: (depth: Depth) => boolean;
  /** Nothing is known for sure until the next snapshot; the levels stay. */
  readonly invalidate: () => void;
  /** Whether a level that a snapshot does not show may still be there, beyond the levels the vendor sends. */
  readonly isBeyond: (side: Ladder, price: number) => boolean;
}

/** Follows the depth of one symbol of one feed. */
export const trackDepth = (): DepthTracker => {
  const bids = ladder('bid');
  const asks = ladder('ask');
  const { isValid, accept, invalidate } = bookValidity();
  // The most rows ever sent for a side, placeholders included: how far the vendor lets us see.
  let window = 0;

  return {
    bids,
    asks,
    isValid,
    accept: (depth) => {
      const effect = accept(depth);
      if (effect === 'nothing') return false;
      const [ownBids, ownAsks] = [rowsOf(depth.bids), rowsOf(depth.asks)];
      if (effect === 'restart') {
        bids.load(ownBids);
        asks.load(ownAsks);
        window = Math.max(window, ownBids.length, ownAsks.length);
      } else {
        bids.setAll(ownBids);
        asks.setAll(ownAsks);
      }
      return true;
    },
    invalidate,
    isBeyond: (side, price) => {
      if (side.depth() < window || window === 0) return false;
      const worst = side.priceAt(side.depth() - 1);
      return side.side === 'bid' ? price < worst : price > worst;
    },
  };
};

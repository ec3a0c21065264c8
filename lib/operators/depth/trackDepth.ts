import { rowsOf } from '../../model/level.js';
import type { Depth } from '../../model/marketEvent.js';
import { stepOf } from '../../model/sequence.js';
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

/**
 * Follows the depth of one symbol of one feed.
 *
 * An update counts only on a valid book. One whose `sequence` was seen is ignored; one that leaves a hole ends what is
 * valid.
 */
export const trackDepth = (): DepthTracker => {
  const bids = ladder('bid');
  const asks = ladder('ask');
  let valid = false;
  /** The vendor's number of the book, where it counts. */
  let at: number | undefined;
  // The most rows ever sent for a side, placeholders included: how far the vendor lets us see.
  let window = 0;

  const restart = (depth: Depth): boolean => {
    const [ownBids, ownAsks] = [rowsOf(depth.bids), rowsOf(depth.asks)];
    bids.load(ownBids);
    asks.load(ownAsks);
    window = Math.max(window, ownBids.length, ownAsks.length);
    at = depth.sequence?.last;
    valid = true;
    return true;
  };

  const update = (depth: Depth): boolean => {
    if (!valid) return false;
    const { sequence } = depth;
    if (sequence !== undefined) {
      const step = at === undefined ? 'next' : stepOf(sequence, at);
      if (step === 'old') return false;
      valid = step === 'next';
      if (!valid) return false;
      at = sequence.last;
    }
    bids.setAll(rowsOf(depth.bids));
    asks.setAll(rowsOf(depth.asks));
    return true;
  };

  return {
    bids,
    asks,
    isValid: () => valid,
    accept: (depth) => (depth.type === 'snapshot' ? restart(depth) : update(depth)),
    invalidate: () => {
      valid = false;
    },
    isBeyond: (side, price) => {
      if (side.depth() < window || window === 0) return false;
      const worst = side.priceAt(side.depth() - 1);
      return side.side === 'bid' ? price < worst : price > worst;
    },
  };
};

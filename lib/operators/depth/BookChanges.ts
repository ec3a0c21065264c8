import type { Level } from '../../model/marketEvent.js';

/** Whose orders: those who want to buy, or those who want to sell. */
export type BookSide = 'bid' | 'ask';

/**
 * One level that differs from the book before, with the size it has now: zero when it is shown no more, and absent where
 * none is given.
 */
export interface LevelChange extends Level {
  readonly side: BookSide;
  /** The size it had; zero when it was not shown, and absent where none was given. */
  readonly before?: number | undefined;
}

/** What differs from the book before: bids before asks, best first. */
export interface BookChanges {
  /** Levels that were not shown before. */
  readonly added: readonly LevelChange[];
  /** Levels whose size, or number of orders, is another one now. */
  readonly changed: readonly LevelChange[];
  /** Levels that have no orders any more. */
  readonly removed: readonly LevelChange[];
  /** Levels pushed out of view by better ones. That is not a cancel: the orders may still be there. */
  readonly outOfWindow: readonly LevelChange[];
}

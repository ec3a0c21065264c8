import type { Level } from '../../model/marketEvent.js';
import type { BookSide } from './BookChanges.js';

/** One side of a book, as it is now. Ranks count from the best level, 0. */
export interface LadderView {
  readonly side: BookSide;
  /** How many levels it has. */
  readonly depth: () => number;
  /** The price of a level; its rank has to be below `depth()`. */
  readonly priceAt: (rank: number) => number;
  /** The size of a level, likewise. */
  readonly sizeAt: (rank: number) => number;
  /** Whether there is a level at exactly this price. */
  readonly has: (price: number) => boolean;
  /**
   * Writes the best levels as numbers, price and size in turn, from `at` on (0 by default), and zeros where there are
   * no more. Returns how many levels there were. It allocates nothing.
   */
  readonly readTop: (count: number, out: Float64Array, at?: number) => number;
}

/**
 * One side of a book, which is changed in place.
 *
 * It knows from which rank on it was changed since `top` or `copyTop` was last called, so that whoever comes back with
 * what that gave pays only for what may be another one.
 */
export interface Ladder extends LadderView {
  /** Puts a level at its place, in place of one of the same price; size zero takes it away. */
  readonly set: (level: Level) => void;
  /** Takes these levels, best first, for all there are. */
  readonly load: (levels: readonly Level[]) => void;
  /** The best levels, best first: `shown` itself when it still says so, and its levels that are still there. */
  readonly top: (count: number, shown?: readonly Level[]) => readonly Level[];
  /** Brings a copy of the best levels up to date, and says whether it was another one. */
  readonly copyTop: (count: number, copy: LevelColumn) => boolean;
}

/** Levels as numbers, best first: keys are larger the better a price is, and `-Infinity` after the last one. */
export interface LevelColumn {
  keys: Float64Array;
  sizes: Float64Array;
}

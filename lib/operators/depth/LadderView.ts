import type { Level } from '../../model/marketEvent.js';
import type { BookSide } from './BookChanges.js';

/** One side of a book, as it is now. Ranks count from the best level, 0. */
export interface LadderView {
  readonly side: BookSide;
  /** How many levels it has. */
  readonly depth: () => number;
  /** The price of a level; its rank has to be below `depth()`. */
  readonly priceAt: (rank: number) => number;
  /** The size of a level, likewise; undefined where the vendor gives none. */
  readonly sizeAt: (rank: number) => number | undefined;
  /** Whether there is a level at exactly this price. */
  readonly has: (price: number) => boolean;
  /**
   * Writes the best levels as numbers, price and size in turn, from `at` on (0 by default), and zeros where there are
   * no more. A size that is not given is `NaN`. Returns how many levels there were. It allocates nothing.
   */
  readonly readTop: (count: number, out: Float64Array, at?: number) => number;
}

/**
 * One side of a book, which is changed in place.
 *
 * It knows from which rank on it was changed since `top` or `copyTop` was last called, so that a caller that
 * passes the previous result pays only for levels that may have changed.
 */
export interface Ladder extends LadderView {
  /** Puts a level at its place, in place of one of the same price; size zero takes it away. */
  readonly set: (level: Level) => void;
  /** `set` of each in turn, however many they are. */
  readonly setAll: (levels: readonly Level[]) => void;
  /** Takes these levels for all there are; fastest when they come best first. Of equal prices the last row counts. */
  readonly load: (levels: readonly Level[]) => void;
  /** The best levels, best first: `shown` itself when it still says so, and its levels that are still there. */
  readonly top: (count: number, shown?: readonly Level[]) => readonly Level[];
  /** Brings a copy of the best levels up to date, and says whether it was another one. */
  readonly copyTop: (count: number, copy: LevelColumn) => boolean;
}

/**
 * Levels as numbers, best first: keys are larger the better a price is, and `-Infinity` after the last one. A size that is
 * not given is `NOT_GIVEN`.
 */
export interface LevelColumn {
  keys: Float64Array;
  sizes: Float64Array;
}

/** Stands for a size that the vendor does not give. Unlike `NaN` it equals itself. */
export const NOT_GIVEN = -1;

import type { Entry } from './Entry.js';
import type { BadCassette } from './errors.js';

/** A recording that can be read: from its beginning each time, and some entries at a time, so that memory stays flat. */
export interface Cassette {
  /** How errors call it: the path of its file. */
  readonly name: string;
  /**
   * All entries or, when kinds are named, all of these and each `start`: a file is read faster so. Fails with
   * `BadCassette` for what is no cassette at all.
   */
  readonly blocks: (...only: readonly Entry['what'][]) => Iterable<readonly Entry[]> | AsyncIterable<readonly Entry[]>;
}

/** Who is told of damage in a cassette. */
export interface ReadOptions {
  /**
   * Told of each line that cannot be read; the lines around it are read. Without it they are skipped in silence. Not told
   * when only some kinds of entries are read, as a replay does before it begins.
   */
  readonly onDamage?: ((damage: BadCassette) => void) | undefined;
}

import type { Cassette, ReadOptions } from './Cassette.js';
import { cassetteReader, type CassetteReader } from './cassetteReader.js';
import type { Entry } from './Entry.js';

/** So much text is read at a time. */
const PIECE = 2 ** 16;

/** What a cassette without a file is called, and who is told of damage in it. */
export interface ParseOptions extends ReadOptions {
  /** How errors call it. Defaults to `cassette`. */
  readonly name?: string | undefined;
}

/**
 * The cassette in the text of a file. A line that cannot be read is told to `onDamage` and skipped; a text whose first
 * line is of no cassette fails with `BadCassette` when it is read.
 *
 * @example
 * replay(parseCassette(text), makeFeed)
 */
export const parseCassette = (text: string, { name = 'cassette', ...options }: ParseOptions = {}): Cassette => ({
  name,
  blocks: (...only) => blocksOf(text, cassetteReader(name, options, only)),
});

function* blocksOf(text: string, reader: CassetteReader): Iterable<readonly Entry[]> {
  for (let at = 0; at < text.length; at += PIECE) yield reader.read(text.slice(at, at + PIECE));
  yield reader.end();
}

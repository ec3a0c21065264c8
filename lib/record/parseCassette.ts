import type { Cassette, Entry, ReadOptions } from './Cassette.js';
import { BadCassette } from './errors.js';
import { FORMAT, formatOf, parseEntry } from './format.js';

/** So much text is read at a time. */
const PIECE = 2 ** 16;

/** The name of a cassette without a file, and what happens to damage in it. */
export interface ParseOptions extends ReadOptions {
  /**
   * How errors call it.
   *
   * @defaultValue `'cassette'`
   */
  readonly name?: string | undefined;
}

/**
 * The cassette in the text of a file. A line that cannot be read is reported to `onDamage` and skipped; a text that does
 * not begin as a cassette does fails with `BadCassette` when it is read.
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

/** Reads the lines of one file, in whatever pieces they come. */
interface CassetteReader {
  /** The entries whose lines end in this piece of text; throws `BadCassette` when the first line is not that of a cassette. */
  readonly read: (text: string) => readonly Entry[];
  /** The entry of a last line that has no end, if it is whole; throws `BadCassette` when there was no first line. */
  readonly end: () => readonly Entry[];
}

/** Reads all entries, or only those of some kinds and each `start`. */
export const cassetteReader = (
  file: string,
  { onDamage = () => undefined }: ReadOptions = {},
  only: readonly Entry['what'][] = [],
): CassetteReader => {
  const openings = only.map((what) => `["${what}"`);
  let line = 0;
  /** The beginning of a line whose end has not come, in pieces: a frame may be as long as thousands of them. */
  let rest: string[] = [];
  let length = 0;
  /** How many lines came in a row that hold nothing, and that hold no entry. */
  let empty = 0;
  let unread = 0;

  // Parsing is most of the work, and the kind of an entry stands first in its line.
  const isWanted = (text: string): boolean =>
    only.length === 0 || text.startsWith('{') || openings.some((opening) => text.startsWith(opening));
  const damaged = (problem: string): undefined => {
    // A reader of some kinds of entries reads the file once more, and reports damage then.
    if (only.length === 0) onDamage(new BadCassette(file, line, `${problem}; it was skipped`));
  };

  /** A few bytes of a packed file can hold millions of such lines. */
  const checkRun = (): void => {
    if (empty > MOST_EMPTY) throw new BadCassette(file, line, `ends ${MOST_EMPTY} empty lines in a row; ${GIVE_UP}`);
    if (unread > MOST_UNREAD)
      throw new BadCassette(file, line, `ends ${MOST_UNREAD} damaged lines in a row; ${GIVE_UP}`);
  };
  const entryOf = (text: string): Entry | undefined => {
    line += 1;
    if (line === 1) return firstOf(file, text);
    if (text === '' || text.trim() === '') {
      empty += 1;
      checkRun();
      return undefined;
    }
    empty = 0;
    if (!isWanted(text)) {
      unread = text.startsWith('["') ? 0 : unread + 1;
      checkRun();
      return undefined;
    }
    const entry = parseEntry(text);
    unread = entry ? 0 : unread + 1;
    checkRun();
    return entry ?? damaged('is damaged');
  };
  const keep = (piece: string): void => {
    // Not at the end of the line: it may be that of the file, and the file may be anything.
    if (line === 0 && length === 0) checkBeginning(file, piece);
    length += piece.length;
    if (length <= LONGEST) rest.push(piece);
    else if (line === 0) throw new BadCassette(file, 1, NO_CASSETTE);
    else if (length > ENDLESS) throw new BadCassette(file, line + 1, `has no end; ${GIVE_UP}`);
    else rest = [];
  };
  const whole = (): Entry | undefined => {
    const text = rest.length === 1 ? rest[0] : rest.join('');
    const isTooLong = length > LONGEST;
    rest = [];
    length = 0;
    if (!isTooLong) return entryOf(text ?? '');
    line += 1;
    return damaged('is longer than any frame');
  };
  return {
    read: (text) => {
      const entries: Entry[] = [];
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        keep(text.slice(from, end));
        const entry = whole();
        if (entry) entries.push(entry);
        from = end + 1;
      }
      if (from < text.length) keep(text.slice(from));
      return entries;
    },
    end: () => {
      if (length === 0 && line > 0) return [];
      const entry = whole();
      return entry ? [entry] : [];
    },
  };
};

/** Characters of a line: a frame of 16 MiB, each byte of it escaped, is shorter. */
const LONGEST = 2 ** 27;

/** Characters that are passed over in search of the end of a line. */
const ENDLESS = 2 ** 30;
/** Each block that is damaged may leave one. */
const MOST_EMPTY = 1_000;
const MOST_UNREAD = 100_000;
const GIVE_UP = 'what comes before can be read, so cut it off there';

const NO_CASSETTE = 'is no cassette: give a file that `record` has written';
const BYTE_ORDER_MARK = '\uFEFF';

const checkBeginning = (file: string, text: string): void => {
  if (!/^\uFEFF?(\{|\r?$)/.test(text)) throw new BadCassette(file, 1, NO_CASSETTE);
};

const firstOf = (file: string, line: string): Entry => {
  // Editors put it there.
  const text = line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line;
  const entry = parseEntry(text);
  if (entry?.what === 'start') return entry;
  throw new BadCassette(file, 1, problemOfFirst(text));
};

const problemOfFirst = (text: string): string => {
  const format = formatOf(text);
  if (text === '') return 'is empty: nothing was recorded, or the recorder ended before it could write';
  if (format === undefined) return NO_CASSETTE;
  if (format > FORMAT) return `has format ${format}, and this version reads up to ${FORMAT}; update rxtape`;
  return 'is damaged, and without its first line a cassette cannot be read';
};

import type { ReadOptions } from './Cassette.js';
import type { Entry } from './Entry.js';
import { FORMAT } from './entryLine.js';
import { BadCassette } from './errors.js';
import { formatOf, parseEntry } from './parseEntry.js';

/** Reads the lines of one file, in whatever pieces they come. */
export interface CassetteReader {
  /** The entries whose lines end in this piece of text; throws `BadCassette` when the first line is of no cassette. */
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
  let rest = '';

  // Parsing is most of the work, and the kind of an entry stands first in its line.
  const isWanted = (text: string): boolean =>
    only.length === 0 || text.startsWith('{') || openings.some((opening) => text.startsWith(opening));

  const entryOf = (text: string): Entry | undefined => {
    line += 1;
    if (line > 1 && !isWanted(text)) return undefined;
    const entry = parseEntry(text);
    if (line === 1 && entry?.what !== 'start') throw new BadCassette(file, 1, problemOfFirst(text));
    if (!entry && text !== '') onDamage(new BadCassette(file, line, 'is damaged; it was skipped'));
    return entry;
  };
  return {
    read: (text) => {
      const entries: Entry[] = [];
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) {
        const entry = entryOf(one);
        if (entry) entries.push(entry);
      }
      return entries;
    },
    end: () => {
      if (rest === '' && line > 0) return [];
      const entry = entryOf(rest);
      rest = '';
      return entry ? [entry] : [];
    },
  };
};

const problemOfFirst = (text: string): string => {
  const format = formatOf(text);
  if (text === '') return 'is empty: nothing was recorded, or the recorder ended before it could write';
  if (format === undefined) return 'is no cassette: give a file that `record` has written';
  if (format > FORMAT) return `has format ${format}, and this version reads up to ${FORMAT}; update rxtape`;
  return 'is damaged, and without its first line a cassette cannot be read';
};

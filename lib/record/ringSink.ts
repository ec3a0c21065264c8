import { checkDuration } from '../model/checkDuration.js';
import { InvalidOption } from '../model/errors.js';
import type { Cassette } from './Cassette.js';
import type { Entry } from './Entry.js';
import { entryLine } from './entryLine.js';
import { cassetteOf } from './memorySink.js';
import type { Sink } from './Sink.js';
import { standings } from './standings.js';

/** How much of the end is kept. */
export interface RingSinkOptions {
  /** How much to keep, in milliseconds. */
  readonly last: number;
  /** How much it may take, in characters of a cassette; a burst leaves less time. Defaults to 16 Mi. */
  readonly maxSize?: number | undefined;
}

/** A sink that keeps the end of what it is given. */
export interface RingSink extends Sink {
  /** What happened lately, as a cassette; connections that were open before are open at its start. */
  readonly dump: () => Cassette;
}

/** Entries are dropped from an array in such numbers: one at a time would move all the others. */
const SLACK = 1_024;

/**
 * Keeps the end of a recording in memory, for a report when something goes wrong. See `dumpOn` and `writeCassette`.
 *
 * @example
 * const ring = ringSink({ last: 60_000 });
 * record(makeFeed, ring).pipe(dumpOn(ring, (cassette) => writeCassette('bug.ndjson.gz', cassette)))
 */
export const ringSink = ({ last, maxSize = 2 ** 24 }: RingSinkOptions): RingSink => {
  checkDuration('last', last);
  if (!(maxSize > 0)) throw new InvalidOption('maxSize', maxSize, 'it is a number of characters above 0');
  let kept: { readonly entry: Entry; readonly size: number }[] = [];
  let first = 0;
  let size = 0;
  let gone = standings();

  const forget = (now: number): void => {
    for (let oldest = kept[first]; oldest; oldest = kept[first]) {
      if (oldest.entry.mono >= now - last && size <= maxSize) break;
      gone.hear(oldest.entry);
      size -= oldest.size;
      first += 1;
    }
    if (first < SLACK) return;
    kept = kept.slice(first);
    first = 0;
  };
  return {
    start: () => {
      kept = [];
      first = size = 0;
      gone = standings();
      return {
        write: (entry) => {
          const one = { entry, size: entryLine(entry).length };
          kept.push(one);
          size += one.size;
          forget(entry.mono);
        },
        end: () => undefined,
      };
    },
    dump: () => {
      const entries = kept.slice(first).map(({ entry }) => entry);
      const [oldest] = entries;
      if (!oldest || oldest.what === 'start') return cassetteOf(entries);
      const { wall, mono } = oldest;
      return cassetteOf([{ what: 'start', wall, mono, standing: gone.list() }, ...entries]);
    },
  };
};

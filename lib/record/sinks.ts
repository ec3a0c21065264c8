import { tap, type Observable } from 'rxjs';
import { checkDuration } from '../model/check.js';
import { InvalidOption } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { activeConnections } from './activeConnections.js';
import type { Cassette, Entry, Lost } from './Cassette.js';
import { entryLine } from './format.js';

/** Where a recording goes. One sink may take several recordings, one after the other. */
export interface Sink {
  /**
   * Begins a recording; throws when it cannot. A later failure goes to `onFailure`, once, and nothing is taken after
   * it.
   */
  readonly start: (onFailure: (error: Error) => void) => Track;
}

/** A recording that is being written. */
export interface Track {
  /** Takes an entry, the first of which is a `start`. Never throws and never waits. */
  readonly write: (entry: Entry) => void;
  /** Ends the recording; what was taken is still written. */
  readonly end: () => void;
}

/** Frames that were not recorded. */
export type Loss = Pick<Lost, 'count' | 'bytes'>;

/** A sink that keeps all it is given. */
export interface MemorySink extends Sink {
  /** What was recorded so far. */
  readonly cassette: () => Cassette;
}

/**
 * Keeps recordings in memory, all of them: for specs and short runs. See `ringSink` for the last seconds of a long one.
 *
 * @example
 * const sink = memorySink();
 * record(makeFeed, sink).subscribe();
 */
export const memorySink = (): MemorySink => {
  const entries: Entry[] = [];
  return {
    start: () => ({ write: (entry) => void entries.push(entry), end: () => undefined }),
    cassette: () => cassetteOf([...entries]),
  };
};

/** Entries at hand as a cassette. */
export const cassetteOf = (entries: readonly Entry[], name = 'cassette'): Cassette => ({
  name,
  blocks: (...only) => [
    only.length === 0 ? entries : entries.filter(({ what }) => what === 'start' || only.includes(what)),
  ],
});

/** How much of the end is kept. */
export interface RingSinkOptions {
  /** How old an entry may grow before it is dropped, in milliseconds. */
  readonly maxAge: number;
  /**
   * How much is kept, in bytes of a cassette that is not compressed; a burst leaves less time.
   *
   * @defaultValue 16 MiB
   */
  readonly maxBytes?: number | undefined;
}

/** A sink that keeps the end of what it is given. */
export interface RingSink extends Sink {
  /** What happened lately, as a cassette; connections that were open before are open at its start. */
  readonly dump: () => Cassette;
}

/** Entries are dropped from an array in such numbers: one at a time would move all the others. */
const SLACK = 1_024;
const utf8 = new TextEncoder();

/**
 * Keeps the end of a recording in memory, for a report when something goes wrong. See `dumpOn` and `writeCassette`.
 *
 * @example
 * const ring = ringSink({ maxAge: 60_000 });
 * record(makeFeed, ring).pipe(dumpOn(ring, (cassette) => writeCassette('bug.ndjson.gz', cassette)))
 */
export const ringSink = ({ maxAge, maxBytes = 2 ** 24 }: RingSinkOptions): RingSink => {
  checkDuration('maxAge', maxAge);
  if (!(maxBytes > 0)) throw new InvalidOption('maxBytes', maxBytes, 'it is a number of bytes above 0');
  let kept: { readonly entry: Entry; readonly bytes: number }[] = [];
  let first = 0;
  let bytes = 0;
  let forgotten = activeConnections();

  const forget = (now: number): void => {
    for (let oldest = kept[first]; oldest; oldest = kept[first]) {
      if (oldest.entry.mono >= now - maxAge && bytes <= maxBytes) break;
      forgotten.accept(oldest.entry);
      bytes -= oldest.bytes;
      first += 1;
    }
    if (first < SLACK) return;
    kept = kept.slice(first);
    first = 0;
  };
  return {
    start: () => {
      kept = [];
      first = bytes = 0;
      forgotten = activeConnections();
      return {
        write: (entry) => {
          const one = { entry, bytes: utf8.encode(entryLine(entry)).length };
          kept.push(one);
          bytes += one.bytes;
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
      return cassetteOf([{ what: 'start', wall, mono, standing: forgotten.list() }, ...entries]);
    },
  };
};

/**
 * Passes all on; hands over what a ring has kept when the feed fails, and for each event that `when` names.
 *
 * @example
 * record(makeFeed, ring).pipe(dumpOn(ring, report, ({ kind }) => kind === 'undecodable'))
 */
export const dumpOn =
  (
    ring: Pick<RingSink, 'dump'>,
    report: (cassette: Cassette, cause: unknown) => void,
    when: (event: FeedEvent) => boolean = () => false,
  ) =>
  <E extends FeedEvent>(feed$: Observable<E>): Observable<E> =>
    feed$.pipe(
      tap({
        next: (event) => {
          if (when(event)) report(ring.dump(), event);
        },
        error: (error: unknown) => report(ring.dump(), error),
      }),
    );

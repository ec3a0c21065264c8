import type { Cassette } from './Cassette.js';
import type { Entry } from './Entry.js';
import type { Sink } from './Sink.js';

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

import type { Cassette, Entry } from './Cassette.js';
import { cursorOf, type Cursor } from './reader.js';
import { activeConnections, type ActiveConnections } from './activeConnections.js';
import { steady } from './steady.js';

/** So many entries are handed on together. */
const BLOCK = 256;

/**
 * One cassette that holds the entries of several, in the order of their times. Their connections are kept apart.
 *
 * Each goes on by its own monotonic clock from the wall time at which it began, so that a clock that was set meanwhile
 * moves nothing; the result has one monotonic clock for all.
 *
 * @example
 * replay(mergeCassettes(stocks, crypto), makeFeed)
 */
export const mergeCassettes = (...cassettes: readonly Cassette[]): Cassette => ({
  name: cassettes.map(({ name }) => name).join(' + '),
  blocks: (...only) => {
    const sources = cassettes.map((cassette) => ({
      cursor: cursorOf(steady(cassette), ...only),
      connections: activeConnections(),
    }));
    const steps = merging(sources);
    return sources.every(({ cursor }) => cursor.isAtHand) ? atHand(steps) : awaited(steps);
  },
});

interface CassetteInput {
  readonly cursor: Cursor;
  readonly connections: ActiveConnections;
}

/** A block of entries, or what has to be waited for before there is one. */
type Merging = Generator<readonly Entry[] | Promise<void>, void>;

function* merging(sources: readonly CassetteInput[]): Merging {
  try {
    for (const { cursor } of sources) {
      const reading = cursor.move();
      if (reading) yield reading;
    }
    let block: Entry[] = [];
    let beganAt: number | undefined;
    for (let next = earliest(sources); next; next = earliest(sources)) {
      beganAt ??= next.entry.wall;
      block.push(apart(next.entry, next.source, sources, next.entry.wall - beganAt));
      const reading = next.source.cursor.move();
      if (reading) yield reading;
      if (block.length < BLOCK) continue;
      yield block;
      block = [];
    }
    if (block.length > 0) yield block;
  } finally {
    for (const { cursor } of sources) cursor.close();
  }
}

function* atHand(steps: Merging): Iterable<readonly Entry[]> {
  for (const step of steps) if (!(step instanceof Promise)) yield step;
}

async function* awaited(steps: Merging): AsyncIterable<readonly Entry[]> {
  for (const step of steps) {
    if (step instanceof Promise) await step;
    else yield step;
  }
}

/** The entry that comes first, and whose it is; of several the one whose source was named first. */
const earliest = (
  sources: readonly CassetteInput[],
): { readonly source: CassetteInput; readonly entry: Entry } | undefined => {
  let first: { readonly source: CassetteInput; readonly entry: Entry } | undefined;
  for (const source of sources) {
    const entry = source.cursor.entry();
    if (entry && (!first || entry.wall < first.entry.wall)) first = { source, entry };
  }
  return first;
};

/** An entry with a number of its own; a `start` of one source does not end the connections of the others. */
const apart = (entry: Entry, source: CassetteInput, sources: readonly CassetteInput[], mono: number): Entry => {
  const numbered = (number: number, of: CassetteInput): number => number * sources.length + sources.indexOf(of);
  source.connections.accept(entry);
  if (entry.what === 'lost') return { ...entry, mono };
  if ('request' in entry) return { ...entry, mono, request: numbered(entry.request, source) };
  if (entry.what !== 'start') return { ...entry, mono, connection: numbered(entry.connection, source) };
  const standing = sources.flatMap((one) =>
    one.connections.list().map((it) => ({ ...it, connection: numbered(it.connection, one) })),
  );
  return { ...entry, mono, standing };
};

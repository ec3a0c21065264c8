import type { Cassette } from './Cassette.js';
import type { Entry } from './Entry.js';

/**
 * The same cassette, by a clock that nothing has set: an entry has the time at which the recording began, and what has
 * passed since by the monotonic clock.
 *
 * Where nothing is connected, a new connection takes its wall time again, if that is later: a computer that slept has lost
 * its connections, and its monotonic clock did not see the night. Which kinds of entries are read makes no difference.
 */
export const steady = (cassette: Cassette): Cassette => ({
  name: cassette.name,
  blocks: (...only) => {
    const blocks = cassette.blocks(...(only.length === 0 ? [] : new Set([...only, ...LINK])));
    const at = timeline();
    const isWanted = ({ what }: Entry): boolean => only.length === 0 || what === 'start' || only.includes(what);
    // Most tapes were never disturbed: their entries are handed on as they are.
    const restamped = (block: readonly Entry[]): readonly Entry[] => block.map((entry) => at(entry)).filter(isWanted);
    return Symbol.asyncIterator in blocks ? later(blocks, restamped) : now(blocks, restamped);
  },
});

type Restamped = (block: readonly Entry[]) => readonly Entry[];

function* now(blocks: Iterable<readonly Entry[]>, restamped: Restamped): Iterable<readonly Entry[]> {
  for (const block of blocks) yield restamped(block);
}

async function* later(blocks: AsyncIterable<readonly Entry[]>, restamped: Restamped): AsyncIterable<readonly Entry[]> {
  for await (const block of blocks) yield restamped(block);
}

/** What begins and ends a connection. */
const LINK: readonly Entry['what'][] = ['connect', 'close', 'refused'];

/** So far, in milliseconds, two clocks may be apart because one ticked between their readings. */
const SAME = 1;

const timeline = (): ((entry: Entry) => Entry) => {
  const open = new Set<number>();
  let beganAt: number | undefined;
  /** From the monotonic clock to the time of the tape. */
  let base = 0;
  /** When a recording or a connection last began or ended: by the tape, and by the monotonic clock. */
  let last = { wall: -Infinity, mono: 0 };

  return (entry) => {
    const { what, mono } = entry;
    if (what === 'start') {
      open.clear();
      for (const { connection } of entry.standing) open.add(connection);
    }
    const begins = beganAt === undefined || (what === 'start' && mono < last.mono);
    if (begins) beganAt = mono;
    const isAlone = open.size === 0 && (what === 'connect' || what === 'start');
    // A tape whose monotonic clock stands still has none, and goes by its wall times.
    if (begins || isAlone || mono === beganAt) {
      base = Math.max(entry.wall, last.wall + Math.max(0, mono - last.mono)) - mono;
    }
    if (what === 'connect') open.add(entry.connection);
    else if (what === 'close' || what === 'refused') open.delete(entry.connection);
    const wall = Math.round(mono + base);
    if (what === 'start' || LINK.includes(what)) last = { wall: Math.max(last.wall, wall), mono };
    return Math.abs(wall - entry.wall) <= SAME ? entry : { ...entry, wall };
  };
};

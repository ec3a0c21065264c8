import type { Cassette, Entry } from './Cassette.js';
import { BadCassette } from './errors.js';

/**
 * The same cassette, by a clock that nothing has set: an entry has the time at which the recording began, and what has
 * passed since by the monotonic clock.
 *
 * Where nothing is connected, a new connection or request takes its wall time again, if that is later: a computer that slept has lost
 * its connections, and its monotonic clock did not see the night. Which kinds of entries are read makes no difference.
 *
 * Fails with `BadCassette` for what a recording never holds and what would take for ever to play: silences of months, and
 * thousands of connections at once.
 */
export const steady = (cassette: Cassette): Cassette => ({
  name: cassette.name,
  blocks: (...only) => {
    const blocks = cassette.blocks(...(only.length === 0 ? [] : new Set([...only, ...LINK])));
    const at = timeline(cassette.name, only.length === 0);
    const isWanted = ({ what }: Entry): boolean => only.length === 0 || what === 'start' || only.includes(what);
    // The clocks of most recordings were never set: their entries are handed on as they are.
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

/** What begins and ends a connection, and what may begin alone. */
const LINK: readonly Entry['what'][] = ['connect', 'close', 'refused', 'request'];

/** So far, in milliseconds, two clocks may be apart because one ticked between their readings. */
const SAME = 1;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A session has a frame each minute or so, if only our heartbeat; its timers run in each second of a silence. */
const LONGEST_SILENCE = 31 * DAY;
/** No computer sleeps longer; a clock that goes further was wrong before. */
const LONGEST_SLEEP = 366 * DAY;
/** Vendors allow a few dozen. */
const MOST_OPEN = 1_000;

const timeline = (name: string, isWhole: boolean): ((entry: Entry) => Entry) => {
  const open = new Set<number>();
  let beganAt: number | undefined;
  /** From the monotonic clock to the time of the replay. */
  let base = 0;
  /** When a recording or a connection last began or ended: by replay time, and by the monotonic clock. */
  let last = { wall: -Infinity, mono: 0 };
  /** The entry before, by replay time, and how long connections were silent for hours. */
  let before: number | undefined;
  let silence = 0;

  const check = (wall: number): void => {
    const wait = wall - (before ?? wall);
    before = Math.max(wall, before ?? wall);
    if (wait <= HOUR) return;
    if (open.size > 0) silence += wait;
    if (wait <= (open.size > 0 ? LONGEST_SILENCE : LONGEST_SLEEP) && silence <= LONGEST_SLEEP) return;
    const ends = [wall - wait, wall].map((time) => new Date(time).toISOString());
    throw new BadCassette(name, 0, `holds nothing from ${ends.join(' to ')}; replay its parts one at a time`);
  };
  const checkOpen = (): void => {
    if (open.size <= MOST_OPEN) return;
    throw new BadCassette(name, 0, `holds more than ${MOST_OPEN} connections at once; no recording does`);
  };

  return (entry) => {
    const { what, mono } = entry;
    if (what === 'start') {
      open.clear();
      for (const { connection } of entry.standing) open.add(connection);
    }
    const begins = beganAt === undefined || (what === 'start' && mono < last.mono);
    if (begins) beganAt = mono;
    const isAlone = open.size === 0 && (what === 'connect' || what === 'start' || what === 'request');
    // A cassette whose monotonic clock stands still has none, and goes by its wall times.
    if (begins || isAlone || mono === beganAt) {
      const least = last.wall + Math.max(0, mono - last.mono);
      const isWrong = !begins && mono !== beganAt && entry.wall - least > LONGEST_SLEEP;
      base = (isWrong ? least : Math.max(entry.wall, least)) - mono;
    }
    const wall = Math.round(mono + base);
    if (isWhole) check(wall);
    if (what === 'connect') open.add(entry.connection);
    else if (what === 'close' || what === 'refused') open.delete(entry.connection);
    checkOpen();
    if (begins || what === 'start' || LINK.includes(what)) last = { wall: Math.max(last.wall, wall), mono };
    return Math.abs(wall - entry.wall) <= SAME ? entry : { ...entry, wall };
  };
};

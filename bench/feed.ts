/**
 * Loopback socket -> provider pipeline -> subscriber, against a bare `ws` client that only parses, in turn (A B B A); and
 * the same with bars and `backfill`, against the same with bars alone.
 * Server and client are processes of their own, so that the CPU is the client's alone.
 *
 *     npm run bench:feed                 both tables
 *     npm run bench:feed -- backfill     the second alone
 *     npm run bench:feed -- health       `feedHealth` and `observeFeed`, against the same without them
 *     npm run bench:feed -- health bnMixed    one row of these
 *     npm run bench:feed -- standby      two lines as one feed, against two that are merely merged
 *     npm run bench:feed -- bnMixed      one row of the first
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FrameKind } from './frames.js';
import { median } from './ratio.js';

interface Figures {
  /** Microseconds of CPU per message. */
  readonly cpu: number;
  /** Messages per second. */
  readonly rate: number;
}

const MESSAGES = 400_000;
const ROUNDS = 5;
const kinds: readonly FrameKind[] = ['itTick', 'itQuote', 'itDepth', 'itMixed'];
const streamed: readonly FrameKind[] = [...kinds, 'tfMixed', 'bnTrade', 'bnMixed'];

type Client = 'metered' | 'two' | 'standby' | 'bare' | 'feed' | 'bars' | 'repaired' | 'heard' | 'health';

const run = async (kind: FrameKind, which: Client, times?: 'live'): Promise<Figures> => {
  const isTwo = which === 'two' || which === 'standby';
  // Two lines are paced, so that a run would take long.
  const [lines, messages] = isTwo ? ['2', String(MESSAGES / 4)] : ['1', String(MESSAGES)];
  const pump = fork(join(__dirname, 'pump.js'), [kind, messages, times ?? 'fixed', lines]);
  const [port] = (await once(pump, 'message')) as [number];
  const client = fork(join(__dirname, 'client.js'), [which, `ws://127.0.0.1:${port}`, messages, kind.slice(0, 2)]);
  const [figures] = (await once(client, 'message')) as [Figures];
  pump.disconnect();
  return figures;
};

/** A client against its floor, in turn, as a row of a table. */
const compared = async (kind: FrameKind, which: Client, against: Client, times?: 'live'): Promise<string> => {
  const floor: Figures[] = [];
  const work: Figures[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b, c, d] = [
      await run(kind, which, times),
      await run(kind, against, times),
      await run(kind, against, times),
      await run(kind, which, times),
    ];
    floor.push(b, c);
    work.push(a, d);
    ratios.push((a.cpu + d.cpu) / (b.cpu + c.cpu));
  }
  const cpu = (figures: readonly Figures[]): string => median(figures.map((figure) => figure.cpu)).toFixed(2);
  const rate = median(work.map((figure) => figure.rate)).toFixed(0);
  return `| ${kind} | ${cpu(floor)} | ${cpu(work)} | ${median(ratios).toFixed(2)} | ${rate} |`;
};

const againstSocket = async (): Promise<void> => {
  console.log(
    '| frames | ws + JSON.parse: CPU us a message | feed: CPU us a message | ratio | feed: messages a second |',
  );
  console.log('|---|---|---|---|---|');
  for (const kind of streamed) console.log(await compared(kind, 'feed', 'bare'));
};

const underRepair = async (): Promise<void> => {
  console.log('\nWith bars of a minute, and `backfill` of a history that never answers before them:\n');
  console.log('| frames | without `backfill`: CPU us a message | with it | ratio | with it: messages a second |');
  console.log('|---|---|---|---|---|');
  for (const kind of kinds) console.log(await compared(kind, 'repaired', 'bars', 'live'));
};

const withHealth = async (some: readonly FrameKind[]): Promise<void> => {
  console.log('\nWith `feedHealth` beside the subscriber, against a second subscriber that does nothing:\n');
  console.log('| frames | without: CPU us a message | with it | ratio | with it: messages a second |');
  console.log('|---|---|---|---|---|');
  for (const kind of some) console.log(await compared(kind, 'health', 'heard', 'live'));
  console.log('\nThrough `observeFeed`, whose meter is read each second, against the feed alone:\n');
  console.log('| frames | without: CPU us a message | with it | ratio | with it: messages a second |');
  console.log('|---|---|---|---|---|');
  for (const kind of some) console.log(await compared(kind, 'metered', 'feed', 'live'));
};

const onTwoLines = async (): Promise<void> => {
  console.log(
    '\nTwo lines of one provider, which says all to both, as a hot `standby`, against the same two merely merged:\n',
  );
  console.log('| frames | two feeds: CPU us a message | `standby` | ratio | `standby`: messages a second |');
  console.log('|---|---|---|---|---|');
  for (const kind of ['itTick', 'itMixed'] as const) console.log(await compared(kind, 'standby', 'two'));
};

const main = async (): Promise<void> => {
  const [, , table, kind] = process.argv;
  const only = streamed.find((kind) => kind === table);
  if (only) return console.log(await compared(only, 'feed', 'bare'));
  if (table === 'health') return withHealth(kind === undefined ? streamed : streamed.filter((each) => each === kind));
  if (table === 'standby') return onTwoLines();
  if (table !== 'backfill') await againstSocket();
  await underRepair();
};

void main();

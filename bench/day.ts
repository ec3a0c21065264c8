/**
 * A simulated trading day, 09:30 to 15:00 in Hong Kong and mainland China with five outages, recorded to a file and
 * replayed in virtual time: bars and gaps have to be the same. Then what reading and decoding the same file cost alone.
 *
 *     npm run bench:day -- [symbols, default 500] [hours, default 5.5]
 *
 * In less than twenty minutes the outages are shorter too, lest the day end in one: its last `retryAt` is not on the tape.
 * Six minutes are the least.
 */
import { execFileSync } from 'node:child_process';
import { deepStrictEqual } from 'node:assert';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { depths, quotes } from '../lib/model/topic.js';
import { frameDecoder as itickDecoder } from '../lib/providers/itick/decodeFrame.js';
import { spelling } from '../lib/providers/itick/symbols.js';
import { frameDecoder as tickflowDecoder } from '../lib/providers/tickflow/decodeFrame.js';
import { spellingOf } from '../lib/providers/tickflow/symbols.js';
import { fileSink, readCassette, replay } from '../lib/record/index.js';
import { nothingWanted, wanting } from '../lib/session/wanted.js';
import { digesting, type Digest } from '../spec/record/day/digest.js';
import { outagesOver } from '../spec/record/day/outages.js';
import {
  dayOf,
  hongKongSymbols,
  mainlandSymbols,
  recordDay,
  type DayEvent,
  type TradingDay,
} from '../spec/record/day/tradingDay.js';

const HOUR = 3_600_000;
const OPENING = Date.UTC(2026, 2, 2, 1, 30);

interface Cost {
  /** Seconds of CPU, all threads, and by the wall. */
  readonly cpu: number;
  readonly wall: number;
}
interface Run extends Cost, Digest {
  /** Megabytes in use at each quarter. */
  readonly heap: readonly number[];
}
interface Frames extends Cost {
  readonly frames: number;
  readonly events: number;
}

const [, , task, file = '', symbols = '500', hours = '5.5'] = process.argv;
const dayFor = (all: number, span: number): TradingDay => ({
  from: OPENING,
  to: OPENING + span,
  symbols: all / 2,
  outages: outagesOver(span),
});
const day = dayFor(Number(symbols), Number(hours) * HOUR);

const costing = (): (() => Cost) => {
  const wall = performance.now();
  return () => {
    const { user, system } = process.cpuUsage();
    return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3 };
  };
};

/** The heap in use at each quarter of the day, as bars tell the time. */
const heapByQuarter = (): { readonly see: (event: DayEvent) => void; readonly heap: readonly number[] } => {
  const heap: number[] = [];
  return {
    heap,
    see: (event) => {
      if (event.kind !== 'kline') return;
      // The last bars are never closed.
      const quarter = OPENING + ((day.to - OPENING - 120_000) * (heap.length + 1)) / 4;
      if (heap.length === 4 || event.closeTime < quarter) return;
      globalThis.gc!();
      heap.push(process.memoryUsage().heapUsed / 1e6);
    },
  };
};

const measured = async (work: (see: (event: DayEvent) => void) => Promise<unknown>): Promise<Run> => {
  const cost = costing();
  const quarters = heapByQuarter();
  const { take, digest } = digesting();
  await work((event) => {
    take(event);
    quarters.see(event);
  });
  return { ...cost(), ...digest(), heap: quarters.heap };
};

const frames = async (decode: (endpoint: string, frame: string, at: number) => number): Promise<Frames> => {
  const cost = costing();
  const endpoints = new Map<number, string>();
  let [count, events] = [0, 0];
  for await (const block of readCassette(file).blocks()) {
    for (const entry of block) {
      if (entry.what === 'connect') endpoints.set(entry.connection, entry.url);
      if (entry.what !== 'in') continue;
      count += 1;
      events += decode(endpoints.get(entry.connection) ?? '', entry.frame, entry.wall);
    }
  }
  return { ...cost(), frames: count, events };
};

/** What the feeds decode with, and nothing around it. */
const decoding = (): ((endpoint: string, frame: string, at: number) => number) => {
  const topics = [...quotes(...mainlandSymbols(day)), ...depths(...mainlandSymbols(day))];
  const itick = itickDecoder({
    feed: 'itick:stock',
    spell: spelling(hongKongSymbols(day)),
    tickVolume: 'cumulative',
    sizeUnit: 'shares',
  });
  const tickflow = tickflowDecoder({
    feed: 'tickflow',
    spell: spellingOf({ state: wanting(nothingWanted, topics) }),
  });
  return (endpoint, frame, at) => {
    const found = (endpoint.includes('itick') ? itick : tickflow)(frame, at);
    return Array.isArray(found) ? found.length : 1;
  };
};

const tasks: Readonly<Record<string, () => Promise<Run | Frames>>> = {
  record: () =>
    measured(async (see) => {
      const sink = fileSink(file);
      await recordDay(day, 'a-token', sink, see);
      deepStrictEqual(sink.stats().lost, 0);
    }),
  replay: () =>
    measured((see) => lastValueFrom(replay(readCassette(file), dayOf(day), { speed: Infinity }).pipe(tap(see)))),
  read: () => frames(() => 1),
  decode: () => frames(decoding()),
};

const inProcess = (name: string, path: string, ...size: readonly string[]): unknown =>
  JSON.parse(execFileSync(process.execPath, ['--expose-gc', __filename, name, path, ...size], { encoding: 'utf8' }));

const compare = (...size: readonly string[]): void => {
  const folder = mkdtempSync(join(tmpdir(), 'rxtape-day-'));
  const path = join(folder, 'day.ndjson.gz');
  try {
    const recorded = inProcess('record', path, ...size) as Run;
    const replayed = inProcess('replay', path, ...size) as Run;
    const read = inProcess('read', path, ...size) as Frames;
    const decoded = inProcess('decode', path, ...size) as Frames;
    const { klines, partial, gaps, sha256 } = recorded;
    for (const what of ['klines', 'partial', 'gaps', 'sha256'] as const)
      deepStrictEqual(replayed[what], recorded[what]);

    console.log(
      `${read.frames} frames, ${decoded.events} events, ${(statSync(path).size / 1e6).toFixed(0)} MB on disk`,
    );
    console.log(
      `${klines} bars, ${partial} of them not whole; ${gaps} gaps; sha256 ${sha256.slice(0, 16)}, both times\n`,
    );
    console.log('| | CPU s | wall s | frames/s | events/s | heap MB at 25, 50, 75, 100 % |\n|---|---|---|---|---|---|');
    for (const [name, { cpu, wall, ...more }] of Object.entries({ recorded, replayed, read, decoded })) {
      const rates = [read.frames, decoded.events].map((count) => Math.round(count / wall));
      const heap = 'heap' in more ? more.heap.map((mb) => mb.toFixed(0)).join(', ') : '';
      console.log(`| ${[name, cpu.toFixed(1), wall.toFixed(1), ...rates, heap].join(' | ')} |`);
    }
    console.log(`\nreplaying costs ${(replayed.cpu / decoded.cpu).toFixed(2)} x reading and decoding alone (CPU)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const run = task === undefined ? undefined : tasks[task];
if (run) void run().then((result) => console.log(JSON.stringify(result)));
else compare(...process.argv.slice(2));

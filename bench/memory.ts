/**
 * Ten million events of 1,000 symbols through each operator, with its timers running, and the heap in use after each
 * million: its middle has to be the same in the first half and the second. Then the live heap of what holds something back, over that of the source alone.
 *
 *     npm run bench:memory
 *     npm run bench:memory -- passing     the rows whose name has that word
 */
import { execFileSync } from 'node:child_process';
import { median } from './ratio.js';
import { booksAndTops, klinesOfDays, passing, sourceAlone, workloads, type Workload } from './workloads.js';

const MILLION = 1_000_000;
const SYMBOLS = 1_000;

/** Target 12: 200,000 events a second. */
const MANY = 5_000;
const SAMPLES = 60;

const flat: Readonly<Record<string, Workload>> = {
  'the source alone': sourceAlone,
  ...workloads,
  ...klinesOfDays,
  topOfBook: booksAndTops,
  ...passing,
};

const held = ['the source alone', 'conflate', 'staleness', 'bounded, dropOldest', 'bounded, latestPerKey'] as const;

/** Kilobytes in use. A second collection takes what the first has let go of. */
const heapUsed = (): number => {
  globalThis.gc!();
  globalThis.gc!();
  return process.memoryUsage().heapUsed / 1_000;
};

const afterEachMillion = ({ fresh }: Workload): readonly number[] => {
  const next = fresh(SYMBOLS);
  return Array.from({ length: 10 }, () => {
    next(MILLION);
    return heapUsed();
  });
};

/** The middle and the most of many moments between two beats. */
const live = ({ fresh }: Workload): readonly number[] => {
  const next = fresh(MANY);
  next(MILLION);
  const samples = Array.from({ length: SAMPLES }, () => {
    next(3_001);
    return heapUsed();
  });
  return [median(samples), Math.max(...samples)];
};

const tasks = { flat: afterEachMillion, live } as const;

const inProcess = (task: keyof typeof tasks, name: string): readonly number[] =>
  JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', __filename, task, name], { encoding: 'utf8' }),
  ) as readonly number[];

const kb = (kilobytes: number): string => kilobytes.toFixed(0);

const [, , task, name = ''] = process.argv;
if (task === 'flat' || task === 'live') console.log(JSON.stringify(tasks[task](flat[name]!)));
else {
  console.log('| KB after, M events | 1 | 2 | 4 | 6 | 8 | 10 | second half over the first |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const each of Object.keys(flat).filter((row) => row.includes(task ?? ''))) {
    const heaps = inProcess('flat', each);
    const shown = [0, 1, 3, 5, 7, 9].map((i) => kb(heaps[i]!));
    console.log(`| ${[each, ...shown, kb(median(heaps.slice(5)) - median(heaps.slice(0, 5)))].join(' | ')} |`);
  }
  if (task !== undefined) process.exit();
  console.log('\n| 5,000 symbols | live heap over the source, KB | the most |\n|---|---|---|');
  const [source = 0] = inProcess('live', held[0]);
  for (const each of held.slice(1)) {
    console.log(`| ${[each, ...inProcess('live', each).map((heap) => kb(heap - source))].join(' | ')} |`);
  }
}

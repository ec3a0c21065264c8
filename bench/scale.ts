/**
 * What an event costs each operator at 100, 1,000 and 10,000 symbols: against a look-up in a Map at the same number of
 * symbols, as memory caches make even that dearer, and against its own cost at 100. Each symbol has the same rate, so
 * that the work for an event is the same: as many values come out for each.
 *
 *     npm run bench:scale
 */
import { execFileSync } from 'node:child_process';
import { ratioOf } from './ratio.js';
import { workloads, type Workload } from './workloads.js';

const SIZES = [100, 1_000, 10_000] as const;
const ROUNDS = 11;

interface Measured {
  readonly ratio: number;
  readonly floorNs: number;
  /** How many values come out for each event. */
  readonly outputs: number;
}

/** Over the source: what stamping an event and moving the clock cost is taken off both. */
const measured = ({ slice, pooled, floor, source }: Workload, symbols: number, against: string): Measured => {
  const [work, idle] = [pooled(symbols), source(symbols)];
  const other = against === 'floor' ? floor(symbols) : pooled(SIZES[0]);
  let events = 0;
  let outputs = 0;
  const compared = (counted: (count: number) => number): ReturnType<typeof ratioOf> =>
    ratioOf(
      () => void counted(slice),
      () => void other(slice),
      ROUNDS,
    );
  const whole = compared((count) => {
    events += count;
    return (outputs = work(count));
  });
  const rest = compared(idle);
  const share = 1 - rest.ratio;
  return {
    ratio: (whole.ratio - rest.ratio) / share,
    floorNs: (whole.floorNs / slice) * share,
    outputs: outputs / events,
  };
};

/** In a process of its own: variants that share code change each other's type feedback. */
const inProcess = (name: string, symbols: number, against: string): Measured =>
  JSON.parse(
    execFileSync(process.execPath, [__filename, name, `${symbols}`, against], { encoding: 'utf8' }),
  ) as Measured;

const row = (name: string): string => {
  const sizes = SIZES.map((symbols) => {
    const own = symbols === SIZES[0] ? 1 : inProcess(name, symbols, 'own').ratio;
    return { own, ...inProcess(name, symbols, 'floor') };
  });
  const [first, , last] = sizes;
  const outputs = [first, last].map((size) => size!.outputs.toFixed(2)).join(', ');
  const floors = sizes.map(({ floorNs }) => floorNs.toFixed(0)).join(', ');
  const ratios = sizes.map(({ ratio }) => ratio.toFixed(1)).join(', ');
  const owns = sizes.map(({ own }) => own.toFixed(2)).join(', ');
  return `| ${[name, floors, ratios, owns, outputs].join(' | ')} |`;
};

const [, , name, symbols, against = ''] = process.argv;
const chosen = workloads[name ?? ''];
if (chosen && symbols !== undefined) console.log(JSON.stringify(measured(chosen, Number(symbols), against)));
else {
  console.log('| at 100, 1,000, 10,000 symbols | Map look-up, ns | x look-up | x own at 100 | values out an event |');
  console.log('|---|---|---|---|---|');
  for (const each of name === undefined ? Object.keys(workloads) : [name]) console.log(row(each));
}

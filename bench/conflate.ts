/**
 * Conflation to 60 Hz, and the way of an event to its symbol's operator, each against what one would write without them.
 * Each variant runs in a process of its own; CPU time, results checked equal.
 *
 *     npm run bench:conflate
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  filter,
  groupBy,
  identity,
  map,
  mergeMap,
  Observable,
  throttleTime,
  type OperatorFunction,
  type Subscriber,
} from 'rxjs';
import type { Trade } from '../lib/model/marketEvent.js';
import { perSymbol } from '../lib/operators/perSymbol.js';
import { conflate } from '../lib/operators/throttling/conflate.js';
import { seeded } from './frames.js';
import { median, ratioOf } from './ratio.js';

const SYMBOLS = 5_000;
const RATE = 200_000;
const SECONDS = 3;
const BEAT = 1_000 / 60;
const ROUNDS = 3;

const random = seeded(7);
const trades = Array.from({ length: 100_000 }, (_, i): Trade => {
  const symbol = `S${Math.floor(random() * SYMBOLS)}.US`;
  return { kind: 'trade', provider: 'bench', symbol, time: i, receivedAt: i, price: i, size: 1 };
});

/** What one would write by hand: a table, and an interval that empties it. */
const byHand: OperatorFunction<Trade, Trade> = (trades$) =>
  new Observable((subscriber) => {
    const held = new Map<string, Trade>();
    const release = (): void => {
      for (const trade of held.values()) subscriber.next(trade);
      held.clear();
    };
    const clock = setInterval(release, BEAT);
    trades$.subscribe({ next: (trade) => held.set(trade.symbol, trade), complete: release });
    return () => clearInterval(clock);
  });

const throttled: OperatorFunction<Trade, Trade> = (trades$) =>
  trades$.pipe(
    groupBy(({ symbol }) => symbol),
    mergeMap((group$) => group$.pipe(throttleTime(BEAT, undefined, { leading: true, trailing: true }))),
  );

const conflations: Readonly<Record<string, OperatorFunction<Trade, Trade>>> = {
  'the source alone': identity,
  'a Map and an interval': byHand,
  conflate: conflate({ every: BEAT }),
  'groupBy and throttleTime': throttled,
};

/** Microseconds of CPU for each event of a source that keeps its pace, however late its timer is. */
const conflation = async (name: string): Promise<number> => {
  let push: Subscriber<Trade> | undefined;
  const source$ = new Observable<Trade>((subscriber) => void (push = subscriber));
  const lasts = new Map<string, number>();
  let outputs = 0;
  source$.pipe(conflations[name]!).subscribe((trade) => {
    outputs += 1;
    if (name !== 'the source alone') lasts.set(trade.symbol, trade.price);
  });
  const truth = new Map<string, number>();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let sent = 0;
  while (sent < RATE * SECONDS) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - start) / 1_000) * RATE));
    for (; sent < due; sent++) push!.next(trades[sent % trades.length]!);
  }
  const { user, system } = process.cpuUsage(cpu);
  push!.complete();
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let i = sent - trades.length; i < sent; i++)
    truth.set(trades[i % trades.length]!.symbol, trades[i % trades.length]!.price);
  const wrong = [...truth].filter(([symbol, price]) => name !== 'the source alone' && lasts.get(symbol) !== price);
  if (wrong.length > 0) throw new Error(`${name} lost the last value of ${wrong.length} symbols`);
  if (outputs === 0) throw new Error(`${name} delivered nothing`);
  return (user + system) / sent;
};

const demuxes: Readonly<Record<string, OperatorFunction<Trade, Trade>>> = {
  perSymbol: perSymbol<Trade, Trade>(identity),
  'perSymbol of map and filter': perSymbol<Trade, Trade>((trades$) =>
    trades$.pipe(
      map((trade) => trade),
      filter(({ price }) => price >= 0),
    ),
  ),
  'groupBy and mergeMap': (trades$) =>
    trades$.pipe(
      groupBy(({ symbol }) => symbol),
      mergeMap(identity),
    ),
};

/** How many times as long as finding the state of the symbol in a Map. */
const demux = (name: string): { readonly ratio: number; readonly floorNs: number } => {
  let push: Subscriber<Trade> | undefined;
  let heard = 0;
  const source$ = new Observable<Trade>((subscriber) => void (push = subscriber));
  const subscription = source$.pipe(demuxes[name]!).subscribe(({ price }) => void (heard += price));
  const states = new Map<string, { sum: number }>();
  const measured = ratioOf(
    () => {
      for (const trade of trades) push!.next(trade);
    },
    () => {
      for (const { symbol, price } of trades) {
        const state = states.get(symbol);
        if (state) state.sum += price;
        else states.set(symbol, { sum: price });
      }
    },
    31,
  );
  subscription.unsubscribe();
  const sum = [...states.values()].reduce((total, state) => total + state.sum, 0);
  if (sum !== heard) throw new Error(`${name} heard ${heard}, not ${sum}`);
  return { ratio: measured.ratio, floorNs: measured.floorNs / trades.length };
};

const inProcess = async <A>(task: string, name: string): Promise<A> => {
  const [answer] = (await once(fork(__filename, [task, name]), 'message')) as [A];
  return answer;
};

const main = async (): Promise<void> => {
  console.log('| conflation | CPU us an event over the source alone | x conflate |\n|---|---|---|');
  const costs = new Map<string, number[]>(Object.keys(conflations).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, cost] of costs) cost.push(await inProcess<number>('conflation', name));
  const [floor = 0, ...over] = [...costs.values()].map(median);
  const own = over[1]! - floor;
  Object.keys(conflations)
    .slice(1)
    .forEach((name, i) =>
      console.log(`| ${name} | ${(over[i]! - floor).toFixed(2)} | ${((over[i]! - floor) / own).toFixed(1)} |`),
    );
  console.log('\n| demux to 5,000 symbols | Map lookup ns | x Map lookup |\n|---|---|---|');
  for (const name of Object.keys(demuxes)) {
    const { ratio, floorNs } = await inProcess<ReturnType<typeof demux>>('demux', name);
    console.log(`| ${name} | ${floorNs.toFixed(0)} | ${ratio.toFixed(2)} |`);
  }
};

const [, , task, name = ''] = process.argv;
if (task === 'conflation') void conflation(name).then((cost) => process.send!(cost, () => process.exit()));
else if (task === 'demux') process.send!(demux(name), () => process.exit());
else void main();

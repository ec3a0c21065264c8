/**
 * What `bounded` costs an event beside what one would write by hand: a ring that drops the oldest, and a Map that keeps
 * the latest of each symbol. The consumer is done with a value when two more have come, so half of them are lost; what
 * it has worked on, and how many were lost, is checked to be equal first.
 *
 *     npm run bench:bounded
 */
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { Observable, type Subscriber } from 'rxjs';
import type { Trade } from '../lib/model/marketEvent.js';
import { bounded } from '../lib/operators/throttling/bounded.js';
import type { BoundedOptions } from '../lib/operators/throttling/BoundedOptions.js';
import { tradesOf } from './feeds.js';
import { fed } from './peers/fed.js';
import { ratioOf } from './ratio.js';

/** What a feed and its consumer see. */
interface Buffer {
  readonly put: (trade: Trade) => void;
  /** The consumer is done, and takes the next. */
  readonly done: () => void;
  readonly lost: () => number;
}

type Make = (work: (trade: Trade) => void) => Buffer;

const CAPACITY = 1_000;
const SYMBOLS = 5_000;
const SLICE = 50_000;

const make = tradesOf(SYMBOLS);
const trades = Array.from({ length: SLICE }, (_, n) => make(n, n));

const buffered =
  (options: BoundedOptions<Trade>): Make =>
  (work) => {
    let working: Subscriber<never> | undefined;
    let lost = 0;
    const worked$ = new Observable<never>((subscriber) => void (working = subscriber));
    const operator = bounded((trade: Trade) => {
      work(trade);
      return worked$;
    }, options);
    const put = fed(operator, (told) => {
      if (told.kind === 'dropped') lost += told.count;
    });
    return { put, done: () => working?.complete(), lost: () => lost };
  };

/** By hand. `asMuch`: it looks whether an event is to be dropped, subscribes to the work, and says when something was lost. */
const ringOf =
  (asMuch: boolean): Make =>
  (work) => {
    const places = new Array<Trade | undefined>(CAPACITY).fill(undefined);
    let first = 0;
    let size = 0;
    let isWorking = false;
    let lost = 0;
    let said = 0;
    let told = { count: 0, at: 0 };
    let working: Subscriber<never> | undefined;
    const worked$ = new Observable<never>((subscriber) => void (working = subscriber));
    const begin = (trade: Trade): void => {
      isWorking = true;
      if (asMuch && lost > said) told = { count: lost - said, at: Date.now() };
      said = lost;
      work(trade);
      if (asMuch) worked$.subscribe({ complete: next });
    };
    const next = (): void => {
      isWorking = false;
      if (size === 0 || told.count < 0) return;
      const trade = places[first]!;
      places[first] = undefined;
      first = (first + 1) % CAPACITY;
      size -= 1;
      begin(trade);
    };
    return {
      put: (trade) => {
        if (!isWorking) return begin(trade);
        if (asMuch && (trade.kind as string) === 'connected') return;
        places[(first + size) % CAPACITY] = trade;
        if (size < CAPACITY) size += 1;
        else {
          first = (first + 1) % CAPACITY;
          lost += 1;
        }
      },
      done: asMuch ? () => working?.complete() : next,
      lost: () => said,
    };
  };

/** A Map is in the order of insertion. */
const latest: Make = (work) => {
  const waiting = new Map<string, Trade>();
  let isWorking = false;
  let lost = 0;
  let said = 0;
  const begin = (trade: Trade): void => {
    isWorking = true;
    said = lost;
    work(trade);
  };
  return {
    put: (trade) => {
      if (!isWorking) return begin(trade);
      const isReplaced = waiting.delete(trade.symbol);
      waiting.set(trade.symbol, trade);
      if (isReplaced) lost += 1;
      else if (waiting.size > CAPACITY) {
        for (const symbol of waiting.keys()) {
          waiting.delete(symbol);
          break;
        }
        lost += 1;
      }
    },
    done: () => {
      isWorking = false;
      for (const [symbol, trade] of waiting) {
        waiting.delete(symbol);
        return begin(trade);
      }
    },
    lost: () => said,
  };
};

const run = ({ put, done }: Buffer): void => {
  for (let n = 0; n < SLICE; n++) {
    put(trades[n]!);
    if (n % 2 === 1) done();
  }
};

const inSlices = (make: Make): (() => void) => {
  let worked = 0;
  const buffer = make(() => void (worked += 1));
  return () => run(buffer);
};

const resultOf = (make: Make): unknown => {
  const worked: Trade[] = [];
  const buffer = make((trade) => worked.push(trade));
  run(buffer);
  run(buffer);
  return { worked, lost: buffer.lost() };
};

const rows: Readonly<Record<string, readonly [Make, Make]>> = {
  'dropOldest, a ring': [buffered({ capacity: CAPACITY }), ringOf(false)],
  'dropOldest, a ring that does as much': [buffered({ capacity: CAPACITY }), ringOf(true)],
  'latestPerKey, a Map': [buffered({ capacity: CAPACITY, policy: 'latestPerKey' }), latest],
};

const [, , name] = process.argv;
const row = rows[name ?? ''];
if (row) {
  const [ours, hand] = row;
  deepStrictEqual(resultOf(ours), resultOf(hand));
  const { ratio, floorNs } = ratioOf(inSlices(ours), inSlices(hand));
  console.log(`| ${[name, (floorNs / SLICE).toFixed(0), ratio.toFixed(1)].join(' | ')} |`);
} else {
  console.log('| policy, by hand | by hand, ns an event | bounded x by hand |');
  console.log('|---|---|---|');
  // A process for each: variants that share code change each other's type feedback.
  for (const each of Object.keys(rows)) execFileSync(process.execPath, [__filename, each], { stdio: 'inherit' });
}

import { identity, Observable, pipe, type OperatorFunction, type Subscriber } from 'rxjs';
import { calendars } from '../lib/model/calendar/calendars.js';
import type { FeedEvent } from '../lib/model/feedEvent.js';
import type { Bbo, Depth, Kline, Trade } from '../lib/model/marketEvent.js';
import { consolidateDepth } from '../lib/operators/depth/consolidateDepth.js';
import { orderBook } from '../lib/operators/depth/orderBook.js';
import type { OrderBook } from '../lib/operators/depth/keepBook.js';
import { topOfBook } from '../lib/operators/depth/topOfBook.js';
import { toKlines } from '../lib/operators/klines/toKlines.js';
import { perSymbol } from '../lib/operators/perSymbol.js';
import { staleness } from '../lib/operators/staleness/staleness.js';
import { bounded } from '../lib/operators/throttling/bounded.js';
import type { BoundedOptions } from '../lib/operators/throttling/BoundedOptions.js';
import { conflate } from '../lib/operators/throttling/conflate.js';
import { booksOf, depthsOf, passingDepthsOf, passingTradesOf, tradesOf, type Make, type Market } from './feeds.js';
import { fed } from './peers/fed.js';
import { virtualClock } from './virtualClock.js';

/** What an operator is given: so many events a second of each symbol, whatever their number, so its work stays the same. */
export interface Workload {
  /** Events in a slice: so many that the slices are alike, at 10,000 symbols too. */
  readonly slice: number;
  /** Hands on the next `count` events, made anew; returns how many values have come out so far. */
  readonly fresh: (symbols: number) => (count: number) => number;
  /** The same with events made beforehand, which are only stamped, as making them is not what is measured. */
  readonly pooled: (symbols: number) => (count: number) => number;
  /** The floor: the same events, each by a look-up in a Map to the state of its symbol. */
  readonly floor: (symbols: number) => (count: number) => number;
  /** The same events, and nothing done with them. */
  readonly source: (symbols: number) => (count: number) => number;
}

interface Stamped {
  readonly symbol: string;
  readonly time: number;
  readonly receivedAt: number;
}

type Writable<E> = { -readonly [K in keyof E]: E[K] };

/** Begins the work; takes what is called for each value that comes out. */
type Begin<E> = (output: () => void) => (event: E) => void;

const START = Date.UTC(2024, 10, 15, 14, 30);
const POOL = 1 << 16;
const BEAT = 1_000 / 60;

const workload = <E extends Stamped>(market: Market<E>, rate: number, begin: Begin<E>, slice = 20_000): Workload => {
  const driven =
    (events: (symbols: number) => Make<E>, start: Begin<E>) =>
    (symbols: number): ((count: number) => number) => {
      const clock = virtualClock(START);
      const eventOf = events(symbols);
      let outputs = 0;
      const next = start(() => void (outputs += 1));
      const gap = 1_000 / (rate * symbols);
      let n = 0;
      return (count) => {
        for (const end = n + count; n < end; n++) {
          const time = START + Math.floor(n * gap);
          clock.to(time);
          next(eventOf(n, time));
        }
        return outputs;
      };
    };
  const pool = (symbols: number): Make<E> => {
    const make = market(symbols);
    const events: Writable<E>[] = Array.from({ length: POOL }, (_, i) => make(i, START));
    return (n, time) => {
      const event = events[n % POOL]!;
      event.time = event.receivedAt = time;
      return event;
    };
  };
  return {
    slice,
    fresh: driven(market, begin),
    pooled: driven(pool, begin),
    floor: driven(pool, lookUp),
    source: driven(pool, (output) => output),
  };
};

const lookUp: Begin<Stamped> = (output) => {
  const states = new Map<string, { count: number; time: number }>();
  return ({ symbol, time }) => {
    const state = states.get(symbol);
    if (state) {
      state.count += 1;
      state.time = time;
    } else states.set(symbol, { count: 1, time });
    output();
  };
};

const through =
  <E, R>(operator: OperatorFunction<E, R>): Begin<E> =>
  (output) =>
    fed(operator, output);

/** A consumer that is done with a value when two more have come. */
const slowly =
  (options: BoundedOptions<Trade>): Begin<Trade> =>
  (output) => {
    let done: Subscriber<never> | undefined;
    const work = (): Observable<never> => new Observable((subscriber) => void (done = subscriber));
    const next = fed(bounded(work, options), output);
    let n = 0;
    return (trade) => {
      next(trade);
      if (++n % 2 !== 0) return;
      output();
      done?.complete();
    };
  };

const klines = (forming: number | false): OperatorFunction<FeedEvent, Kline> =>
  toKlines('1m', { calendar: calendars.always, forming });
const quiet = staleness({ after: 10_000, calendar: calendars.always, forgetAfter: 60_000 });
const latest: BoundedOptions<Trade> = { policy: 'latestPerKey' };

/** 24 trades a bar; 40 updates a second to 60 beats; an event a second to ten that make a symbol stale. */
export const workloads: Readonly<Record<string, Workload>> = {
  'toKlines, closed bars': workload(tradesOf, 0.4, through(klines(false)), 240_000),
  'toKlines, forming each second': workload(tradesOf, 0.4, through(klines(1_000)), 240_000),
  conflate: workload(tradesOf, 40, through(conflate<Trade>({ every: BEAT }))),
  orderBook: workload<Depth>(depthsOf, 40, through(orderBook({ levels: 5 }))),
  topOfBook: workload<OrderBook>(booksOf, 40, through(topOfBook())),
  perSymbol: workload(tradesOf, 40, through(perSymbol<Trade, Trade>(identity))),
  staleness: workload(tradesOf, 1, through(quiet)),
  'bounded, dropOldest': workload(tradesOf, 40, slowly({})),
  'bounded, latestPerKey': workload(tradesOf, 40, slowly(latest)),
};

/** Some in which symbols come and go, and are to be forgotten. */
export const passing: Readonly<Record<string, Workload>> = {
  'conflate, passing symbols': workload(passingTradesOf, 40, through(conflate<Trade>({ every: BEAT }))),
  'perSymbol, passing symbols': workload(
    passingTradesOf,
    1,
    through(perSymbol<Trade, Trade>(identity, { idle: 60_000 })),
  ),
  'toKlines, passing symbols': workload(
    passingTradesOf,
    0.4,
    through(toKlines('1m', { calendar: calendars.always, forming: false, idleAfter: 600_000 })),
  ),
  'orderBook, passing symbols': workload<Depth>(
    passingDepthsOf,
    1,
    through(orderBook({ levels: 5, idleAfter: 60_000 })),
  ),
  'topOfBook, passing symbols': workload<Depth>(
    passingDepthsOf,
    1,
    through(pipe(orderBook({ levels: 5, idleAfter: 60_000 }), topOfBook()) as OperatorFunction<FeedEvent, Bbo>),
  ),
  'consolidateDepth, passing symbols': workload<Depth>(
    passingDepthsOf,
    1,
    through(consolidateDepth({ levels: 5, idleAfter: 60_000 })),
  ),
  'staleness, passing symbols': workload(passingTradesOf, 1, through(quiet)),
  'bounded latestPerKey, passing symbols': workload(passingTradesOf, 40, slowly(latest)),
};

/** A million trades of 1,000 symbols a day, as bars remember the bounds of a day's minutes: each million ends at one hour. */
const DAILY = 1_000 / 86_400;
export const klinesOfDays: Readonly<Record<string, Workload>> = {
  'toKlines, closed bars': workload(tradesOf, DAILY, through(klines(false))),
  'toKlines, forming each second': workload(tradesOf, DAILY, through(klines(1_000))),
};

/** Nothing at all, and the books with their tops. */
export const sourceAlone = workload(tradesOf, 40, through(identity<Observable<Trade>>));
export const booksAndTops = workload<Depth>(
  depthsOf,
  40,
  through(pipe(orderBook({ levels: 5 }), topOfBook()) as OperatorFunction<FeedEvent, Bbo>),
);

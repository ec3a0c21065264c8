import fc from 'fast-check';
import { asyncScheduler, concat, from, tap, throwError } from 'rxjs';
import { HistoryRefused, HistoryUnavailable } from '../../lib/history/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Kline, Trade } from '../../lib/model/marketEvent.js';
import { toKlines } from '../../lib/operators/klines/toKlines.js';
import { recoverTrades } from '../../lib/operators/recoverTrades/recoverTrades.js';
import { marbles } from '../../lib/testing/marbles.js';
import { played } from '../operators/backfill/market.js';
import { historyOf, names, tradeOf } from '../operators/recoverTrades/stage.js';
import { connectedAt, disconnectedAt } from './events.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);
const MINUTE = 60_000;
const FIRST = 1_000_000;

/** The trades of a market: how long after the one before, often at the same moment. */
const market = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 0, 1, 900, 7_000, 70_000),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
    ),
    {
      minLength: 20,
      maxLength: 60,
    },
  )
  .map((steps) => {
    let time = MINUTE;
    return steps.map(([wait, price, size], at) => {
      time += wait;
      return tradeOf(FIRST + at, { time, receivedAt: time, price, size });
    });
  });

/** Which trades never come, by runs: so many come, then so many do not. */
const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 12 })), {
  minLength: 1,
  maxLength: 5,
});

/** What becomes of a request, in turn: all of it, a part of it, or a failure. */
const troubles = fc.array(
  fc.oneof(
    fc.constant('whole' as const),
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom(
      new HistoryUnavailable('down', 503),
      new HistoryRefused({ status: 429, retryAfter: 3_000, reason: 'slow down' }),
      new HistoryRefused({ status: 400, code: '-1121', reason: 'Invalid symbol.' }),
    ),
  ),
  { maxLength: 6 },
);

const settings = fc.record({
  delay: fc.constantFrom(0, 1, 350, 9_000),
  maxHole: fc.constantFrom(3, 10_000),
  budget: fc.constantFrom({ calls: 1, per: 20_000 }, { calls: 60, per: MINUTE }),
});

type Settings = typeof settings extends fc.Arbitrary<infer S> ? S : never;

const run = (
  flush: () => void,
  truth: readonly Trade[],
  lost: readonly (readonly [number, number])[],
  trouble: readonly (number | 'whole' | Error)[],
  { delay, maxHole, budget }: Settings,
) => {
  const { history, asked } = historyOf(
    (_, rows, call) => {
      const what = trouble[call - 1] ?? 'whole';
      if (what instanceof Error) return throwError(() => what);
      if (what === 'whole') return from(rows);
      return concat(
        from(rows.slice(0, what)),
        throwError(() => new HistoryUnavailable('broken off')),
      );
    },
    { delay, budget, rowOf: (id) => truth[id - FIRST] ?? tradeOf(id) },
  );
  const gone = new Set<number>();
  let next = 0;
  for (const [come, go] of lost) {
    next += come;
    for (let at = next; at < next + go; at += 1) gone.add(at);
    next += go;
  }
  const live: FeedEvent[] = [connectedAt(0, undefined, names)];
  const spans: (readonly [number, number])[] = [];
  let lostAt: number | undefined;
  truth.forEach((trade, at) => {
    if (gone.has(at)) {
      lostAt ??= trade.time;
      if (!gone.has(at - 1)) live.push(disconnectedAt(trade.time, names));
      return;
    }
    if (lostAt !== undefined) {
      live.push(connectedAt(trade.time, { from: lostAt, to: trade.time }, names));
      spans.push([lostAt, trade.time]);
    }
    lostAt = undefined;
    live.push(trade);
  });
  const heard: FeedEvent[] = [];
  const bars = new Map<number, Kline>();
  const subscription = played(live)
    .pipe(
      recoverTrades(history, { maxHole }),
      tap((event) => heard.push(event)),
      toKlines('1m', { forming: false, horizon: 1_000 }),
    )
    .subscribe((bar) => bars.set(bar.openTime, bar));
  asyncScheduler.schedule(() => subscription.unsubscribe(), 300 * MINUTE);
  flush();
  const ids = heard.flatMap((event) => (event.kind === 'trade' ? [event.id ?? NaN] : []));
  const ends = heard.flatMap((event) => (event.kind === 'recovered' ? [event] : []));
  const seen = truth.filter((_, at) => !gone.has(at)).map(({ id }) => id ?? NaN);
  if (lostAt !== undefined) spans.push([lostAt, Infinity]);
  return { asked, ids, ends, bars, seen, spans };
};

const barsOf = (trades: readonly Trade[]) => {
  const groups = new Map<number, Trade[]>();
  for (const trade of trades) {
    const openTime = Math.floor(trade.time / MINUTE) * MINUTE;
    groups.set(openTime, [...(groups.get(openTime) ?? []), trade]);
  }
  return [...groups].map(([openTime, all]) => {
    const prices = all.map(({ price }) => price);
    return {
      openTime,
      open: prices[0],
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1),
      volume: all.reduce((sum, { size = 0 }) => sum + size, 0),
      trades: all.length,
      missedVolume: 0,
    };
  });
};

describe('trades that are recovered', () => {
  it('are each once, and with those that came live all there are between the first and the last, where holes are whole', () => {
    let wholes = 0;
    let others = 0;
    fc.assert(
      fc.property(market, cuts, troubles, settings, (truth, lost, trouble, options) =>
        marbles(({ flush }) => {
          const { asked, ids, ends, seen, bars, spans } = run(flush, truth, lost, trouble, options);
          expect(new Set(ids).size).toBe(ids.length);
          const [first = NaN, last = NaN] = [seen[0], seen.at(-1)];
          const lacking = new Set<number>();
          for (const { fromId, toId, outcome, trades } of ends) {
            const there = ids.filter((id) => id >= fromId && id <= toId).length;
            expect([there, outcome === 'whole', outcome === 'none']).toEqual([
              trades,
              there === toId - fromId + 1,
              there === 0,
            ]);
            if (outcome === 'whole') wholes += 1;
            else {
              others += 1;
              for (let id = fromId; id <= toId; id += 1) if (!ids.includes(id)) lacking.add(id);
            }
          }
          const all = Array.from({ length: last - first + 1 }, (_, at) => first + at);
          expect([...ids].sort((a, b) => a - b)).toEqual(all.filter((id) => !lacking.has(id)));
          // What came live is in the order in which it came, and at once.
          expect(ids.filter((id) => seen.includes(id))).toEqual(seen);
          const { calls, per } = options.budget;
          for (const { at } of asked)
            expect(asked.filter((other) => other.at > at - per && other.at <= at).length).toBeLessThanOrEqual(calls);
          // Bars are those of all trades that are there, whatever their order.
          const known = truth.filter(({ id = NaN }) => ids.includes(id));
          const closed = barsOf(known).filter(({ openTime }) => bars.has(openTime));
          expect([...bars.values()].sort((a, b) => a.openTime - b.openTime)).toMatchObject(closed);
          expect(closed).toHaveLength(barsOf(known).length);
          // And tell what the link saw of them, which no history makes more.
          for (const { openTime, closeTime, coverage } of bars.values()) {
            const isCut = spans.some(([from, to]) => Math.max(from, openTime) < Math.min(to, closeTime));
            expect(coverage < 1).toBe(isCut);
          }
        })(),
      ),
      { numRuns },
    );
    expect(wholes).toBeGreaterThan(numRuns / 4);
    expect(others).toBeGreaterThan(numRuns / 20);
  }, 120_000);
});

describe('a bar whose trades are recovered late', () => {
  const barOf = (horizon: number, check: (bar: Kline | undefined) => void) =>
    marbles(({ flush }) => {
      // Of the first minute the second trade is missing, which is the high; the answer comes after five bars are closed.
      const truth = [0, 10_000, 20_000, ...[1, 2, 3, 4, 5, 6, 7].map((minute) => minute * MINUTE)].map((time, at) =>
        tradeOf(FIRST + at, { time: MINUTE + time, receivedAt: MINUTE + time, price: at === 1 ? 500 : 100, size: 2 }),
      );
      const { history } = historyOf(undefined, {
        delay: 4.5 * MINUTE,
        rowOf: (id) => truth[id - FIRST] ?? tradeOf(id),
      });
      const bars = new Map<number, Kline>();
      const live = truth.filter(({ id }) => id !== FIRST + 1);
      const subscription = played(live)
        .pipe(recoverTrades(history), toKlines('1m', { forming: false, horizon }))
        .subscribe((bar) => bars.set(bar.openTime, bar));
      asyncScheduler.schedule(() => subscription.unsubscribe(), 20 * MINUTE);
      flush();
      check(bars.get(MINUTE));
    });

  it(
    'is corrected within the horizon',
    barOf(10, (bar) => {
      expect(bar).toMatchObject({ revision: 1, volume: 6, high: 500, trades: 3, missedVolume: 0, coverage: 1 });
    }),
  );

  it(
    'stays as it was beyond it',
    barOf(3, (bar) => {
      expect(bar).toMatchObject({ revision: 0, volume: 4, high: 100, trades: 2, missedVolume: 0 });
    }),
  );
});

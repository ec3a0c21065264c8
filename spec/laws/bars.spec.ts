import fc from 'fast-check';
import { Observable, type OperatorFunction } from 'rxjs';
import {
  canonicalSymbol,
  resampleKlines,
  toKlines,
  type FeedEvent,
  type Interval,
  type Kline,
} from '../../lib/index.js';
import { dayOf } from './market.js';
import { barsOfTrades, coverageOf, isWithout, sumsOf } from './reference.js';
import { lastWords, MINUTE, ran, sumOf, type Ran } from './stage.js';
import { aTape, type Tape, type Told } from './tape.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 30);
const runs = { numRuns };
const settings = { forming: 'each', horizon: 100_000 } as const;

const run = <T>({ said, from, until }: Tape, operator: OperatorFunction<FeedEvent, T>): Ran<T> =>
  ran(
    (at) =>
      new Observable<FeedEvent>((subscriber) =>
        said.forEach((word) => at(word.at, () => subscriber.next(word.event))),
      ).pipe(operator),
    { from, until },
  );
const barsOfTape = (tape: Tape, interval: Interval): readonly Kline[] => {
  const { values, error } = run(tape, toKlines(interval, settings));
  expect(error).toBeUndefined();
  return lastWords(values);
};
const of = <K extends Kline<string>>(bars: readonly K[], { venue }: Told): K[] =>
  bars.filter(({ symbol }) => canonicalSymbol(symbol) === canonicalSymbol(venue.symbols[0]));

const expectSums = (bars: readonly Kline<string>[], told: Told, delay: number): void => {
  for (const truth of sumsOf(told, delay)) {
    if (!truth) continue;
    const own = bars.filter(({ openTime }) => dayOf(openTime, told.venue) === truth.day);
    const total = sumOf(own.flatMap(({ volume, missedVolume }) => [volume, missedVolume]));
    expect([told.venue.symbols[0], truth.day, total]).toEqual([
      told.venue.symbols[0],
      truth.day,
      sumOf([told.decimal(truth.total)]),
    ]);
  }
};

describe('bars of any tape', () => {
  it.each(['1m', '5m', '1d'] as const)('sum to the truth, seen and missed: %s', (interval) => {
    fc.assert(
      fc.property(aTape, (tape) => {
        const bars = barsOfTape(tape, interval);
        for (const told of tape.told) expectSums(of(bars, told), told, tape.genes.delay);
      }),
      runs,
    );
  });

  it('sum to the truth also made of smaller bars', () => {
    fc.assert(
      fc.property(aTape, (tape) => {
        const { values, error } = run(tape, (feed$) =>
          feed$.pipe(toKlines('1m', settings), resampleKlines('5m', { horizon: 100_000 })),
        );
        expect(error).toBeUndefined();
        const bars = lastWords(values);
        for (const told of tape.told) expectSums(of(bars, told), told, tape.genes.delay);
      }),
      runs,
    );
  });

  it.each([{ ticks: 2 }, { volume: 50 }])('sum to the truth by count: %p', (length) => {
    fc.assert(
      fc.property(aTape, (tape) => {
        const { values, error } = run(tape, toKlines(length, { forming: 'each' }));
        expect(error).toBeUndefined();
        for (const told of tape.told) {
          if (told.style.includes('quote') || !isWithout(told, 'late', 'stray')) continue;
          const own = of(values, told);
          const last = own.at(-1);
          const bars = own.filter((bar) => bar.closed || bar === last);
          expectSums(bars, told, tape.genes.delay);
        }
      }),
      runs,
    );
  });

  it('saw what was heard, and missed the rest', () => {
    fc.assert(
      fc.property(aTape, (tape) => {
        const bars = barsOfTape(tape, '1m');
        for (const told of tape.told) {
          if (!isWithout(told, 'stray', 'late')) continue;
          for (const truth of sumsOf(told, tape.genes.delay)) {
            if (truth?.seen === undefined) continue;
            const own = of(bars, told).filter(({ openTime }) => dayOf(openTime, told.venue) === truth.day);
            expect([told.style, sumOf(own.map(({ volume }) => volume))]).toEqual([
              told.style,
              sumOf([told.decimal(truth.seen)]),
            ]);
          }
        }
      }),
      runs,
    );
  });

  it.each(['1m', '5m'] as const)('have the prices of the executions that were heard: %s', (interval) => {
    const length = interval === '1m' ? MINUTE : 5 * MINUTE;
    fc.assert(
      fc.property(aTape, (tape) => {
        const bars = barsOfTape(tape, interval);
        for (const told of tape.told) {
          if (told.style.includes('quote') || !isWithout(told, 'stray', 'volumeOnly', 'correction')) continue;
          // An older figure that comes again may as well be of a trade that comes late.
          if (told.style === 'figure' && !isWithout(told, 'cached')) continue;
          const made = of(bars, told).map(({ openTime, open, high, low, close, trades }) => ({
            openTime,
            open,
            high,
            low,
            close,
            trades,
          }));
          expect(made.filter(({ trades }) => trades !== 0)).toEqual(barsOfTrades(told, length));
        }
      }),
      runs,
    );
  });

  it.each(['1m', '5m'] as const)('are covered as long as data could flow: %s', (interval) => {
    fc.assert(
      fc.property(aTape, (tape) => {
        if (tape.genes.delay > 0) return;
        const bars = barsOfTape(tape, interval);
        for (const told of tape.told) {
          if (!isWithout(told, 'stray')) continue;
          const given = of(bars, told).filter(({ closed }) => closed);
          const rounded = (coverage: number) => Math.round(coverage * 1e6) / 1e6;
          expect(given.map(({ openTime, coverage }) => [openTime, rounded(coverage)])).toEqual(
            given.map(({ openTime, closeTime }) => [openTime, rounded(coverageOf(told.live, openTime, closeTime))]),
          );
        }
      }),
      runs,
    );
  });

  it.each(['skip', 'carry'] as const)('keep their word: %s', (empty) => {
    fc.assert(
      fc.property(
        aTape,
        fc.constantFrom('revise', 'report', 'drop'),
        fc.constantFrom('1m', '1d'),
        (tape, late, interval) => {
          const { values, times, error } = run(tape, toKlines(interval, { late, empty, horizon: 20 }));
          expect(error).toBeUndefined();
          const revisions = new Map<string, number>();
          // Thousands of carried bars: one `expect` for all of them.
          const broken = values.filter((bar, i) => {
            const { openTime, open, high, low, close, volume, missedVolume, coverage, closed, revision } = bar;
            const key = `${canonicalSymbol(bar.symbol)} ${openTime}`;
            const before = revisions.get(key);
            if (closed) revisions.set(key, revision);
            const isNext = before === undefined ? revision === 0 : closed && revision === before + 1;
            const isSane = coverage >= 0 && coverage <= 1 && volume >= 0 && missedVolume >= 0;
            const isBar = low <= Math.min(open, close) && high >= Math.max(open, close);
            return !(isNext && isSane && isBar && (empty === 'skip' || openTime <= times[i]!));
          });
          expect(broken).toEqual([]);
          const some = values.slice(-5);
          expect(structuredClone(some)).toEqual(some);
          expect(JSON.parse(JSON.stringify(some))).toEqual(some);
          for (const told of tape.told) {
            const own = lastWords(of(values, told));
            expect(own.slice(1).filter((bar, i) => bar.openTime < own[i]!.closeTime)).toEqual([]);
          }
        },
      ),
      runs,
    );
  });
});

import fc from 'fast-check';
import { Observable, type OperatorFunction } from 'rxjs';
import { canonicalSymbol, toKlines, type FeedEvent, type Interval, type Kline } from '../../lib/index.js';
import { barsOfTrades } from './reference.js';
import { lastWords, MINUTE, ran, type Ran } from './stage.js';
import { aTape, type Tape, type Told } from './tape.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 50);
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
const isPlain = ({ days }: Told, ...not: readonly string[]): boolean =>
  days.every(({ executions }) => executions.every(({ step }) => !not.includes(step.noise) && !not.includes(step.fate)));

/** Executions that are told twice, and figures that fall for a moment, are not in these laws yet. */
const isSettled = (told: Told): boolean => isPlain(told, 'twice', 'cached', 'correction');

describe('bars of any tape', () => {
  it.each(['1m', '5m'] as const)('have the prices of the executions that were heard: %s', (interval) => {
    const length = interval === '1m' ? MINUTE : 5 * MINUTE;
    fc.assert(
      fc.property(aTape, (tape) => {
        const bars = barsOfTape(tape, interval);
        for (const told of tape.told) {
          if (told.style.includes('quote') || !isSettled(told) || !isPlain(told, 'stray', 'volumeOnly')) continue;
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

import fc from 'fast-check';
import { Subject, type OperatorFunction } from 'rxjs';
import {
  canonicalSymbol,
  chartBars,
  conflate,
  gaps,
  isMarketEvent,
  linkState,
  staleness,
  toKlines,
  type FeedEvent,
  type Kline,
} from '../../lib/index.js';
import { dayOf } from './market.js';
import { isWithout, sumsOf } from './reference.js';
import { DAY, HOUR, lastWords, MINUTE, sumOf } from './stage.js';
import { aTape, type Tape, type Told } from './tape.js';

/** A fake clock wakes an alarm once a second of a tape that lasts days, so few runs take long. */
const numRuns = Number(process.env['LAWS_RUNS'] ?? 5);

/** The clock of the machine is set by so much, before a word of the tape. */
interface Step {
  readonly before: number;
  readonly by: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    before: fc.nat(40),
    by: fc.constantFrom(-30 * DAY, -HOUR, -10 * MINUTE, -90_000, 8 * HOUR, DAY),
  }),
  { minLength: 1, maxLength: 2 },
);

/** Plays a tape on the clock of the machine, which is set meanwhile. The times of the vendor stay what they are. */
const played = <T>({ said, from, until }: Tape, given: readonly Step[], operator: OperatorFunction<FeedEvent, T>) => {
  const values: T[] = [];
  let error: unknown;
  jest.useFakeTimers({ now: from - 1, doNotFake: ['nextTick', 'queueMicrotask'] });
  try {
    const feed$ = new Subject<FeedEvent>();
    const work = feed$.pipe(operator).subscribe({
      next: (value) => values.push(value),
      error: (thrown: unknown) => (error = thrown ?? 'undefined'),
    });
    let now = from - 1;
    let ahead = 0;
    said.forEach(({ at, event }, i) => {
      jest.advanceTimersByTime(at - now);
      now = at;
      for (const { by } of given.filter(({ before }) => before === i)) {
        jest.setSystemTime(Date.now() + by);
        ahead += by;
      }
      feed$.next({ ...event, receivedAt: event.receivedAt + ahead });
    });
    jest.advanceTimersByTime(until - now + 5 * MINUTE);
    work.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
  return { values, error };
};

const isShort = ({ said, from, until }: Tape): boolean => said.length < 200 && until - from < DAY;

/** The steps, put behind the first word on each symbol: what came before cannot be compared with what came after. */
const later = ({ said, told }: Tape, given: readonly Step[]): readonly Step[] => {
  const first = ({ venue }: Told): number =>
    said.findIndex(({ event }) => isMarketEvent(event) && (venue.symbols as readonly string[]).includes(event.symbol));
  const from = Math.max(...told.map(first)) + 1;
  return given.map(({ before, by }) => ({ before: from + (before % Math.max(1, said.length - from)), by }));
};

describe('a clock that is set in the middle of any tape', () => {
  it('leaves the sums of the bars what they are', () => {
    fc.assert(
      fc.property(aTape, steps, (tape, given) => {
        fc.pre(tape.genes.delay === 0 && isShort(tape));
        const { values } = played(tape, later(tape, given), toKlines('1m', { horizon: 100_000 }));
        const last: Kline[] = lastWords(values);
        for (const told of tape.told) {
          // A stamp that is not believed has the time of a receipt, and that is by a clock that is wrong.
          if (!isWithout(told, 'stray')) continue;
          for (const truth of sumsOf(told, 0)) {
            if (!truth) continue;
            const own = last.filter(
              ({ symbol, openTime }) =>
                canonicalSymbol(symbol) === canonicalSymbol(told.venue.symbols[0]) &&
                dayOf(openTime, told.venue) === truth.day,
            );
            const total = sumOf(own.flatMap(({ volume, missedVolume }) => [volume, missedVolume]));
            expect([told.style, total]).toEqual([told.style, sumOf([told.decimal(truth.total)])]);
          }
        }
      }),
      { numRuns },
    );
  });

  it('makes no bar twice, and none that claims what cannot be', () => {
    fc.assert(
      fc.property(aTape, steps, (tape, given) => {
        fc.pre(tape.genes.delay === 0 && isShort(tape));
        const { values, error } = played(tape, given, toKlines('1m', { horizon: 100_000 }));
        expect(error).toBeUndefined();
        expect(values.length).toBeLessThan(50 * tape.said.length + 100);
        const last: Kline[] = lastWords(values);
        for (const { venue } of tape.told) {
          const own = last.filter(({ symbol }) => canonicalSymbol(symbol) === canonicalSymbol(venue.symbols[0]));
          expect(own.slice(1).filter((bar, i) => bar.openTime < own[i]!.closeTime)).toEqual([]);
          const broken = own.filter(
            ({ coverage, volume, missedVolume }) =>
              !(coverage >= 0 && coverage <= 1 && volume >= 0 && missedVolume >= 0),
          );
          expect(broken).toEqual([]);
        }
      }),
      { numRuns },
    );
  });

  it.each([
    ['toKlines 1d, carry', toKlines('1d', { empty: 'carry' })],
    ['chartBars', (feed$) => feed$.pipe(toKlines('1m'), chartBars())],
    ['staleness', staleness({ after: 10_000 })],
    ['conflate', conflate({ every: 1_000 })],
    ['gaps', gaps()],
    ['linkState', linkState()],
  ] as readonly (readonly [string, OperatorFunction<FeedEvent, unknown>])[])(
    'neither ends nor spins %s',
    (_name, operator) => {
      fc.assert(
        fc.property(aTape, steps, (tape, given) => {
          fc.pre(isShort(tape));
          const { values, error } = played(tape, given, operator);
          expect(error).toBeUndefined();
          expect(values.length).toBeLessThan(50 * tape.said.length + 100);
        }),
        { numRuns },
      );
    },
  );
});

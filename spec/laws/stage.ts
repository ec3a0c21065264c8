import { Observable, type OperatorFunction } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { canonicalSymbol, type FeedEvent, type Kline } from '../../lib/index.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** All that came out of an Observable, with the virtual time of each value. */
export interface Ran<T> {
  readonly values: readonly T[];
  readonly times: readonly number[];
  readonly error: unknown;
  readonly completed: boolean;
}

/** Does something at a moment of virtual time. */
export type At = (time: number, act: () => void) => void;

export interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * Runs what `make` returns in virtual time, which begins at any date; `at` is for those who play the vendor. `until` is the
 * moment at which it is left.
 */
export const ran = <T>(make: (at: At) => Observable<T>, { from, until }: Span): Ran<T> => {
  const scheduler = new TestScheduler(() => undefined);
  const values: T[] = [];
  const times: number[] = [];
  let error: unknown;
  let completed = false;
  scheduler.run(() => {
    const at: At = (time, act) => void scheduler.schedule(act, Math.max(0, time - scheduler.frame));
    scheduler.schedule(() => {
      const subscription = make(at).subscribe({
        next: (value) => {
          values.push(value);
          times.push(scheduler.now());
        },
        error: (thrown: unknown) => (error = thrown ?? 'undefined'),
        complete: () => (completed = true),
      });
      at(until, () => subscription.unsubscribe());
    }, from);
  });
  return { values, times, error, completed };
};

/** A feed of given events, each at its `receivedAt`, that never completes. */
export const played = (events: readonly FeedEvent[], at: At): Observable<FeedEvent> =>
  new Observable((subscriber) => events.forEach((event) => at(event.receivedAt, () => subscriber.next(event))));

/** What an operator makes of events that come at their `receivedAt`. It is left `wait` after the last one. */
export const heard = <T>(
  events: readonly FeedEvent[],
  operator: OperatorFunction<FeedEvent, T>,
  { wait = 2 * MINUTE }: { readonly wait?: number } = {},
): Ran<T> => {
  const moments = events.map(({ receivedAt }) => receivedAt);
  return ran((at) => played(events, at).pipe(operator), {
    from: Math.max(0, Math.min(...moments)),
    until: Math.max(...moments) + wait,
  });
};

/** The last word on each bar, by symbol and time. */
export const lastWords = <K extends Kline<string>>(bars: readonly K[]): K[] =>
  [...new Map(bars.map((bar) => [`${canonicalSymbol(bar.symbol)} ${bar.openTime}`, bar])).values()].sort(
    (a, b) => a.openTime - b.openTime,
  );

/** The bars of events, the last word on each. */
export const barsOf = <K extends Kline<string>>(
  events: readonly FeedEvent[],
  operator: OperatorFunction<FeedEvent, K>,
  options?: { readonly wait?: number },
): K[] => {
  const { values, error } = heard(events, operator, options);
  if (error !== undefined) throw error as Error;
  return lastWords(values);
};

/** A number as whole units of eight decimal digits, to be added up without the noise of floats. */
export const unitsOf = (number: number): bigint => {
  const [whole = '0', fraction = ''] = number.toFixed(8).split('.');
  const sign = whole.startsWith('-') ? -1n : 1n;
  return sign * (BigInt(whole.replace('-', '')) * 100_000_000n + BigInt(fraction));
};

/** The exact sum of decimals, in units of eight digits. */
export const sumOf = (numbers: readonly number[]): bigint => numbers.reduce((sum, number) => sum + unitsOf(number), 0n);

import type { Kline } from '../../model/marketEvent.js';
import type { Observable } from 'rxjs';
import type { Part } from '../diff/values.js';
import {
  checkEvents,
  checkGap,
  checkKlines,
  whenEmitted,
  type Emitting,
  type Expectations,
  type GapFacts,
  type KlineTolerance,
  type Emissions,
  type MatcherResult,
} from './checks.js';

type ItemOf<T> = T extends Observable<infer E> ? E : T extends readonly (infer E)[] ? E : never;

/**
 * What `expect` can do after `expect.extend(matchers)`, for the one line that adds them to the types of your runner.
 *
 * @example
 * declare global { namespace jest { interface Matchers<R, T> extends MarketMatchers<R, T> {} } }
 */
export interface MarketMatchers<R = void, T = unknown> {
  /** The events have these fields, in this order and number; other fields do not matter. */
  toEmitEvents(events: readonly Part<ItemOf<T>>[]): R;
  /** The same, and each at its time, in virtual milliseconds; `c` and `x` are `connected` and `disconnected`. */
  toEmitEvents(diagram: string, values?: Expectations<ItemOf<T>>, error?: unknown): R;
  /** The bars have these fields, in this order and number; figures may be as far apart as is tolerated. */
  toEqualKlines(klines: readonly Part<Kline>[], tolerance?: KlineTolerance): R;
  /** There is a gap with these facts, or any gap. */
  toHaveGap(gap?: Part<GapFacts>): R;
}

interface Context {
  readonly isNot?: boolean;
}

type MatcherCheck<A extends readonly unknown[]> = (emissions: Emissions, ...args: A) => MatcherResult;

const matcherOf = <A extends readonly unknown[]>(check: MatcherCheck<A>) =>
  function (this: Context | void, received: unknown, ...args: A): MatcherResult {
    const isNot = (this as Context | undefined)?.isNot ?? false;
    const later = ({ pass, message }: MatcherResult): void => {
      if (pass === isNot) throw new Error(message());
    };
    // Inside of marbles it passes for now, and `later` decides.
    return (
      whenEmitted(received, (emissions) => check(emissions, ...args), later) ?? { pass: !isNot, message: () => '' }
    );
  };

/**
 * Matchers for Jest and Vitest: `expect.extend(matchers)`. They look at lists, and at Observables in virtual time; inside
 * of `marbles` they are decided when the test is over.
 */
export const matchers = {
  toEmitEvents: matcherOf(checkEvents),
  toEqualKlines: matcherOf(checkKlines),
  toHaveGap: matcherOf(checkGap),
};

const demand = <A extends readonly unknown[]>(check: MatcherCheck<A>, received: unknown, ...args: A): void => {
  const { pass, message } = matcherOf(check).call(undefined, received, ...args);
  if (!pass) throw new Error(message());
};

/** `toEmitEvents` for any runner: throws unless the events have these fields, and with a diagram these times. */
export function assertEmitsEvents<E>(received: Emitting<E>, events: readonly NoInfer<Part<E>>[]): void;
export function assertEmitsEvents<E>(
  received: Observable<E>,
  diagram: string,
  values?: NoInfer<Expectations<E>>,
  error?: unknown,
): void;
export function assertEmitsEvents(
  received: Emitting,
  expected: unknown,
  values?: Expectations<unknown>,
  error?: unknown,
): void {
  demand(checkEvents, received, expected, values, error);
}

/** `toEqualKlines` for any runner: throws unless the bars have these fields, figures within the tolerance. */
export const assertEqualKlines = (
  received: Emitting<Kline>,
  klines: readonly Part<Kline>[],
  tolerance?: KlineTolerance,
): void => demand(checkKlines, received, klines, tolerance);

/** `toHaveGap` for any runner: throws unless there is a gap with these facts. */
export const assertHasGap = (received: Emitting, gap?: Part<GapFacts>): void => demand(checkGap, received, gap);

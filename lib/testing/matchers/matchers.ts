import type { Kline } from '../../model/marketEvent.js';
import type { Observable } from 'rxjs';
import type { Part } from '../diff/like.js';
import type { Gap } from './gaps.js';
import { judgeEvents, type Expectations } from './judgeEvents.js';
import { judgeGap } from './judgeGap.js';
import { judgeKlines, type KlineTolerance } from './judgeKlines.js';
import { whenSeen, type Emitting, type Seen, type Verdict } from './seen.js';

type ItemOf<T> = T extends Observable<infer E> ? E : T extends readonly (infer E)[] ? E : never;

/**
 * What `expect` can do after `expect.extend(matchers)`, for the one line that tells your runner's types of it.
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
  /** There is a hole with these facts, or any hole. */
  toHaveGap(gap?: Part<Gap>): R;
}

interface Context {
  readonly isNot?: boolean;
}

type Judge<A extends readonly unknown[]> = (seen: Seen, ...args: A) => Verdict;

const matcherOf = <A extends readonly unknown[]>(judge: Judge<A>) =>
  function (this: Context | void, received: unknown, ...args: A): Verdict {
    const isNot = (this as Context | undefined)?.isNot ?? false;
    const later = ({ pass, message }: Verdict): void => {
      if (pass === isNot) throw new Error(message());
    };
    // Inside of marbles all is well for now, and `later` has the last word.
    return whenSeen(received, (seen) => judge(seen, ...args), later) ?? { pass: !isNot, message: () => '' };
  };

/**
 * Matchers for Jest and Vitest: `expect.extend(matchers)`. They look at lists, and at Observables in virtual time; inside
 * of `marbles` they are decided when the test is over.
 */
export const matchers = {
  toEmitEvents: matcherOf(judgeEvents),
  toEqualKlines: matcherOf(judgeKlines),
  toHaveGap: matcherOf(judgeGap),
};

const demand = <A extends readonly unknown[]>(judge: Judge<A>, received: unknown, ...args: A): void => {
  const { pass, message } = matcherOf(judge).call(undefined, received, ...args);
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
  demand(judgeEvents, received, expected, values, error);
}

/** `toEqualKlines` for any runner: throws unless the bars have these fields, figures within the tolerance. */
export const assertEqualKlines = (
  received: Emitting<Kline>,
  klines: readonly Part<Kline>[],
  tolerance?: KlineTolerance,
): void => demand(judgeKlines, received, klines, tolerance);

/** `toHaveGap` for any runner: throws unless there is a hole with these facts. */
export const assertHasGap = (received: Emitting, gap?: Part<Gap>): void => demand(judgeGap, received, gap);

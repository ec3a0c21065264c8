import { checkWhole, checkWord } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import type { DropPolicy, QueueOptions } from './boundedQueue.js';

/** How much may wait for a slow consumer, and what is dropped beyond it. */
export interface BoundedOptions<T> {
  /**
   * How many values wait at most, besides the one being worked on.
   *
   * @defaultValue `10_000`
   */
  readonly capacity?: number | undefined;
  /**
   * Which value is dropped.
   *
   * @defaultValue `'dropOldest'`
   */
  readonly policy?: DropPolicy | undefined;
  /**
   * For `latestPerKey`: of which key one value waits at most. It has to be pure: it is asked more than once for a
   * value.
   *
   * @defaultValue the instrument, kind and feed of an event, for klines also the interval
   */
  readonly key?: ((value: T) => unknown) | undefined;
  /**
   * From which share of the capacity on the consumer is called slow.
   *
   * @defaultValue `0.75`
   */
  readonly highWater?: number | undefined;
  /**
   * Down to which share of the capacity it has to come to be called so no more.
   *
   * @defaultValue `0.5`
   */
  readonly lowWater?: number | undefined;
}

/** Bounds in values. */
export interface Bounds<T> extends QueueOptions<T> {
  readonly high: number;
  /** Less than `high`. */
  readonly low: number;
}

const policies: readonly string[] = ['dropOldest', 'dropNewest', 'latestPerKey'] satisfies readonly DropPolicy[];

/** The bounds with their defaults. Throws `InvalidOption` for those that make no sense. */
export const checkBounds = <T>({
  capacity = 10_000,
  policy = 'dropOldest',
  key,
  highWater = 0.75,
  lowWater = 0.5,
}: BoundedOptions<T>): Bounds<T> => {
  checkWhole('capacity', capacity, 'values');
  checkWord('policy', policy, policies);
  if (key && policy !== 'latestPerKey') throw new InvalidOption('key', undefined, 'it belongs to `latestPerKey`');
  if (!(highWater > 0 && highWater <= 1)) {
    throw new InvalidOption('highWater', highWater, 'it is a share of the capacity, more than 0 and at most 1');
  }
  if (!(lowWater >= 0 && lowWater < highWater)) {
    throw new InvalidOption('lowWater', lowWater, 'it is a share of the capacity, 0 or more and less than `highWater`');
  }
  return { capacity, policy, key, high: Math.ceil(highWater * capacity), low: Math.floor(lowWater * capacity) };
};

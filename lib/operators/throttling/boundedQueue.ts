import { chain, linkOf, unlink, type Link } from './chain.js';
import { fifo } from './fifo.js';
import { isLinkEvent } from '../../model/feedEvent.js';
import { dueQueue } from '../dueQueue.js';
import { eventKeys, keysBy, type Keys } from './keys.js';

/** Who gives way when there is no room: the first that waits, the last to come, or the earlier value of the same key. */
export type DropPolicy = 'dropOldest' | 'dropNewest' | 'latestPerKey';

export interface QueueOptions<T> {
  readonly capacity: number;
  readonly policy: DropPolicy;
  /**
   * For `latestPerKey`.
   *
   * @defaultValue the instrument, kind and feed of an event, for klines also the interval
   */
  readonly key?: ((value: T) => unknown) | undefined;
}

/** A queue that never holds more than its capacity, in the order of arrival. Each step costs the logarithm of what waits at most. */
export interface BoundedQueue<T> {
  readonly size: () => number;
  /** Returns how many values were lost by it: 0 or 1, perhaps the value itself. */
  readonly put: (value: T) => number;
  readonly take: () => T | undefined;
}

interface Waiting<T> {
  readonly value: T;
  /** What came before it, by count. */
  order: number;
}

/**
 * What the link says gives way only when nothing else waits, and then the oldest that is followed by one of its kind
 * and feed. With room for the eight kinds of each feed, the last of each kind is never lost.
 */
export const boundedQueue = <T extends object>({ capacity, policy, key }: QueueOptions<T>): BoundedQueue<T> => {
  // Two lines, so that the one to give way is at an end of one of them; `order` makes them one queue again.
  const said = saidLine<T>();
  const data = policy === 'latestPerKey' ? keyedLine(key) : plainLine<T>(policy, said.notAfter);

  return {
    size: () => data.size() + said.size(),
    put: (value) => {
      if (isLinkEvent(value)) said.put(value, data.next());
      else if (data.put(value)) return 1;
      if (data.size() + said.size() <= capacity) return 0;
      if (!data.lose()) said.lose();
      return 1;
    },
    take: () => {
      const first = said.first();
      return first !== undefined && (data.size() === 0 || first <= data.first()) ? said.take() : data.take();
    },
  };
};

/** The data that wait. */
interface DataLine<T> {
  readonly size: () => number;
  /** The number of the first, and of the one that comes next. */
  readonly first: () => number;
  readonly next: () => number;
  /** Returns whether a value of its key gave way. */
  readonly put: (value: T) => boolean;
  readonly take: () => T | undefined;
  /** Loses what gives way to others; returns whether there was something. */
  readonly lose: () => boolean;
}

/** Those of which the first or the last gives way: a value that waits is no object of its own. */
const plainLine = <T extends object>(policy: DropPolicy, nothingAfter: (order: number) => void): DataLine<T> => {
  const { size, put, shift, pop } = fifo<T>();
  /** How many have left at the front. */
  let left = 0;
  const take = (): T | undefined => {
    const value = shift();
    if (value !== undefined) left += 1;
    return value;
  };
  const loseLast = (): boolean => {
    const isLost = pop() !== undefined;
    // What was said after it comes before the next one.
    if (isLost) nothingAfter(left + size());
    return isLost;
  };
  return {
    size,
    first: () => left,
    next: () => left + size(),
    put: (value) => {
      put(value);
      return false;
    },
    take,
    lose: policy === 'dropNewest' ? loseLast : () => take() !== undefined,
  };
};

/** Those of which one gives way to a later one of its key. */
const keyedLine = <T extends object>(key: QueueOptions<T>['key']): DataLine<T> => {
  const line = chain<Waiting<T>>();
  const held: Keys<T, Link<Waiting<T>>> = key ? keysBy(key)() : eventKeys();
  let size = 0;
  let arrived = 0;

  const leave = (place: Link<Waiting<T>> | undefined): T | undefined => {
    if (place === undefined) return undefined;
    const { value } = place.value;
    if (held.placeOf(value).held === place) held.forget(value);
    unlink(place);
    size -= 1;
    return value;
  };
  return {
    size: () => size,
    first: () => line.head()?.value.order ?? arrived,
    next: () => arrived,
    put: (value) => {
      const before = held.placeOf(value).held;
      const isReplaced = leave(before) !== undefined;
      const place = held.placeOf(value);
      place.held = linkOf({ value: held.spelled(value), order: arrived++ });
      line.put(place.held);
      size += 1;
      return isReplaced;
    },
    take: () => leave(line.head()),
    lose: () => leave(line.head()) !== undefined,
  };
};

interface Said<T> extends Waiting<T> {
  /** When it came, among what the link said. */
  readonly at: number;
}

/** What the link has said. */
const saidLine = <T extends object>() => {
  const line = chain<Said<T>>();
  const newest: Keys<T, Link<Said<T>>> = eventKeys();
  /** What is followed by another one of its kind, by when it came. */
  const superseded = dueQueue<Link<Said<T>>>();
  let size = 0;
  let arrived = 0;

  const leave = (place: Link<Said<T>> | undefined): T | undefined => {
    if (place === undefined) return undefined;
    const { value } = place.value;
    if (newest.placeOf(value).held === place) newest.forget(value);
    // It is the oldest of them, whether it is taken or lost.
    else superseded.take(Infinity);
    unlink(place);
    size -= 1;
    return value;
  };
  return {
    size: () => size,
    /** How many data come before the first; undefined where there is none. */
    first: (): number | undefined => (size === 0 ? undefined : line.head()?.value.order),
    /** It comes after so many data. */
    put: (value: T, order: number): void => {
      const place = newest.placeOf(value);
      if (place.held) superseded.add(place.held, place.held.value.at);
      place.held = linkOf({ value, order, at: arrived++ });
      line.put(place.held);
      size += 1;
    },
    take: () => leave(line.head()),
    lose: () => leave(superseded.first() ?? line.head()),
    /** There are no more data than so many before any of them. */
    notAfter: (order: number): void => {
      let left = size;
      for (let place = line.tail(); place && left > 0 && place.value.order > order; place = place.before) {
        place.value.order = order;
        left -= 1;
      }
    },
  };
};

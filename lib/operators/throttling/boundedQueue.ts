import { chain, linkOf, unlink, type Chain, type Link } from './chain.js';
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
  readonly order: number;
}

/**
 * What the link says gives way only when nothing else waits, and then the oldest that is followed by one of its kind
 * and feed. With room for the eight kinds of each feed, the last of each kind is never lost.
 */
export const boundedQueue = <T extends object>({ capacity, policy, key }: QueueOptions<T>): BoundedQueue<T> => {
  // Two lines, so that the one to give way is at an end of one of them; `order` makes them one queue again.
  const data = chain<Waiting<T>>();
  const link = chain<Waiting<T>>();
  const newestSaid: Keys<T, Waiting<T>> = eventKeys();
  /** What the link said and is followed by another one of its kind, by order. */
  const superseded = dueQueue<Link<Waiting<T>>>();
  const held: Keys<T, Waiting<T>> | undefined =
    policy === 'latestPerKey' ? (key ? keysBy(key)() : eventKeys()) : undefined;
  let size = 0;
  let arrived = 0;

  const enter = (line: Chain<Waiting<T>>, keys: Keys<T, Waiting<T>> | undefined, value: T): void => {
    const place = linkOf({ value, order: arrived++ });
    keys?.open(value, place);
    line.put(place);
    size += 1;
  };

  const leave = (place: Link<Waiting<T>>): T => {
    const { value } = place.value;
    const isSaid = isLinkEvent(value);
    const keys = isSaid ? newestSaid : held;
    if (keys?.find(value) === place) keys.forget(value);
    // It is the oldest of them, whether it is taken or lost.
    else if (isSaid) superseded.take(Infinity);
    unlink(place);
    size -= 1;
    return value;
  };

  const say = (value: T): void => {
    const before = newestSaid.find(value);
    if (before) superseded.add(before, before.value.order);
    enter(link, newestSaid, value);
  };

  const lose = (place: Link<Waiting<T>> | undefined): number => {
    if (place === undefined) return 0;
    leave(place);
    return 1;
  };

  return {
    size: () => size,
    put: (value) => {
      if (isLinkEvent(value)) say(value);
      else {
        const replaced = lose(held?.find(value));
        enter(data, held, held ? held.spelled(value) : value);
        if (replaced) return replaced;
      }
      if (size <= capacity) return 0;
      return lose((policy === 'dropNewest' ? data.tail() : data.head()) ?? superseded.first() ?? link.head());
    },
    take: () => {
      const first = data.head();
      const said = link.head();
      const next = first && said ? (first.value.order < said.value.order ? first : said) : (first ?? said);
      return next && leave(next);
    },
  };
};

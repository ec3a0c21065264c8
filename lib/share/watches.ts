import type { Observer, Subscriber } from 'rxjs';
import type { FeedEvent, Refused, SymbolData } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import type { LastDepth } from './lastDepth.js';

export type Watcher = Subscriber<FeedEvent>;

/** One topic: its watchers, and what a late joiner has missed. */
export interface TopicEntry {
  /** As the first watcher spelled it. */
  readonly topic: Topic;
  readonly watches: Set<Watch>;
  /**
   * Their listeners, listed at the next event after one came or went. A list is never changed: coming and going inside a `next`
   * must not disturb the round in which it happens.
   */
  listeners: readonly TopicListener[] | undefined;
  last: TopicEvent | undefined;
  /** Of a book that is sent in updates: what the next joiner gets in place of the last update. */
  depth: LastDepth | undefined;
  /** The refusal that still stands. */
  refused: Refused | undefined;
  /** Set while it has no watcher: identifies this time without watchers. */
  departure: Departure | undefined;
}

/** A topic lost its last watcher. */
export interface Departure {
  readonly topic: Topic;
}

/** Data of a topic, also those that only their provider knows. */
export type TopicEvent = FeedEvent & SymbolData;

type TopicListener = Pick<Observer<TopicEvent>, 'next'>;

/** A topic of a watcher, in the watcher's own spelling. */
export interface Watch {
  readonly watcher: Watcher;
  /** In which order the watchers came. */
  readonly order: number;
  readonly topic: Topic;
  readonly entry: TopicEntry;
  readonly listener: TopicListener;
}

/** Hands an event to all that watch its topic. */
export const tell = (entry: TopicEntry, event: TopicEvent): void => {
  entry.listeners ??= Array.from(entry.watches, ({ listener }) => listener);
  for (const listener of entry.listeners) listener.next(event);
};

/** The watches of some topics by their watchers, those that came first first. It looks at no other watcher. */
export const watchesBy = (
  entries: Iterable<TopicEntry | undefined>,
): readonly (readonly [Watcher, readonly [Watch, ...Watch[]]])[] => {
  const found = new Map<Watcher, [Watch, ...Watch[]]>();
  for (const entry of new Set(entries)) {
    for (const watch of entry?.watches ?? []) {
      const others = found.get(watch.watcher);
      if (others) others.push(watch);
      else found.set(watch.watcher, [watch]);
    }
  }
  return [...found].sort(([, [one]], [, [other]]) => one.order - other.order);
};

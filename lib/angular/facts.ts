import { feedNameOf, isLinkEvent, isMarketEvent, isOwnData, type FeedEvent } from '../model/feedEvent.js';
import { linkTable } from '../model/link.js';
import { topicKey, type Topic } from '../model/topic.js';
import { topicOf } from '../model/topicOf.js';
import type { RefusedTopic } from './wish.js';

/** What is known beside the value. */
export interface Facts {
  /** Whether data and a value have come since the last start. */
  readonly isLoaded: boolean;
  /** Whether there was a value before, of the same topics. */
  readonly isKept: boolean;
  /** Whether a link has a hole that is still open. */
  readonly isHoled: boolean;
  readonly refused: readonly RefusedTopic[];
  /** Keys of the topics that each feed has refused. */
  readonly dead: ReadonlySet<string>;
  readonly error: Error | undefined;
}

export const noFacts: Facts = {
  isLoaded: false,
  isKept: false,
  isHoled: false,
  refused: [],
  dead: new Set(),
  error: undefined,
};

/** Notes what events say of holes and refusals. */
export interface Notes {
  readonly next: (event: FeedEvent) => void;
  /** Forgets the refusals of topics that are not wanted any more. */
  readonly keep: (topics: readonly Topic[]) => void;
}

export const takeNotes = (change: (facts: Pick<Facts, 'isHoled'> | Pick<Facts, 'refused' | 'dead'>) => void): Notes => {
  const links = linkTable();
  const feeds = new Set<string>();
  const holed = new Set<string>();
  /** By topic, then by feed: of two vendors one may refuse what the other serves. */
  const refusals = new Map<string, Map<string, RefusedTopic>>();

  const changed = (): void => {
    const dead = [...refusals].filter(([, by]) => by.size >= feeds.size).map(([key]) => key);
    change({ refused: [...refusals.values()].flatMap((by) => [...by.values()]), dead: new Set(dead) });
  };
  const serve = (key: string, feed: string): void => {
    const by = refusals.get(key);
    if (!by?.delete(feed)) return;
    if (by.size === 0) refusals.delete(key);
    changed();
  };
  const refuse = (topics: readonly Topic[], feed: string, reason: string): void => {
    for (const topic of topics) {
      const key = topicKey(topic);
      const by = refusals.get(key) ?? new Map<string, RefusedTopic>();
      refusals.set(key, by.set(feed, { topic, reason }));
    }
    changed();
  };

  return {
    next: (event) => {
      const feed = feedNameOf(event);
      if (!isLinkEvent(event)) {
        // Making a key costs something, and is for those only who have a refusal that may be over.
        if (refusals.size > 0 && (isMarketEvent(event) || isOwnData(event))) serve(topicKey(topicOf(event)), feed);
        return;
      }
      const isNew = feeds.size < feeds.add(feed).size;
      const link = links.next(event);
      if (link) {
        if (link.hole) holed.add(feed);
        else holed.delete(feed);
        change({ isHoled: holed.size > 0 });
      }
      if (event.kind === 'refused') refuse(event.topics, feed, event.reason);
      else if (event.kind === 'subscribed') event.topics.forEach((topic) => serve(topicKey(topic), feed));
      else if (isNew && refusals.size > 0) changed();
    },
    keep: (topics) => {
      const kept = new Set(topics.map(topicKey));
      const gone = [...refusals.keys()].filter((key) => !kept.has(key));
      gone.forEach((key) => refusals.delete(key));
      if (gone.length > 0) changed();
    },
  };
};

import { feedNameOf, type Connected, type Disconnected, type FeedEvent, type Subscribed } from '../model/feedEvent.js';
import { leftBy } from '../model/leftBy.js';
import { linkTable, soundLink } from '../model/link.js';
import { canonicalSymbol } from '../model/symbol.js';
import { topicKey, type Topic } from '../model/topic.js';

/** The link events of a stream that still hold. */
export interface LinkMemory<A> {
  readonly remember: (event: A) => void;
  /** The events with which a run for this symbol begins: the state of the link of each feed, and the topics served. */
  readonly of: (symbol: string) => readonly A[];
}

interface FeedMemory {
  readonly link: Connected | Disconnected | undefined;
  /** By symbol, however it is spelled. */
  readonly served: Map<string, readonly Subscribed[]>;
}

/** Remembers link events by feed, the latest news last. Other values say nothing. */
export const linkMemory = <A>(): LinkMemory<A> => {
  const links = linkTable();
  const feeds = new Map<string, FeedMemory>();

  const turn = (event: Connected | Disconnected): void => {
    const name = feedNameOf(event);
    const last = feeds.get(name)?.link;
    const isNew = links.next(event) !== undefined;
    // Received again. Two equal events made by hand may be distinct: then the other kind lies between them.
    if (!isNew && last && (last.kind === event.kind || event.receivedAt < last.receivedAt)) return;
    feeds.delete(name);
    feeds.set(name, { link: event, served: new Map() });
  };

  const serve = (event: Subscribed): void => {
    const name = feedNameOf(event);
    const memory = feeds.get(name) ?? { link: undefined, served: new Map<string, readonly Subscribed[]>() };
    feeds.set(name, memory);
    for (const topic of event.topics) {
      const key = canonicalSymbol(topic.symbol);
      const others = memory.served.get(key) ?? [];
      if (others.some(({ topics }) => topics.some((other) => isSame(topic, other)))) continue;
      memory.served.set(key, [...others, { ...event, topics: [topic] }]);
    }
  };

  return {
    remember: (value) => {
      const event = soundLink(value as FeedEvent, 0);
      switch (event.kind) {
        case 'connected':
        case 'disconnected':
          return turn(event);
        case 'switched': {
          const { feed, to, isAll } = leftBy(event) ?? {};
          const memory = feed === undefined || !isAll ? undefined : feeds.get(feed);
          if (feed === undefined || to === undefined || memory === undefined || feed === to) return;
          links.next(event);
          feeds.delete(feed);
          const { provider } = event;
          feeds.set(to, { link: memory.link && { ...memory.link, provider, feed: to }, served: new Map() });
          return;
        }
        case 'subscribed':
          return serve(event);
        case 'unsubscribed':
          for (const topic of event.topics) {
            const memory = feeds.get(feedNameOf(event));
            const key = canonicalSymbol(topic.symbol);
            const left = memory?.served.get(key)?.filter(({ topics }) => !topics.some((other) => isSame(topic, other)));
            if (left) memory?.served.set(key, left);
          }
      }
    },
    of: (symbol) => {
      const key = canonicalSymbol(symbol);
      const events: FeedEvent[] = [];
      for (const { link, served } of feeds.values()) {
        if (link) events.push(link);
        events.push(...(served.get(key) ?? []));
      }
      return events as A[];
    },
  };
};

const isSame = (one: Topic, other: Topic): boolean => topicKey(one) === topicKey(other);

import { isMarketEvent, type FeedEvent } from '../../model/feedEvent.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { topicMap } from '../topicMap.js';

/** Which events concern topics that are added one by one. */
export const concern = () => {
  const { of, ofEvent, set, delete: close } = topicMap<Topic>();
  return {
    open: (topic: Topic): void => {
      if (!of(topic)) set(topic, topic);
    },
    close,
    /** The event, as far as it is of these topics; undefined when it is of none of them. */
    about: (event: FeedEvent): FeedEvent | undefined => {
      if (isMarketEvent(event)) return ofEvent(event) && event;
      switch (event.kind) {
        case 'refused':
          return event.topics.some(of) ? event : undefined;
        case 'subscribed':
        case 'unsubscribed': {
          const topics = event.topics.filter(of);
          return topics.length > 0 ? { ...event, topics } : undefined;
        }
        default:
          return undefined;
      }
    },
  };
};

/** Whether an event is of the link as a whole, and of no topic. */
export const isOfLink = (event: FeedEvent): boolean => {
  if (isMarketEvent(event) || event.kind === 'subscribed' || event.kind === 'unsubscribed') return false;
  return event.kind !== 'refused' || event.topics.length === 0;
};

/**
 * Lets the events of a topic pass from the moment on at which the leader has said what was missed of it. Before that the
 * topic may be heard because another tab watches it, and would be heard again in the leader's answer.
 */
export const gate = () => {
  let wanted: ReadonlySet<string> = new Set();
  const held = new Map<string, Topic>();
  const { open, close, about } = concern();

  return {
    /** What passes of an event: all of it, what it says of open topics, or nothing. */
    pass: (event: FeedEvent): FeedEvent | undefined => about(event) ?? (isOfLink(event) ? event : undefined),

    /** Shuts the gate for what is no longer wanted. */
    keep: (topics: readonly Topic[]): void => {
      wanted = new Set(topics.map(topicKey));
      for (const [key, topic] of [...held]) {
        if (!wanted.has(key) && held.delete(key)) close(topic);
      }
    },

    /** Opens the gate for what is still wanted, and returns what has not been heard of it. */
    admit: (topics: readonly Topic[], missed: readonly FeedEvent[]): readonly FeedEvent[] => {
      const fresh = concern();
      for (const topic of topics) {
        const key = topicKey(topic);
        if (!wanted.has(key) || held.has(key)) continue;
        held.set(key, topic);
        open(topic);
        fresh.open(topic);
      }
      return missed.flatMap((event) => fresh.about(event) ?? (isOfLink(event) ? event : []));
    },

    shut: (): void => {
      held.forEach((topic) => close(topic));
      held.clear();
    },
  };
};

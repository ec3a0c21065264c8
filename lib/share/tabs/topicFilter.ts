import { isMarketEvent, isOwnData, type FeedEvent } from '../../model/feedEvent.js';
import type { Topic } from '../../model/topic.js';
import { isRepair, topicMap, topicsOfRepair } from '../topicMap.js';

/** Which events concern topics that are added one by one. */
export const topicFilter = () => {
  const { of, ofEvent, set, delete: close } = topicMap<Topic>();
  return {
    open: (topic: Topic): void => {
      if (!of(topic)) set(topic, topic);
    },
    close,
    /** The event, as far as it is of these topics; undefined when it is of none of them. */
    about: (event: FeedEvent): FeedEvent | undefined => {
      if (isRepair(event)) return topicsOfRepair(event).some(of) ? event : undefined;
      if (isMarketEvent(event) || isOwnData(event)) return ofEvent(event) && event;
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
  if (
    event.kind === 'backfilled' ||
    event.kind === 'recovered' ||
    isMarketEvent(event) ||
    isOwnData(event) ||
    event.kind === 'subscribed' ||
    event.kind === 'unsubscribed'
  )
    return false;
  return event.kind !== 'refused' || event.topics.length === 0;
};

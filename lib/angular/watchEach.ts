import { asyncScheduler, Observable, type Subscription } from 'rxjs';
import { feedNameOf, isMarketEvent, type FeedEvent, type Subscribed } from '../model/feedEvent.js';
import { topicKey, type Topic } from '../model/topic.js';
import type { WatchableFeed } from './ProvidedFeed.js';

/** A topic that is watched. */
interface Watch {
  readonly topic: Topic;
  /** By feed: what said that it is served. */
  readonly served: Map<string, Subscribed>;
  readonly work: Subscription;
}

/**
 * Watches distinct topics, as they change: topics that stay are not disturbed, and their events are not repeated. What is
 * left is `unsubscribed`, so that no operator waits for it after an outage. Completes when the feed ends, and calls
 * `onOver` before, with its error if there is one: what an operator makes of the end is no matter of the error. An empty
 * list is allowed.
 *
 *     topics$    a-----b------    // a: [x], b: [x, y]
 *     watchEach  -c-x----y-x--
 */
export const watchEach = (
  feed: WatchableFeed,
  topics$: Observable<readonly Topic[]>,
  onOver: (error?: unknown) => void,
): Observable<FeedEvent> =>
  new Observable((subscriber) => {
    const watches = new Map<string, Watch>();
    const emitted = new WeakSet<FeedEvent>();
    /** Keys of what was left: its data begin anew when it comes back. */
    const left = new Set<string>();

    const over = (error?: unknown): void => {
      if (subscriber.closed) return;
      onOver(error);
      subscriber.complete();
    };

    const begin = (topic: Topic): Watch => {
      const key = topicKey(topic);
      const since = left.delete(key) ? asyncScheduler.now() : -Infinity;
      const served = new Map<string, Subscribed>();
      /** Each topic is a watcher of its own, and all of them receive the link events. */
      const receive = (event: FeedEvent): void => {
        if (isMarketEvent(event)) return subscriber.next(event);
        const isOfTopic = 'topics' in event && event.topics.some((said) => topicKey(said) === key);
        if (isOfTopic && event.kind === 'subscribed') served.set(feedNameOf(event), event);
        else if (isOfTopic) served.delete(feedNameOf(event));
        if (emitted.has(event)) return;
        emitted.add(event);
        const isOld = event.kind === 'subscribed' && event.receivedAt < since;
        subscriber.next(isOld ? { ...event, receivedAt: since } : event);
      };
      const work = feed.watch([topic]).subscribe({ next: receive, error: over, complete: over });
      subscriber.add(work);
      return { topic, served, work };
    };

    const leave = ({ topic, served, work }: Watch, isKept: boolean): void => {
      subscriber.remove(work);
      work.unsubscribe();
      if (isKept) return;
      left.add(topicKey(topic));
      const receivedAt = asyncScheduler.now();
      for (const event of served.values()) {
        subscriber.next({ ...event, kind: 'unsubscribed', receivedAt, topics: [topic] });
      }
    };

    const want = (topics: readonly Topic[]): void => {
      const wanted = new Map(topics.map((topic) => [spelling(topic), topic]));
      const keys = new Set(topics.map(topicKey));
      // Joining comes before leaving, or the feed might end between.
      for (const [name, topic] of wanted) {
        if (!watches.has(name) && !subscriber.closed) watches.set(name, begin(topic));
      }
      for (const [name, watch] of watches) {
        if (wanted.has(name)) continue;
        watches.delete(name);
        leave(watch, keys.has(topicKey(watch.topic)));
      }
    };

    const change = (topics: readonly Topic[]): void => {
      try {
        want(topics);
      } catch (error) {
        over(error);
      }
    };
    subscriber.add(topics$.subscribe(change));
  });

/** A topic that is spelled anew is watched anew, since its events carry the spelling. */
const spelling = (topic: Topic): string => `${topicKey(topic)} ${topic.symbol}`;

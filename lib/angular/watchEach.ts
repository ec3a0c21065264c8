import { Observable, type Subscription } from 'rxjs';
import { isMarketEvent, type FeedEvent } from '../model/feedEvent.js';
import type { WatchableFeed } from './ProvidedFeed.js';
import { checkTopics, distinctTopics, topicKey, type Topic } from '../model/topic.js';

/**
 * Watches the topics, as they change: topics that stay are not disturbed, and their events are not repeated. Completes
 * when the feed ends, also by an error, which the link shows. An empty list is allowed.
 *
 *     topics$    a-----b------    // a: [x], b: [x, y]
 *     watchEach  -c-x----y-x--
 */
export const watchEach = (feed: WatchableFeed, topics$: Observable<readonly Topic[]>): Observable<FeedEvent> =>
  new Observable((subscriber) => {
    const watched = new Map<string, Subscription>();
    const emitted = new WeakSet<FeedEvent>();

    /** Each topic is a watcher of its own, and all of them receive the link events. */
    const receive = (event: FeedEvent): void => {
      if (!isMarketEvent(event)) {
        if (emitted.has(event)) return;
        emitted.add(event);
      }
      subscriber.next(event);
    };
    const over = (): void => subscriber.complete();

    const want = (topics: readonly Topic[]): void => {
      const wanted = new Map(distinctTopics(checkTopics(topics)).map((topic) => [spelling(topic), topic]));
      // Joining comes before leaving, or the feed might end between.
      for (const [key, topic] of wanted) {
        if (watched.has(key) || subscriber.closed) continue;
        const watch = feed.watch([topic]).subscribe({ next: receive, error: over, complete: over });
        watched.set(key, watch);
        subscriber.add(watch);
      }
      for (const [key, watch] of watched) {
        if (wanted.has(key)) continue;
        watched.delete(key);
        subscriber.remove(watch);
        watch.unsubscribe();
      }
    };

    subscriber.add(
      topics$.subscribe({
        next: (topics) => {
          try {
            want(topics);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
  });

/** A topic that is spelled anew is watched anew, since its events carry the spelling. */
const spelling = (topic: Topic): string => `${topicKey(topic)} ${topic.symbol}`;

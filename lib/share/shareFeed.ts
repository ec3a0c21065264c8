import { Observable } from 'rxjs';
import { checkDuration } from '../model/checkDuration.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { checkSomeTopics, distinctTopics, type Topic } from '../model/topic.js';
import { liveFeed, type MakeFeed } from './liveFeed.js';

/** For how long a shared feed outlives its watchers. */
export interface ShareOptions {
  /** Milliseconds a topic, and with the last one the feed, outlives its last watcher. Defaults to 0. */
  readonly linger?: number | undefined;
}

/** One feed that many may watch. */
export interface SharedFeed {
  /**
   * What the market says about the topics, and all that the link says, each event in the spelling used here.
   *
   * Cold: each subscription counts. A late joiner hears at once the last event of each topic, on a live link after its
   * `connected`, on a dead one before its `disconnected`. Throws `InvalidTopic` for a malformed topic or none at all.
   */
  readonly watch: (topics: readonly Topic[]) => Observable<FeedEvent>;
}

/**
 * Lets many watch one feed, over one subscription to it that asks for what any of them wants.
 *
 * The feed starts with the first watcher and ends `linger` ms after the last one left. A topic is asked for once,
 * however many watch it, and withdrawn `linger` ms after its last watcher left; changes within one turn of the event
 * loop travel together. An end of the feed reaches every watcher; who watches after that starts a new one. Throws
 * `InvalidOption` for a `linger` that is no time.
 *
 * @example
 * const desk = shareFeed((topics) => itick({ token, market: 'stock', topics }), { linger: 5_000 });
 * desk.watch(quotes('AAPL.US')).subscribe(show);
 */
export const shareFeed = (makeFeed: MakeFeed, { linger = 0 }: ShareOptions = {}): SharedFeed => {
  checkDuration('linger', linger);
  let live: ReturnType<typeof liveFeed> | undefined;

  return {
    watch: (topics) => {
      const wanted = distinctTopics([...checkSomeTopics(topics)]);
      return new Observable((watcher) => {
        if (live) return live.join(watcher, wanted);
        const fresh = (live = liveFeed(makeFeed, linger, () => (live = undefined)));
        const leave = fresh.join(watcher, wanted);
        fresh.start();
        return leave;
      });
    },
  };
};

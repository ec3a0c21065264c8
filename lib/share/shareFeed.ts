import {
  auditTime,
  defer,
  distinctUntilChanged,
  isObservable,
  map,
  Observable,
  ReplaySubject,
  Subject,
  Subscription,
  timer,
} from 'rxjs';
import { checkDuration } from '../model/check.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { checkSomeTopics, checkTopics, distinctTopics, isSameList, type Topic } from '../model/topic.js';
import { inOrder } from './inOrder.js';
import { topicTable, type Departure, type Watcher } from './topicTable.js';

/** A feed: what the market and the connection say, in order. It connects when it is subscribed to. */
export type Feed = Observable<FeedEvent>;

/** Makes a feed of the topics that are wanted, as they change. */
export type MakeFeed = (topics$: Observable<readonly Topic[]>) => Feed;

/** For how long a shared feed outlives its watchers. */
export interface ShareOptions {
  /**
   * Milliseconds a topic, and with the last one the feed, outlives its last watcher.
   *
   * @defaultValue 0
   */
  readonly linger?: number | undefined;
}

/** One feed that many may watch. */
export interface SharedFeed {
  /**
   * The market events of the topics, and all news of the link, each event in the spelling used here.
   *
   * Cold: each subscription counts. A late joiner gets at once the last event of each topic, on a live link after its
   * `connected`, on a dead one before its `disconnected`; of a book that is sent in updates it gets the whole book. Throws
   * `InvalidTopic` for a malformed topic or none at all.
   *
   * Topics may be an Observable of lists: each list replaces the one before. A topic that stays is not disturbed, and nothing
   * is repeated for it; the list may be empty. A malformed topic, and an error of that Observable, is an error here.
   */
  readonly watch: (topics: readonly Topic[] | Observable<readonly Topic[]>) => Feed;
  /** Ends the feed at once, whatever the `linger`: every watcher completes. A later watcher starts a new feed. */
  readonly close: () => void;
}

/**
 * Lets many watch one feed, over one subscription to it that asks for what any of them wants.
 *
 * The feed starts with the first watcher and ends `linger` ms after the last one left. A topic is asked for once,
 * however many watch it, and unsubscribed from `linger` ms after its last watcher left; changes within one turn of the event
 * loop travel together. An end of the feed reaches every watcher; a watcher that comes after that starts a new one. Throws
 * `InvalidOption` for a `linger` that is no time.
 *
 * @example
 * const desk = shareFeed((topics) => itick({ token, market: 'stock', topics }), { linger: 5_000 });
 * desk.watch(quotes('AAPL.US')).subscribe(show);
 */
export const shareFeed = (makeFeed: MakeFeed, { linger = 0 }: ShareOptions = {}): SharedFeed => {
  checkDuration('linger', linger);
  let live: LiveFeed | undefined;

  const join = (): LiveFeed => (live ??= liveFeed(makeFeed, linger, () => (live = undefined)));

  const watchList = (topics: readonly Topic[]): Feed =>
    new Observable((watcher) => {
      const joined = join();
      joined.assign(watcher, topics);
      return () => joined.assign(watcher, []);
    });

  const watchLists = (topics$: Observable<readonly Topic[]>): Feed =>
    new Observable((watcher) => {
      let joined: LiveFeed | undefined;
      const change = (topics: readonly Topic[]): void => {
        // A watcher without topics did not receive the end of that feed.
        if (!joined || joined.isOver()) joined = topics.length > 0 ? join() : undefined;
        joined?.assign(watcher, topics);
      };
      const lists$ = topics$.pipe(map((topics) => distinctTopics([...checkTopics(topics)])));
      watcher.add(() => joined?.assign(watcher, []));
      watcher.add(lists$.subscribe({ next: change, error: (error: unknown) => watcher.error(error) }));
    });

  return {
    watch: (topics) =>
      isObservable(topics) ? watchLists(topics) : watchList(distinctTopics([...checkSomeTopics(topics)])),
    close: () => live?.close(),
  };
};

/** One life of a shared feed: one subscription, until no topic is wanted any more or the feed ends by itself. */
interface LiveFeed {
  /** Makes these distinct topics those of a watcher; none let it leave. The feed starts with the first. */
  readonly assign: (watcher: Watcher, topics: readonly Topic[]) => void;
  readonly close: () => void;
  readonly isOver: () => boolean;
}

/** `onEnd` runs before the watchers receive the end, so that one that watches again at once gets a new feed. */
const liveFeed = (makeFeed: MakeFeed, linger: number, onEnd: () => void): LiveFeed => {
  const table = topicTable();
  const changes$ = new Subject<void>();
  const topics$ = new ReplaySubject<readonly Topic[]>(1);
  const { enter, interject } = inOrder();
  const work = new Subscription();
  let departures: Departure[] = [];
  let isStarted = false;

  const end = (): void => {
    onEnd();
    work.unsubscribe();
  };
  const endFor = (notify: (watcher: Watcher) => void): void => {
    end();
    table.watchers().forEach(notify);
  };
  /** A topic that comes back after its unsubscribe was in no list between, so a vendor that refused it is asked again. */
  const unsubscribeFrom = (gone: readonly Departure[], isLast = true): void => {
    table.forget(gone);
    const topics = table.topics();
    if (topics.length > 0 || !isLast) topics$.next(topics);
    else end();
  };
  const endTurn = (): void => {
    const gone = departures;
    departures = [];
    if (linger === 0) return unsubscribeFrom(gone);
    // Of a refused topic there is nothing to keep, and who comes back to it wants the vendor to be asked again.
    unsubscribeFrom(gone.filter(table.isRefused), false);
    if (gone.length > 0) work.add(timer(linger).subscribe(() => unsubscribeFrom(gone)));
  };
  work.add(changes$.pipe(auditTime(0)).subscribe(endTurn));

  const start = (): Subscription =>
    defer(() => makeFeed(topics$.pipe(distinctUntilChanged(isSameList)))).subscribe({
      next: (event) => enter(table.route, event),
      error: (error: unknown) => enter(endFor, (watcher) => watcher.error(error)),
      complete: () => enter(endFor, (watcher) => watcher.complete()),
    });

  return {
    assign: (watcher, topics) => {
      const assigned = interject((wanted) => table.assign(watcher, wanted), topics);
      for (const departure of assigned.departures) departures.push(departure);
      if (assigned.isOpened || assigned.departures.length > 0) changes$.next();
      if (isStarted) return;
      isStarted = true;
      work.add(start());
    },
    close: () => enter(endFor, (watcher) => watcher.complete()),
    isOver: () => work.closed,
  };
};

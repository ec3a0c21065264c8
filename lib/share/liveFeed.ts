import { defer, distinctUntilChanged, map, ReplaySubject, Subject, Subscription, tap } from 'rxjs';
import type { Observable } from 'rxjs';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import { inOrder } from './inOrder.js';
import { router, type Watcher } from './router.js';
import type { Change } from './tally.js';
import { wish } from './wish.js';

/** Makes a feed of the topics that are wanted, as they change. */
export type MakeFeed = (topics$: Observable<readonly Topic[]>) => Observable<FeedEvent>;

/**
 * One life of a shared feed: one subscription, until nothing is wanted any more or the feed ends by itself. `onEnd` is
 * called before anybody is told, so that who joins on hearing of the end joins the next life.
 */
export const liveFeed = (makeFeed: MakeFeed, linger: number, onEnd: () => void) => {
  const changes$ = new Subject<Change>();
  const topics$ = new ReplaySubject<readonly Topic[]>(1);
  const { route, admit, forget, everyone } = router();
  const { enter, interject } = inOrder();
  const work = new Subscription();

  const end = (): void => {
    onEnd();
    work.unsubscribe();
  };
  const endFor = (tell: (watcher: Watcher) => void): void => {
    end();
    everyone().forEach(tell);
  };

  work.add(
    changes$
      .pipe(
        wish(linger),
        tap(({ withdrawn }) => forget(withdrawn)),
        map(({ topics }) => topics),
        distinctUntilChanged(sameItems),
      )
      .subscribe({ next: (topics) => topics$.next(topics), complete: end }),
  );

  return {
    /** Subscribes to the feed; the wish follows at the end of the turn. */
    start: (): void =>
      work.add(
        defer(() => makeFeed(topics$.asObservable())).subscribe({
          next: (event) => enter(route, event),
          error: (error: unknown) => enter(endFor, (watcher) => watcher.error(error)),
          complete: () => enter(endFor, (watcher) => watcher.complete()),
        }),
      ),

    /** Adds a watcher of distinct topics, and returns how it leaves. */
    join: (watcher: Watcher, topics: readonly Topic[]): (() => void) => {
      changes$.next({ kind: 'join', topics });
      const leaveSeats = interject((wanted) => admit(watcher, wanted), topics);
      return () => {
        leaveSeats();
        changes$.next({ kind: 'leave', topics });
      };
    },
  };
};

const sameItems = <A>(a: readonly A[], b: readonly A[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

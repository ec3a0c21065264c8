import { defer, EMPTY, forkJoin, Observable, take, takeUntil, tap, timer, type Subscription } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { shareFeed, type MakeFeed, type SharedFeed } from '../shareFeed.js';
import { outbox, type Bus, type Message } from './channel.js';
import { isOfLink, topicFilter } from './topicFilter.js';

/** How long to wait for members to get the end of the feed, in milliseconds. */
const DELIVERY_TIMEOUT = 1_000;

/**
 * Serves one feed to all members, until unsubscribed. `gone` emits when a member is no longer there, in whatever way it
 * went. `delivered$` completes when the members have the end of the feed, or after a second; the lock may then be released.
 */
export const leader = (
  { id, messages$, tellSelf, tellOthers }: Bus,
  makeFeed: MakeFeed,
  gone: (member: string) => Observable<void>,
): { readonly lead$: Observable<never>; readonly delivered$: Observable<unknown> } => {
  /** Members that have to get the end of the feed before the lock is released: else the next leader would retry a fatal error. */
  let unread: readonly string[] = [];

  const lead$ = new Observable<never>((subscriber) => {
    const { add, flush, drop } = outbox((events) => tellOthers({ kind: 'events', from: id, events }));
    let ended = false;

    const tell = (event: FeedEvent): void => {
      if (size() > Number(has(id))) add(event);
      tellSelf({ kind: 'events', from: id, events: [event] });
    };
    const end = (message: Message): void => {
      if (ended) return;
      ended = true;
      unread = others();
      flush();
      tellOthers(message);
      tellSelf(message);
    };
    // Left with the reign, and not at the end of the turn: to a page that is frozen it comes when the page is back, and the
    // feed would start over just to be left.
    const shared = shareFeed(
      (topics$) =>
        new Observable((listener) => {
          const feed = makeFeed(topics$).pipe(tap(tell)).subscribe(listener);
          subscriber.add(feed);
          return feed;
        }),
    );
    const { admit, dismiss, has, members, size } = membersOf(shared, {
      error: (error: unknown) => end({ kind: 'failed', from: id, error }),
      complete: () => end({ kind: 'completed', from: id }),
    });
    const others = (): readonly string[] => members().filter((member) => member !== id);

    const serve = (member: string, wanted: readonly Topic[]): void => {
      const isNew = !has(member);
      const news = admit(member, wanted);
      if (ended) return;
      if (isNew && member !== id) {
        const leaving = gone(member).subscribe({
          next: () => dismiss(member),
          error: (error: unknown) => subscriber.error(error),
        });
        subscriber.add(leaving);
      }
      if (!news) return;
      // What is on its way goes first: the answer may hold the same events again.
      flush();
      const tellIt = member === id ? tellSelf : tellOthers;
      tellIt({ kind: 'answer', from: id, to: member, ...news });
    };

    subscriber.add(
      messages$.subscribe((message) => {
        if (ended) return;
        if (message.kind === 'topics') serve(message.from, message.topics);
        else if (message.kind === 'foreign') tellOthers({ kind: 'leading', from: id });
      }),
    );
    subscriber.add(() => {
      drop();
      members().forEach(dismiss);
    });
    tellOthers({ kind: 'leading', from: id });
    tellSelf({ kind: 'leading', from: id });
  });

  return {
    lead$,
    delivered$: defer(() =>
      unread.length === 0
        ? EMPTY
        : forkJoin(unread.map((member) => gone(member).pipe(take(1)))).pipe(takeUntil(timer(DELIVERY_TIMEOUT))),
    ),
  };
};

/** A member, as the leader keeps it. */
interface Member {
  readonly watching: Subscription;
  readonly keys: ReadonlySet<string>;
}

/** What is new to a member by its changed topics. */
interface News {
  readonly topics: readonly Topic[];
  /** What it has missed of them, and at first also how the link is. */
  readonly events: readonly FeedEvent[];
}

/** One watcher of the shared feed for each member. Later events go to every tab; a member only keeps its topics subscribed. */
const membersOf = (shared: SharedFeed, onEnd: { error: (error: unknown) => void; complete: () => void }) => {
  const kept = new Map<string, Member>();

  return {
    /** Makes these the topics of a member; undefined when none of them is new to it. */
    admit: (member: string, wanted: readonly Topic[]): News | undefined => {
      const before = kept.get(member);
      const fresh = wanted.filter((topic) => !before?.keys.has(topicKey(topic)));
      const { about, open } = topicFilter();
      fresh.forEach((topic) => open(topic));
      const { watching, missed } = watched(shared.watch(wanted), onEnd);
      kept.set(member, { watching, keys: new Set(wanted.map(topicKey)) });
      before?.watching.unsubscribe();
      if (before && fresh.length === 0) return undefined;
      return {
        topics: fresh,
        events: missed.flatMap((event) => about(event) ?? (!before && isOfLink(event) ? event : [])),
      };
    },

    dismiss: (member: string): void => {
      kept.get(member)?.watching.unsubscribe();
      kept.delete(member);
    },

    has: (member: string): boolean => kept.has(member),
    size: (): number => kept.size,
    members: (): readonly string[] => [...kept.keys()],
  };
};

/** The events during `subscribe` are what a late joiner has missed. */
const watched = (
  feed$: Observable<FeedEvent>,
  onEnd: { error: (error: unknown) => void; complete: () => void },
): { readonly watching: Subscription; readonly missed: readonly FeedEvent[] } => {
  const missed: FeedEvent[] = [];
  let joining = true;
  const watching = feed$.subscribe({ next: (event) => joining && missed.push(event), ...onEnd });
  joining = false;
  return { watching, missed };
};

import { DiscardPolicy, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/nats-core';
import { interval, map, Observable, startWith, Subscription, switchMap, tap, type Subscriber } from 'rxjs';
import { isMarketEvent, isOwnData, type FeedEvent, type Switched } from '../model/feedEvent.js';
import { distinctTopics, type Topic } from '../model/topic.js';
import { shareFeed, type MakeFeed, type SharedFeed } from '../share/shareFeed.js';
import { numbered } from './connection.js';
import type { Ownership } from './lease.js';
import { outbox, type Outbox, type Say } from './outbox.js';
import { sturdy } from './sturdy.js';
import { LAST, LAST_SUBJECTS, subjectsOf } from './subjects.js';
import type { Wanted } from './wanted.js';
import type { End } from './wire.js';

/** What an owner needs. */
export interface OwnerSettings {
  readonly nats: NatsConnection;
  readonly name: string;
  readonly makeFeed: MakeFeed;
  /** Milliseconds from one beat to the next. */
  readonly beatEvery: number;
  readonly wanted$: Observable<Wanted>;
  readonly up$: Observable<boolean>;
}

/** How long a topic, and with the last one the vendor's socket, outlives its last joiner: one that starts anew is soon back. */
const LINGER = 1_000;
/** How often whole books are said of those that are sent in updates, in milliseconds. */
const BOOKS_EVERY = 100;

/**
 * Owns the feed until unsubscribed: asks the vendor for what the joiners want, and says what comes. Emits what is wanted.
 * Fails or completes as the feed does, after the joiners have the end. Before each word the ownership is asked: when it is over
 * the feed is left at once, and nothing is said.
 */
export const ownFeed = (
  { nats, name, makeFeed, beatEvery, wanted$, up$ }: OwnerSettings,
  { epoch, holds, renewals$ }: Ownership,
): Observable<Wanted> =>
  new Observable((subscriber) => {
    const feeds = new Subscription();
    /** What the joiners want, and what the feed is asked for: that goes on for a while. */
    let asked: readonly Topic[] = [];
    let held: readonly Topic[] = [];
    let isUp = true;

    const isOver = (): boolean => {
      if (holds()) return false;
      out.drop();
      feeds.unsubscribe();
      return true;
    };
    const say: Say = (subject, text, seq) => {
      // What cannot be sent now must not wait in the connection until another owns the feed.
      if (isOver() || !isUp) return;
      try {
        nats.publish(subject, text, { headers: numbered(epoch, seq) });
      } catch {
        // Closed, or too long for the server: its number is missing, and the joiners say so.
      }
    };
    let lastSwitch: Switched | undefined;
    const shared: SharedFeed = shareFeed(
      (topics$) =>
        new Observable<FeedEvent>((listener) => {
          const setTopics = (topics: readonly Topic[]): void => {
            held = topics;
            out.keep(distinctTopics([...asked, ...held]));
          };
          const add = (event: FeedEvent): void => {
            if (isOver()) return;
            if (event.kind === 'switched' && event.symbols === 'all') lastSwitch = event;
            out.add(event);
          };
          const feed = sturdy(makeFeed)(topics$.pipe(tap(setTopics)))
            .pipe(tap(add))
            .subscribe(listener);
          // Left with the ownership, and not after the end of a linger.
          feeds.add(feed);
          listener.add(() => {
            feeds.remove(feed);
            setTopics([]);
          });
          return feed;
        }),
      { linger: LINGER },
    );
    const out: Outbox = outbox(say, subjectsOf(name), {
      link: () => [
        // Of a joiner that did not hear it the link goes on under another name.
        ...(lastSwitch ? [lastSwitch] : []),
        ...missedOf(shared, distinctTopics([...asked, ...held])).filter(
          (event) => !isMarketEvent(event) && !isOwnData(event),
        ),
      ],
      last: (topic) => missedOf(shared, [topic]).find((event) => isMarketEvent(event) || isOwnData(event)),
    });
    const end = (said: End): void => {
      asked = held = [];
      out.end(said);
    };

    subscriber.add(() => {
      // The joiners know then up to when nothing was lost.
      if (holds()) out.beat();
      out.drop();
      feeds.unsubscribe();
      shared.close();
    });
    subscriber.add(
      up$.subscribe((up) => {
        isUp = up;
        // What was said before the stream was there is not kept, nor is what a server had that lost its memory.
        if (up) void openLast(nats).then((isOpen) => isOpen && !isOver() && out.sayAll());
      }),
    );
    // The first one tells the joiners of the new owner.
    out.beat();
    subscriber.add(renewals$.subscribe(() => out.beat()));
    subscriber.add(
      renewals$
        .pipe(
          startWith(undefined),
          switchMap(() => interval(beatEvery)),
        )
        .subscribe(() => out.beat()),
    );
    // Before the feed is asked: it may have an answer at once.
    const asked$ = wanted$.pipe(
      tap(({ topics }) => {
        asked = topics;
        out.keep(distinctTopics([...asked, ...held]));
      }),
    );
    subscriber.add(interval(BOOKS_EVERY).subscribe(() => out.sayBooks()));
    subscriber.add(watching(shared, asked$, subscriber, end));
  });

/** Watches what is wanted, and hands that on. */
const watching = (
  shared: SharedFeed,
  wanted$: Observable<Wanted>,
  subscriber: Subscriber<Wanted>,
  end: (said: End) => void,
): Subscription =>
  shared
    .watch(
      wanted$.pipe(
        tap((now) => subscriber.next(now)),
        map(({ topics }) => topics),
      ),
    )
    .subscribe({
      error: (error: unknown) => {
        end({ failed: error instanceof Error ? error : new Error(String(error)) });
        subscriber.error(error);
      },
      complete: () => {
        end({ completed: true });
        subscriber.complete();
      },
    });

/** What a late joiner has missed of these topics: the events during `subscribe`. They are watched, so nothing else changes. */
const missedOf = (shared: SharedFeed, topics: readonly Topic[]): readonly FeedEvent[] => {
  if (topics.length === 0) return [];
  const missed: FeedEvent[] = [];
  let isJoining = true;
  const watch = shared.watch(topics).subscribe({
    next: (event) => isJoining && missed.push(event),
    error: () => undefined,
  });
  isJoining = false;
  watch.unsubscribe();
  return missed;
};

/** How long a last value is kept, in milliseconds. */
const LAST_AGE = 86_400_000;

/** Creates the stream of last values where it is not; false where that cannot be done now. */
const openLast = async (nats: NatsConnection): Promise<boolean> => {
  try {
    const manager = await jetstreamManager(nats, { checkAPI: false });
    await manager.streams.add({
      name: LAST,
      subjects: [LAST_SUBJECTS],
      storage: StorageType.Memory,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_msgs_per_subject: 1,
      max_age: nanos(LAST_AGE),
      allow_direct: true,
      no_ack: true,
    });
    return true;
  } catch {
    return false;
  }
};

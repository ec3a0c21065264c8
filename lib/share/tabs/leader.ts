import { defer, EMPTY, forkJoin, Observable, take, takeUntil, tap, timer } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Topic } from '../../model/topic.js';
import type { MakeFeed } from '../shareFeed.js';
import { shareFeed } from '../shareFeed.js';
import type { Bus } from './bus.js';
import type { Message } from './Message.js';
import { outbox } from './outbox.js';
import { seats } from './seats.js';

/** How long, in milliseconds, members are waited for that were told of the end. */
const FAREWELL = 1_000;

/**
 * Serves one feed to all members, until unsubscribed. `gone` emits when a member is no longer there, in whatever way it
 * went. `farewell$` completes when the place can be left to another.
 */
export const leader = (
  { id, messages$, tellSelf, tellOthers }: Bus,
  makeFeed: MakeFeed,
  gone: (member: string) => Observable<void>,
): { readonly lead$: Observable<never>; readonly farewell$: Observable<unknown> } => {
  /** Who has to hear of the end before the place is free: the next leader would try again what nothing can help. */
  let mourners: readonly string[] = [];

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
      mourners = others();
      flush();
      tellOthers(message);
      tellSelf(message);
    };
    // Left with the reign, and not at the end of the turn: to a page that is frozen it comes when the page is back, and the
    // feed would start over just to be left.
    const desk = shareFeed(
      (topics$) =>
        new Observable((listener) => {
          const feed = makeFeed(topics$).pipe(tap(tell)).subscribe(listener);
          subscriber.add(feed);
          return feed;
        }),
    );
    const { seat, unseat, has, members, size } = seats(desk, {
      error: (error: unknown) => end({ kind: 'failed', from: id, error }),
      complete: () => end({ kind: 'completed', from: id }),
    });
    const others = (): readonly string[] => members().filter((member) => member !== id);

    const serve = (member: string, wish: readonly Topic[]): void => {
      const isNew = !has(member);
      const news = seat(member, wish);
      if (ended) return;
      if (isNew && member !== id) {
        const leaving = gone(member).subscribe({
          next: () => unseat(member),
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
        if (message.kind === 'wish') serve(message.from, message.topics);
        else if (message.kind === 'foreign') tellOthers({ kind: 'leading', from: id });
      }),
    );
    subscriber.add(() => {
      drop();
      members().forEach(unseat);
    });
    tellOthers({ kind: 'leading', from: id });
    tellSelf({ kind: 'leading', from: id });
  });

  return {
    lead$,
    farewell$: defer(() =>
      mourners.length === 0
        ? EMPTY
        : forkJoin(mourners.map((member) => gone(member).pipe(take(1)))).pipe(takeUntil(timer(FAREWELL))),
    ),
  };
};

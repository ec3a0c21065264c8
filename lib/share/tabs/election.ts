import {
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  Observable,
  of,
  switchMap,
  take,
  takeUntil,
  takeWhile,
  type OperatorFunction,
} from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { hasPage, onPage, REST, RETURN } from '../../model/pageEvents.js';
import type { Topic } from '../../model/topic.js';
import type { MakeFeed } from '../shareFeed.js';
import { bus } from './channel.js';
import type { Handover } from './handover.js';
import { leader } from './leader.js';
import { member } from './member.js';
import { CannotShare, toolsOf, type TabLocks, type TabTools } from './TabTools.js';

/**
 * The feed of the tabs of a name, as one of them. Each member holds a lock of its own, by which the leader learns that it
 * is gone, and waits for the lock of the leader. Fails with `CannotShare` where that cannot be.
 */
export const membership = (
  makeFeed: MakeFeed,
  name: string,
  tools: TabTools,
  topics$: Observable<readonly Topic[]>,
): Observable<FeedEvent | Handover> =>
  defer(() => {
    const { locks, openChannel } = toolsOf(tools);
    return bus(`rxtape ${name}`, openChannel).pipe(
      switchMapToEnd((line) => {
        const gone = (id: string): Observable<void> => holding(locks, lockOf(id)).pipe(take(1));
        const { lead$, delivered$ } = leader(line, makeFeed, gone);
        const leading$ = holding(locks, `rxtape feed ${name}`, delivered$).pipe(switchMap(() => lead$));
        // A tab must hold its own lock before it subscribes or leads, or its death would go unnoticed. `leading$` emits nothing.
        return holding(locks, lockOf(line.id)).pipe(
          switchMapToEnd(() => member(line, topics$).pipe(takeUntil(leading$))),
        );
      }),
    );
  });

const lockOf = (id: string): string => `rxtape tab ${id}`;

/**
 * Emits when the lock is held, and holds it until unsubscribed and, from then on, until `delivered$` is over. Fails with
 * `CannotShare` where the platform gives no locks, as to a page without an origin.
 */
export const holding = (locks: TabLocks, name: string, delivered$: Observable<unknown> = EMPTY): Observable<void> =>
  new Observable((subscriber) => {
    const waiting = new AbortController();
    let release = (): void => waiting.abort();
    const held = (): Promise<void> | undefined => {
      // A lock may be on its way when it is no longer waited for.
      if (subscriber.closed) return undefined;
      return new Promise((resolve) => {
        release = resolve;
        subscriber.next();
      });
    };
    // Inside `then`, so that a platform is heard too that throws where it should reject.
    Promise.resolve()
      .then(() => (subscriber.closed ? undefined : locks.request(name, { signal: waiting.signal }, held)))
      .catch((error: unknown) => subscriber.error(new CannotShare(`the Web Locks are refused: ${String(error)}`)));
    return () => delivered$.subscribe({ complete: () => release(), error: () => release() });
  });

const over = Symbol('over');

/** Like `switchMap`, and complete as soon as the inner Observable is, though the outer one goes on. */
export const switchMapToEnd =
  <A, B>(project: (value: A) => Observable<B>): OperatorFunction<A, B> =>
  (source$) =>
    source$.pipe(
      switchMap((value) => concat(project(value), of(over))),
      takeWhile((value): value is B => value !== over),
    );

/**
 * Whether the page runs, now and at each change; true for ever where there is no page. A page that is left or frozen
 * receives no messages and sends no answers, so it leaves the election until it is back.
 */
export const pageAwake$: Observable<boolean> = defer(() => (hasPage() ? awake$ : of(true)));

const awake$ = new Observable<boolean>((subscriber) => {
  subscriber.next(true);
  subscriber.add(onPage(REST, () => subscriber.next(false)));
  subscriber.add(onPage(RETURN, () => subscriber.next(true)));
}).pipe(distinctUntilChanged());

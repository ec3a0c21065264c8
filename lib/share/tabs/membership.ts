import { defer, switchMap, take, takeUntil, type Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Topic } from '../../model/topic.js';
import type { MakeFeed } from '../shareFeed.js';
import type { Handover } from './bridged.js';
import { bus } from './bus.js';
import { holding } from './holding.js';
import { lasting } from './lasting.js';
import { leader } from './leader.js';
import { member } from './member.js';
import { toolsOf, type TabTools } from './TabTools.js';

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
      lasting((line) => {
        const gone = (id: string): Observable<void> => holding(locks, lockOf(id)).pipe(take(1));
        const { lead$, farewell$ } = leader(line, makeFeed, gone);
        const reign$ = holding(locks, `rxtape feed ${name}`, farewell$).pipe(switchMap(() => lead$));
        // Nobody may ask for a seat, or lead, before its absence can be noticed. A reign says nothing; it lasts as long as
        // the membership.
        return holding(locks, lockOf(line.id)).pipe(lasting(() => member(line, topics$).pipe(takeUntil(reign$))));
      }),
    );
  });

const lockOf = (id: string): string => `rxtape tab ${id}`;

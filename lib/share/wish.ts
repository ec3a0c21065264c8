import { auditTime, defer, filter, map, mergeMap, of, startWith, takeWhile, timer } from 'rxjs';
import type { Observable, OperatorFunction } from 'rxjs';
import { tally, type Change, type Leavers, type Wish } from './tally.js';

/**
 * The wish that follows from who joins and who leaves, at most once per turn of the event loop, and once more when
 * `linger` milliseconds after a turn its leavers have found no new watcher. Completes when nothing is wanted any more.
 *
 * A topic that comes back after its withdrawal was in no wish between, so a vendor who refused it is asked again.
 */
export const wish =
  (linger: number): OperatorFunction<Change, Wish> =>
  (changes$) =>
    defer(() => {
      const { count, endTurn, withdraw } = tally();
      return changes$.pipe(
        filter(count),
        auditTime(0),
        mergeMap(() => lingered(endTurn(), linger)),
        map(withdraw),
        takeWhile(({ topics }) => topics.length > 0),
      );
    });

const nobody: Leavers = new Set();

/** Whom to withdraw now, and whom later. */
const lingered = (leavers: Leavers, linger: number): Observable<Leavers> =>
  linger === 0 || leavers.size === 0
    ? of(leavers)
    : timer(linger).pipe(
        map(() => leavers),
        filter(({ size }) => size > 0),
        startWith(nobody),
      );

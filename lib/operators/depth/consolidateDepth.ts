import { asyncScheduler, type OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { steadyClock } from '../../model/steadyClock.js';
import type { ConsolidatedBook } from './ConsolidatedBook.js';
import { alarm } from '../alarm.js';
import { DAY } from '../idleLooks.js';
import { emitting } from '../emitting.js';
import { keepConsolidated, receivedAtOf, type ConsolidateOptions } from './keepConsolidated.js';
import type { WithLink } from '../WithLink.js';

/**
 * One ladder for each symbol from the depth of several feeds, each level with its sources; passes nothing else on.
 *
 *     A      -s---s---d-----s-   s snapshot, d disconnected
 *     B      ---s---------------   silent; maxAge ends at x
 *     books  -a-b-b---B-x---a-   a of A, b of both, B of B, x of none
 *
 * Merge the feeds first; a source is a feed, by the `feed` of its events or else their `provider`. It drops out when it is
 * disconnected, lacks a number of its `sequence` or is older than `maxAge`, and comes back with its next depth. An age is
 * elapsed time: setting the clock makes none. Sizes of SH, SZ and BJ are in shares. A symbol that is silent for `idleAfter` is said
 * once more, without sources, and forgotten. Throws `InvalidOption` for a wrong `levels`, `maxAge` or `idleAfter`.
 *
 * @example
 * merge(itick$, tickflow$).pipe(ofSymbol('700.HK'), consolidateDepth({ levels: 10, maxAge: 10_000 }))
 */
export const consolidateDepth = (
  options: ConsolidateOptions = {},
): OperatorFunction<WithLink<FeedEvent>, ConsolidatedBook> => {
  keepConsolidated(options, () => undefined);
  return emitting((emit, life) => {
    const { maxAge = Infinity, idleAfter = DAY } = options;
    const longest = Math.min(maxAge, idleAfter);
    const { apply, expire } = keepConsolidated(options, emit);
    const wallNow = (): number => asyncScheduler.now();
    const steady = maxAge < Infinity ? steadyClock(wallNow) : wallNow;
    const clock = alarm(() => {
      const next = expire(steady(), wallNow());
      clock.at(wallNow() + next - steady());
    });
    life.add(clock.off);
    return (event) => {
      const wall = wallNow();
      apply(event, steady(), wall);
      if (event.kind !== 'depth' || longest === Infinity) return;
      const until = wall + Math.min(idleAfter, maxAge - Math.max(0, wall - receivedAtOf(event, wall)));
      if (until > wall) clock.at(until);
    };
  });
};

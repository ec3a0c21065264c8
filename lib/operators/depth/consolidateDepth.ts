import { asyncScheduler, type OperatorFunction, type Subscription } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { ConsolidatedBook } from './ConsolidatedBook.js';
import { emitting } from '../emitting.js';
import { keepConsolidated, type ConsolidateOptions } from './keepConsolidated.js';

/**
 * One ladder for each symbol from the depth of several feeds, each level with its sources; passes nothing else on.
 *
 *     A      -s---s---d-----s-   s snapshot, d disconnected
 *     B      ---s---------------   silent; maxAge ends at x
 *     books  -a-b-b---B-x---a-   a of A, b of both, B of B, x of none
 *
 * Merge the feeds first; a source is an event's `provider`. It drops out when it is disconnected, has a hole in its
 * `sequence` or is older than `maxAge`, and comes back with its next depth. Sizes of SH, SZ and BJ are in shares.
 * Throws `InvalidOption` for a wrong `levels` or `maxAge`.
 *
 * @example
 * merge(itick$, tickflow$).pipe(ofSymbol('700.HK'), consolidateDepth({ levels: 10, maxAge: 10_000 }))
 */
export const consolidateDepth = (options: ConsolidateOptions = {}): OperatorFunction<FeedEvent, ConsolidatedBook> => {
  keepConsolidated(options, () => undefined);
  return emitting((emit, life) => {
    const { maxAge = Infinity } = options;
    const { apply, expire } = keepConsolidated(options, emit);
    let timer: Subscription | undefined;
    let due = Infinity;

    const arm = (at: number): void => {
      timer?.unsubscribe();
      due = at;
      // A consumer may have left on hearing what expired.
      const isNeeded = at < Infinity && !life.closed;
      timer = isNeeded ? asyncScheduler.schedule(look, at - asyncScheduler.now()) : undefined;
    };
    const look = (): void => arm(expire(asyncScheduler.now()));

    life.add(() => timer?.unsubscribe());
    return (event) => {
      const now = asyncScheduler.now();
      apply(event, now);
      const until = event.receivedAt + maxAge;
      if (event.kind === 'depth' && until > now && until < due) arm(until);
    };
  });
};

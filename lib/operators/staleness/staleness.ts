import type { OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { byTheClock } from '../byTheClock.js';
import { emitting } from '../emitting.js';
import { keepStaleness, type Staleness } from './keepStaleness.js';
import { stalenessSettings, type StalenessOptions } from './StalenessOptions.js';
import type { WithLink } from '../WithLink.js';

/**
 * Says of each symbol when it becomes fresh, stale, closed or halted; passes nothing else on, and never reconnects.
 *
 * Stale is what was silent for `after` ms of trading time, or was cut off by `disconnected`, until its next event. The
 * vendor's own `halted` or `closed` comes first, then the trading hours. One timer, set to the next moment at which
 * something may change. A symbol is known from its first event on. Throws `InvalidOption`.
 *
 *     source                   -a-b-a----------
 *     staleness({ after: 5 })  -A-B----s-(lm)--   s: b is stale; l, m: both are, so it is the link
 *
 * @example
 * feed$.pipe(staleness({ after: 10_000 }), filter(({ state }) => state === 'stale'))
 */
export const staleness = (options: StalenessOptions): OperatorFunction<WithLink<FeedEvent>, Staleness> => {
  stalenessSettings(options);
  return emitting((emit, life) => byTheClock(keepStaleness(options, emit), life));
};

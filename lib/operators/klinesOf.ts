import type { Observable } from 'rxjs';
import type { History } from '../history/History.js';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Interval } from '../model/interval.js';
import type { Kline } from '../model/marketEvent.js';
import { backfill } from './backfill/backfill.js';
import type { BackfillOptions } from './backfill/BackfillOptions.js';
import type { KlineOptions } from './klines/KlineOptions.js';
import { toKlines } from './klines/toKlines.js';
import type { WithLink } from './WithLink.js';

/** How bars are made and repaired: the options of `backfill` and of `toKlines`, of one `calendar`. */
export interface KlinesOfOptions extends Omit<BackfillOptions, 'interval' | 'calendar'>, KlineOptions {}

/**
 * The bars of all symbols of a feed whose holes are repaired: `backfill` and `toKlines` in one call. With `warm` so many bars
 * of before come from the history.
 *
 * Bars that are repaired come late, as corrections; see `chartEdits` and `addOrReplace`. Each subscription repairs for itself:
 * share the bars, or put `backfill` before `shareFeed`. What became of a hole is in `backfilled` events, which are not bars: use
 * `backfill` for those. Throws `InvalidOption`.
 *
 *     feed$     c-t---t----t-|
 *     klinesOf  --f---f-BB-f-|      // f is forming, B of the history
 *
 * @example
 * klinesOf(feed$, history, '1m', { warm: 200 }).pipe(chartEdits())
 */
export const klinesOf = (
  feed$: Observable<WithLink<FeedEvent>>,
  history: History,
  interval: Interval,
  { warm, maxHole, settle, attempts, symbols, ...options }: KlinesOfOptions = {},
): Observable<Kline> => {
  const { calendar } = options;
  const repair = { interval, warm, maxHole, settle, attempts, symbols, calendar };
  return feed$.pipe(backfill(history, repair), toKlines(interval, options));
};

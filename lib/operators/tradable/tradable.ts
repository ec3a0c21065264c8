import type { OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { byTheClock } from '../byTheClock.js';
import { emitting } from '../emitting.js';
import { keepTradable } from './keepTradable.js';
import type { Tradable, TradableOptions } from './TradableOptions.js';
import type { WithLink } from '../WithLink.js';

/**
 * Says of each symbol whether a strategy may act on it, whenever that changes: one gate in place of filters for the link,
 * staleness, trading hours, halts, refusals and books. Nothing else is passed on.
 *
 * A symbol is known from its `subscribed` or its first event on. Put it where the link events still are, and behind
 * `backfill` or `recoverTrades` where those are used. Throws `InvalidOption`.
 *
 *     feed$                    c-s-q-----d--c-s-q-|    c `connected`, s `subscribed`, d `disconnected`
 *     tradable({ after: 5 })   --x-T----s(d)-g-s-T-|   x `silent`, s `stale`, d `disconnected`, g `gap`, T tradable
 *
 * @example
 * feed$.pipe(tradable({ after: 10_000 })).subscribe(({ symbol, tradable, reasons }) =>
 *   tradable ? strategy.resume(symbol) : strategy.pause(symbol, reasons),
 * );
 */
export const tradable = (options: TradableOptions = {}): OperatorFunction<WithLink<FeedEvent>, Tradable> => {
  keepTradable(options, () => undefined);
  return emitting((emit, life) => byTheClock(keepTradable(options, emit), life));
};

import { filter, type Observable } from 'rxjs';
import { isMarketEvent } from '../model/feedEvent.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { topicKey, type Topic } from '../model/topic.js';
import type { Control } from './Control.js';
import type { Wish } from './wish.js';

/**
 * Keeps what a feed emits: control messages end here, and so do market data of topics that have left the wish, which a
 * vendor may go on sending.
 */
export const events =
  ({ withdrawn }: Wish) =>
  <E extends { readonly kind: string }>(messages$: Observable<E>): Observable<Exclude<E, Control>> =>
    messages$.pipe(
      filter(
        (message): message is Exclude<E, Control> =>
          message.kind !== 'control' && (withdrawn.size === 0 || !isWithdrawn(message, withdrawn)),
      ),
    );

const isWithdrawn = (message: { readonly kind: string }, withdrawn: ReadonlyMap<string, Topic>): boolean =>
  isMarketEvent(message) && withdrawn.has(topicKey(topicOf(message)));

const topicOf = (event: MarketEvent): Topic =>
  event.kind === 'kline'
    ? { channel: 'kline', symbol: event.symbol, interval: event.interval }
    : { channel: event.kind, symbol: event.symbol };

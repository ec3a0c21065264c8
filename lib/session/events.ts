import { filter, type Observable } from 'rxjs';
import { isMarketEvent, isOwnData } from '../model/feedEvent.js';
import type { Control } from './Control.js';
import type { WantedTopics } from './wanted.js';

/**
 * Keeps what a feed emits: control messages end here, and so do data of topics that are not wanted. For these
 * `keepSubscribed` emits `unexpected`, unless the topic was wanted until now: a vendor may go on sending it for a while.
 */
export const events =
  ({ lookup }: Pick<WantedTopics, 'lookup'>) =>
  <E extends { readonly kind: string }>(messages$: Observable<E>): Observable<Exclude<E, Control>> =>
    messages$.pipe(
      filter((message): message is Exclude<E, Control> =>
        isMarketEvent(message) || isOwnData(message) ? lookup.admits(message) : message.kind !== 'control',
      ),
    );

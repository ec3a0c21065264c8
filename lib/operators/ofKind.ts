import { filter, type Observable } from 'rxjs';
import type { FeedEventKind } from '../model/feedEvent.js';

/**
 * Keeps the events of the given kinds, and narrows the type to them.
 *
 *     events           t-q-c-t-x-q   t a trade, q a quote, c connected, x disconnected
 *     ofKind('trade')  t-----t----
 *
 * @example
 * feed$.pipe(ofKind('trade', 'quote')) // Observable<Trade | Quote>
 */
export const ofKind =
  <K extends FeedEventKind>(...kinds: readonly [K, ...K[]]) =>
  <E extends { readonly kind: string }>(events$: Observable<E>): Observable<Extract<E, { readonly kind: K }>> =>
    events$.pipe(
      filter((event): event is Extract<E, { readonly kind: K }> => (kinds as readonly string[]).includes(event.kind)),
    );

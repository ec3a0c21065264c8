import { filter, type Observable } from 'rxjs';
import type { Disconnected, FeedEventKind } from '../model/feedEvent.js';
import type { WithoutLink } from './WithLink.js';

/** The events of some kinds, marked where `disconnected` was there and is left out. */
export type OfKind<E, K extends string> = Disconnected extends E
  ? 'disconnected' extends K
    ? Extract<E, { readonly kind: K }>
    : Extract<E, { readonly kind: K }> & WithoutLink
  : Extract<E, { readonly kind: K }>;

/**
 * Keeps the events of the given kinds, and narrows the type to them.
 *
 * It takes the gaps away with the link events, so an operator that needs them, such as `toKlines` or `orderBook`, does not
 * compile behind it: put the operator first, or keep `connected` and `disconnected`.
 *
 *     events           t-q-c-t-x-q   t a trade, q a quote, c connected, x disconnected
 *     ofKind('trade')  t-----t----
 *
 * @example
 * feed$.pipe(ofKind('trade', 'quote')) // Observable<Trade | Quote>
 */
export const ofKind =
  <K extends FeedEventKind>(...kinds: readonly [K, ...K[]]) =>
  <E extends { readonly kind: string }>(events$: Observable<E>): Observable<OfKind<E, K>> =>
    events$.pipe(filter((event): event is E & OfKind<E, K> => (kinds as readonly string[]).includes(event.kind)));

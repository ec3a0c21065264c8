import type { Quote } from '../../model/marketEvent.js';

/**
 * The later of two quotes, with the highest and lowest price that either of them saw, so that no spike gets lost.
 * Associative within a trading day; cumulative volume that falls begins a new one, and then the later quote stands alone.
 *
 * @example
 * feed$.pipe(ofKind('quote'), conflate({ every: 250, merge: mergeQuotes }))
 */
export const mergeQuotes = <Q extends Quote>(held: Q, next: Q): Q =>
  isNewDay(held, next)
    ? next
    : {
        ...next,
        high: Math.max(held.last, held.high ?? held.last, next.last, next.high ?? next.last),
        low: Math.min(held.last, held.low ?? held.last, next.last, next.low ?? next.last),
      };

const isNewDay = (held: Quote, next: Quote): boolean =>
  held.volume !== undefined && next.volume !== undefined && next.volume < held.volume;

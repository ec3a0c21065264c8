import { asyncScheduler, defer, filter, map, type OperatorFunction } from 'rxjs';
import type { FeedError } from '../../model/errors.js';
import { flattenError } from '../../model/errorData.js';
import type { Connected, FeedEvent } from '../../model/feedEvent.js';

/** From here on the feed comes from another place, whose link knows nothing of what was before. */
export interface Handover {
  readonly kind: 'handover';
  readonly cause: FeedError;
}

/**
 * Makes one feed of those of successive leaders: a handover on a live link is `disconnected`, and the `connected` after
 * it says the hole, from what was last heard to now.
 *
 *     source   -c-a--h--c-a-
 *     result   -c-a--d--c-a-
 */
export const bridged = (): OperatorFunction<FeedEvent | Handover, FeedEvent> => (events$) =>
  defer(() => {
    let live = false;
    let handedOver = false;
    let provider = '';
    let heard: number | undefined;
    /** Since when nothing is known, while it is so. */
    let hole: number | undefined;

    const lost = (): void => {
      if (live) hole = heard;
      live = false;
    };
    const resumed = (event: Connected): Connected => {
      const from = handedOver ? hole : undefined;
      live = true;
      handedOver = false;
      hole = undefined;
      if (from === undefined) return event;
      const now = asyncScheduler.now();
      return { ...event, receivedAt: now, resumed: { from, to: now } };
    };
    const bridge = (event: FeedEvent | Handover): FeedEvent | undefined => {
      if (event.kind === 'handover') {
        handedOver = true;
        if (!live) return undefined;
        lost();
        const now = asyncScheduler.now();
        return {
          kind: 'disconnected',
          provider,
          receivedAt: now,
          cause: flattenError(event.cause),
          attempt: 1,
          retryAt: now,
        };
      }
      provider = event.provider;
      if (event.kind === 'disconnected') {
        lost();
        return event;
      }
      const told = event.kind === 'connected' ? resumed(event) : event;
      if (heard === undefined || told.receivedAt > heard) heard = told.receivedAt;
      return told;
    };

    return events$.pipe(
      map(bridge),
      filter((event) => event !== undefined),
    );
  });

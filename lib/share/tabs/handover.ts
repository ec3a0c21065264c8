import { asyncScheduler, Observable, type OperatorFunction } from 'rxjs';
import type { FeedError } from '../../model/errors.js';
import { flattenError } from '../../model/errorData.js';
import { feedNameOf, type Connected, type FeedEvent } from '../../model/feedEvent.js';

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
  new Observable((subscriber) => {
    const lines = new Map<string, Line>();
    let heard: number | undefined;

    const lost = (line: Line): void => {
      if (line.live) line.hole = heard;
      line.live = false;
    };
    const resumed = (event: Connected): Connected => {
      const line = lines.get(feedNameOf(event));
      const from = line?.handedOver ? line.hole : undefined;
      const { provider, feed } = event;
      lines.set(feedNameOf(event), { provider, feed, live: true, handedOver: false, hole: undefined });
      if (from === undefined) return event;
      const now = Math.max(from, asyncScheduler.now());
      return { ...event, receivedAt: now, resumed: { from, to: now } };
    };
    const handOver = ({ cause }: Handover): void => {
      const now = asyncScheduler.now();
      const all = [...lines.values()];
      const live = all.filter((line) => line.live);
      all.forEach((line) => {
        line.handedOver = true;
        lost(line);
      });
      for (const { provider, feed } of live) {
        subscriber.next({
          kind: 'disconnected',
          provider,
          ...(feed !== undefined && { feed }),
          receivedAt: now,
          cause: flattenError(cause),
          attempt: 1,
          retryAt: now,
        });
      }
    };
    const bridge = (event: FeedEvent): void => {
      if (event.kind === 'disconnected') {
        const line = lines.get(feedNameOf(event));
        if (line) lost(line);
        subscriber.next(event);
        return;
      }
      const told = event.kind === 'connected' ? resumed(event) : event;
      if (heard === undefined || told.receivedAt > heard) heard = told.receivedAt;
      subscriber.next(told);
    };

    return events$.subscribe({
      next: (event) => (event.kind === 'handover' ? handOver(event) : bridge(event)),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });

/** One of the feeds that successive leaders share. */
interface Line {
  readonly provider: string;
  readonly feed: string | undefined;
  live: boolean;
  handedOver: boolean;
  /** Since when nothing is known, while it is so. */
  hole: number | undefined;
}

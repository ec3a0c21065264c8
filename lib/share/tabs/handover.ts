import { asyncScheduler, Observable, type OperatorFunction } from 'rxjs';
import type { FeedError } from '../../model/errors.js';
import { flattenError } from '../../model/errorData.js';
import { feedNameOf, type Connected, type FeedEvent } from '../../model/feedEvent.js';
import { ended, instantOf, newOutage, opened, type Instant, type Outage } from '../../model/outage.js';
import { steadyClock } from '../../model/steadyClock.js';

/** From here on the feed comes from another place, whose link knows nothing of what was before. */
export interface Handover {
  readonly kind: 'handover';
  readonly cause: FeedError;
}

/** One of the feeds that successive leaders share. */
interface Line {
  readonly names: { readonly provider: string; readonly feed?: string };
  readonly outage: Outage;
  /** Whether its leader has gone, so that the next `connected` is of another link. */
  readonly handedOver: boolean;
}

/**
 * Makes one feed of those of successive leaders: a handover on a live link is `disconnected`, and the `connected` after
 * it says the gap, from what was last heard to now.
 *
 *     source   -c-a--h--c-a-
 *     result   -c-a--d--c-a-
 */
export const bridged = (): OperatorFunction<FeedEvent | Handover, FeedEvent> => (events$) =>
  new Observable((subscriber) => {
    const lines = new Map<string, Line>();
    // Lengths of time are measured by a clock that is never set back.
    const steady = steadyClock(() => asyncScheduler.now());
    const instant = (): Instant => ({ wall: asyncScheduler.now(), steady: steady() });
    let lastReceivedAt = instantOf(-Infinity);

    const end = (outage: Outage): Outage => ended(outage, { now: instant(), lastReceivedAt });
    const resumed = (event: Connected): Connected => {
      const { provider, feed } = event;
      const names = feed === undefined ? { provider } : { provider, feed };
      const line = lines.get(feedNameOf(event));
      const before = line?.handedOver ? line.outage : newOutage;
      const now = instant();
      const [, told] = opened(before, now, names);
      lines.set(feedNameOf(event), { names, outage: opened(newOutage, now, names)[0], handedOver: false });
      return told.resumed ? { ...event, receivedAt: told.receivedAt, resumed: told.resumed } : event;
    };
    const handOver = ({ cause }: Handover): void => {
      const now = asyncScheduler.now();
      const live = [...lines.values()].filter(({ outage }) => outage.openedAt !== undefined);
      lines.forEach((line, name) => lines.set(name, { ...line, outage: end(line.outage), handedOver: true }));
      for (const { names } of live) {
        const link = { cause: flattenError(cause), attempt: 1, retryAt: now };
        subscriber.next({ kind: 'disconnected', ...names, receivedAt: now, ...link });
      }
    };
    const bridge = (event: FeedEvent): void => {
      if (event.kind === 'disconnected') {
        const line = lines.get(feedNameOf(event));
        if (line) lines.set(feedNameOf(event), { ...line, outage: end(line.outage) });
        subscriber.next(event);
        return;
      }
      const told = event.kind === 'connected' ? resumed(event) : event;
      // What a leader repeats is old; what is new comes before it only when the clock was set back.
      const now = instant();
      if (told.receivedAt > lastReceivedAt.wall || now.wall < lastReceivedAt.wall) {
        // On its way from the leader an event grows old.
        const age = Math.max(0, now.wall - told.receivedAt);
        lastReceivedAt = { wall: told.receivedAt, steady: now.steady - age };
      }
      subscriber.next(told);
    };

    return events$.subscribe({
      next: (event) => (event.kind === 'handover' ? handOver(event) : bridge(event)),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });

import { Observable, type Observer, type OperatorFunction } from 'rxjs';
import { feedNameOf, isLinkEvent, type Disconnected } from '../model/feedEvent.js';
import { linkTable } from '../model/link.js';
import { Instance } from './instance.js';
import { listen } from './listen.js';

/**
 * Runs an operator afresh after each lost connection, so that no state outlives it. The operator does not see the
 * `disconnected` itself.
 *
 * An outage is one gap, however many attempts fail in it and however often one `disconnected` arrives. The loss of a feed
 * concerns only a run that has received values of that feed; a value without a feed may be of any.
 *
 * At a gap the running instance completes, so that it delivers what it still holds, and is left: nothing of it comes
 * after the gap. The source is subscribed to once; its error passes through the operator. The result completes when the
 * source and the last instance have.
 *
 *     source                                -1-2-d-d-3-4-|
 *     perConnection(scan((a, b) => a + b))  -1-3-----3-7-|
 *
 * @example
 * feed$.pipe(ofKind('trade', 'disconnected'), perConnection(pairwise()))
 */
export const perConnection =
  <A, B>(operator: OperatorFunction<A, B>): OperatorFunction<A | Disconnected, B> =>
  (events$) =>
    new Observable((subscriber) => {
      let ended = false;
      const onEnd = (): void => {
        if (ended) subscriber.complete();
      };
      const next = (): Instance<A, B> => new Instance(operator, subscriber, onEnd);
      let instance = next();
      const links = linkTable();
      // Feeds that were lost and have emitted nothing since.
      const down = new Set<string>();
      // What the running instance has received.
      let feeds = new Set<string>();
      let lastFeed: string | undefined;
      let lastReceivedAt = -Infinity;
      let isOfAny = false;

      const receive = (value: A): void => {
        const { kind, feed, provider, receivedAt } = (value ?? {}) as Heard;
        const name = feed ?? provider;
        if (name === undefined) {
          isOfAny = true;
          return down.clear();
        }
        if (receivedAt !== undefined) lastReceivedAt = receivedAt;
        if (name === lastFeed && down.size === 0) return;
        // Other link events do not change the operator, and do not show that data flow.
        const isLink = isLinkEvent(value as object);
        if (!isLink) feeds.add((lastFeed = name));
        if (!isLink || kind === 'connected') down.delete(name);
      };

      const isLoss = (event: Disconnected): boolean => {
        const name = feedNameOf(event);
        if (links.next(event) === undefined && event.receivedAt < lastReceivedAt) return false;
        if (down.has(name)) return false;
        down.add(name);
        return isOfAny || feeds.size === 0 || feeds.has(name);
      };

      const observer: Observer<A | Disconnected> = {
        next: (event) => {
          if (!isGap(event)) {
            receive(event);
            return instance.feed(event);
          }
          if (!isLoss(event)) return;
          feeds = new Set();
          lastFeed = undefined;
          isOfAny = false;
          const last = instance;
          last.finish();
          last.unsubscribe();
          // The value it emitted last may have caused the end, or the next gap.
          if (subscriber.closed || instance !== last) return;
          instance = next();
          instance.start();
        },
        error: (error: unknown) => {
          ended = true;
          if (instance.closed) subscriber.error(error);
          else instance.fail(error);
        },
        complete: () => {
          ended = true;
          instance.finish();
          if (instance.closed) subscriber.complete();
        },
      };
      instance.start();
      listen(events$, observer, subscriber);
    });

interface Heard {
  readonly kind?: unknown;
  readonly feed?: string | undefined;
  readonly provider?: string | undefined;
  readonly receivedAt?: number | undefined;
}

const isGap = (event: unknown): event is Disconnected =>
  typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'disconnected';

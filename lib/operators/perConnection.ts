import { Observable, type Observer, type OperatorFunction } from 'rxjs';
import type { Disconnected } from '../model/feedEvent.js';
import { Instance } from './instance.js';
import { listen } from './listen.js';

/**
 * Runs an operator afresh after each `disconnected`, so that no state outlives a lost connection. The operator does not
 * see the `disconnected` itself.
 *
 * At a gap the running instance completes, so that it delivers what it still holds, and is left: nothing of it comes
 * after the gap. The source is subscribed to once; its error passes through the operator. The result completes when the
 * source and the last instance have.
 *
 *     source                                -1-2-d-3-4-|
 *     perConnection(scan((a, b) => a + b))  -1-3---3-7-|
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

      const observer: Observer<A | Disconnected> = {
        next: (event) => {
          if (!isGap(event)) return instance.feed(event);
          const last = instance;
          last.finish();
          last.unsubscribe();
          // What it said last may have brought about the end, or the next gap.
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

const isGap = (event: unknown): event is Disconnected =>
  typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'disconnected';

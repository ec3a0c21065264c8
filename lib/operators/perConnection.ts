import { Observable, type OperatorFunction } from 'rxjs';
import type { Disconnected } from '../model/feedEvent.js';
import { Instance } from './instance.js';

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
      let running = false;
      let ended = false;
      const start = (): Instance<A, B> => {
        running = true;
        return new Instance(operator, subscriber, () => {
          running = false;
          if (ended) subscriber.complete();
        });
      };
      let instance = start();
      const source = events$.subscribe({
        next: (event) => {
          if (!isGap(event)) return instance.feed(event);
          instance.finish();
          instance.unsubscribe();
          if (!subscriber.closed) instance = start();
        },
        error: (error: unknown) => (running ? instance.fail(error) : subscriber.error(error)),
        complete: () => {
          ended = true;
          instance.finish();
          if (!running) subscriber.complete();
        },
      });
      return () => {
        source.unsubscribe();
        instance.unsubscribe();
      };
    });

const isGap = (event: unknown): event is Disconnected =>
  typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'disconnected';

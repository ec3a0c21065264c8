import { asyncScheduler, from, Observable, type ObservableInput, type Observer, type OperatorFunction } from 'rxjs';
import { listen } from '../listen.js';
import type { BufferEvent } from './BufferEvent.js';
import { boundedQueue } from './boundedQueue.js';
import { checkBounds, type BoundedOptions } from './BoundedOptions.js';
import { Job } from './Job.js';

/**
 * Runs `work` on one value at a time, in order, while at most `capacity` values wait; says when it falls behind, and
 * how much was lost before the next value that is not.
 *
 * What the link says waits in line with the data and is not dropped for them. Completion and an error of the source
 * come after all that waits; an error of `work` or `key` comes at once. Leaving ends `work`, and what waits is gone.
 * Throws `InvalidOption` for bounds that make no sense.
 *
 *     source                           -abcd------------|
 *     bounded(work, { capacity: 2 })   ---s--(afx)c----d|     s: slowConsumer, f: cleared, x: 1 dropped
 *
 * @example
 * feed$.pipe(bounded((event) => save(event), { capacity: 1_000 }))
 */
export const bounded = <T extends object, R>(
  work: (value: T) => ObservableInput<R>,
  options: BoundedOptions<T> = {},
): OperatorFunction<T, R | BufferEvent> => {
  const { high, low, ...bounds } = checkBounds(options);
  return (source$) =>
    new Observable((subscriber) => {
      const queue = boundedQueue(bounds);
      let lost = 0;
      let slow = false;
      let job: Job<R> | undefined;
      let draining = false;
      let end: (() => void) | undefined;

      const isWorking = (): boolean => job?.closed === false;
      const fail = (error: unknown): void => subscriber.error(error);

      const offer = (value: T): void => {
        lost += queue.put(value);
        if (!isWorking() && !draining) return drain();
        if (slow || queue.size() < high) return;
        slow = true;
        subscriber.next({ kind: 'slowConsumer', waiting: queue.size(), receivedAt: asyncScheduler.now() });
      };

      const begin = (value: T): void => {
        if (slow && queue.size() <= low) {
          slow = false;
          subscriber.next({ kind: 'slowConsumerCleared', waiting: queue.size(), receivedAt: asyncScheduler.now() });
        }
        if (lost > 0) {
          const count = lost;
          lost = 0;
          subscriber.next({ kind: 'dropped', count, receivedAt: asyncScheduler.now() });
        }
        if (subscriber.closed) return;
        job = new Job(subscriber, drain);
        from(work(value)).subscribe(job);
      };

      // A loop, so that work that ends at once goes no deeper with each value.
      function drain(): void {
        if (draining) return;
        draining = true;
        try {
          while (!isWorking() && !subscriber.closed) {
            const value = queue.take();
            if (value === undefined) break;
            begin(value);
          }
        } catch (error) {
          fail(error);
        }
        draining = false;
        if (!isWorking()) end?.();
      }

      const endWith = (ending: () => void): void => {
        end = ending;
        drain();
      };

      const observer: Observer<T> = {
        next: (value) => {
          try {
            offer(value);
          } catch (error) {
            fail(error);
          }
        },
        error: (error: unknown) => endWith(() => fail(error)),
        complete: () => endWith(() => subscriber.complete()),
      };
      // Before anything is subscribed to: work that never pauses has to be left as well.
      subscriber.add(() => job?.unsubscribe());
      listen(source$, observer, subscriber);
    });
};

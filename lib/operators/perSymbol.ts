import { asyncScheduler, Observable, timer, type OperatorFunction, type Subscription } from 'rxjs';
import { canonicalSymbol } from '../model/symbol.js';
import { checkDuration } from '../model/checkDuration.js';
import { instanceOf, type Instance } from './instance.js';

export interface PerSymbolOptions {
  /** Milliseconds without an event of its own after which a symbol is forgotten. Defaults to a day. */
  readonly idle?: number | undefined;
}

interface Run<A> {
  readonly instance: Instance<A>;
  seenAt: number;
}

const DAY = 86_400_000;

/**
 * Runs an operator of its own for each symbol, however it is spelled, and merges what comes out, in order.
 *
 * What has no symbol, as all that the link says, goes to every instance that runs, so that each sees the gaps. A symbol
 * without an event for `idle` ms completes and is forgotten; one timer serves all. The result completes when the source
 * and all instances have, and fails with the first of them. Throws `InvalidOption` for an `idle` that is no time.
 *
 *     source                                        -a1-b1-a2-b2-|
 *     perSymbol(scan((sum, { size }) => sum + size)) -1--1--3--3--|
 *
 * @example
 * feed$.pipe(ofKind('trade'), perSymbol(pairwise()))
 */
export const perSymbol = <A extends object, B>(
  operator: OperatorFunction<A, B>,
  { idle = DAY }: PerSymbolOptions = {},
): OperatorFunction<A, B> => {
  checkDuration('idle', idle);
  return (events$) =>
    new Observable((subscriber) => {
      const runs = new Map<string, Run<A>>();
      let running = 0;
      let ended = false;
      let armed = false;
      let clock: Subscription | undefined;

      const start = (symbol: string, seenAt: number): Run<A> => {
        running += 1;
        const instance = instanceOf(operator, subscriber, () => {
          running -= 1;
          if (ended && running === 0) subscriber.complete();
        });
        const run = { instance, seenAt };
        runs.set(symbol, run);
        arm(seenAt + idle);
        return run;
      };

      const arm = (at: number): void => {
        if (armed) return;
        armed = true;
        clock = timer(Math.max(0, at - asyncScheduler.now())).subscribe(forgetIdle);
      };

      const forgetIdle = (): void => {
        const now = asyncScheduler.now();
        let oldest = Infinity;
        for (const [symbol, run] of runs) {
          if (run.seenAt + idle <= now) {
            runs.delete(symbol);
            run.instance.complete();
            run.instance.leave();
          } else oldest = Math.min(oldest, run.seenAt);
        }
        armed = false;
        if (runs.size > 0) arm(oldest + idle);
      };

      const source = events$.subscribe({
        next: (event) => {
          const { symbol } = event as { readonly symbol?: unknown };
          if (typeof symbol !== 'string') {
            for (const run of [...runs.values()]) run.instance.next(event);
            return;
          }
          const key = canonicalSymbol(symbol);
          const now = asyncScheduler.now();
          const run = runs.get(key) ?? start(key, now);
          run.seenAt = now;
          run.instance.next(event);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          ended = true;
          clock?.unsubscribe();
          for (const run of [...runs.values()]) run.instance.complete();
          if (running === 0) subscriber.complete();
        },
      });
      return () => {
        source.unsubscribe();
        clock?.unsubscribe();
        for (const run of runs.values()) run.instance.leave();
      };
    });
};

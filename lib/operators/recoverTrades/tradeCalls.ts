import { defer, EMPTY, Observable, switchMap, tap, timeout } from 'rxjs';
import { bucketOfHistory } from '../../history/budget.js';
import { ANSWER, AT_ONCE } from '../../history/calls.js';
import { isHistoryRefused, isTooFast } from '../../history/errors.js';
import type { History, TradesQuery } from '../../history/History.js';
import type { Trade } from '../../model/marketEvent.js';

/** Asks a history for trades, when it may be asked. Cold; fails as the history does. */
export type AskTrades = (query: TradesQuery) => Observable<Trade>;

const callsOf = new WeakMap<History, AskTrades>();

/** The calls to a history: one queue for all feeds of the process. */
export const tradeCalls = (history: History): AskTrades => {
  const calls = callsOf.get(history) ?? newCalls(history);
  callsOf.set(history, calls);
  return calls;
};

const newCalls = (history: History): AskTrades => {
  const inTurn = fewAtOnce();
  return (query) =>
    inTurn(
      defer(() => {
        const bucket = bucketOfHistory(history);
        return bucket.turn().pipe(
          switchMap(() => (history.trades?.(query) ?? EMPTY).pipe(timeout({ each: ANSWER }))),
          tap({
            error: (error: unknown) => {
              if (isHistoryRefused(error) && isTooFast(error)) bucket.slowDown(error.retryAfter);
            },
            complete: bucket.answered,
          }),
        );
      }),
    );
};

/** Lets so much work run at once, and the rest wait, first come, first served. */
const fewAtOnce = (): (<T>(work$: Observable<T>) => Observable<T>) => {
  const waiting = new Set<() => void>();
  let underWay = 0;
  const next = (): void => {
    for (const start of waiting) {
      if (underWay >= AT_ONCE) return;
      waiting.delete(start);
      underWay += 1;
      start();
    }
  };
  return (work$) =>
    new Observable((subscriber) => {
      const start = (): void => {
        work$.subscribe(subscriber);
        // Last, so that the work is over before the next one begins.
        subscriber.add(() => {
          underWay -= 1;
          next();
        });
      };
      waiting.add(start);
      subscriber.add(() => waiting.delete(start));
      next();
    });
};

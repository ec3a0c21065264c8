import { asyncScheduler, defer, Subscription, timeout, toArray } from 'rxjs';
import type { History, HistoryQuery } from '../../history/History.js';
import { bucketOfHistory } from '../../history/budget.js';
import { ANSWER, AT_ONCE } from '../../history/calls.js';
import { isHistoryRefused, isOfCredential, isTooFast, type HistoryRefused } from '../../history/errors.js';
import type { Kline } from '../../model/marketEvent.js';
import { canonicalSymbol } from '../../model/symbol.js';

/** Bars of one symbol to ask a history for. */
export interface Request {
  /** Later ones are asked first: what was watched last is looked at now. */
  readonly order: number;
  readonly symbol: string;
  readonly query: Omit<HistoryQuery, 'symbols'>;
  readonly answered: (klines: readonly Kline[]) => void;
  readonly failed: (error: unknown) => void;
}

/** Asks a history, no more often than it may be asked, for all that have holes. */
export interface RepairQueue {
  /** Asks as soon as it may; unsubscribing takes the request back, or aborts it. */
  readonly add: (request: Request) => Subscription;
}

const queues = new WeakMap<History, RepairQueue>();

/** The queue of a history: one for all feeds of the process. */
export const queueOf = (history: History): RepairQueue => {
  const queue = queues.get(history) ?? repairQueue(history);
  queues.set(history, queue);
  return queue;
};

const repairQueue = (history: History): RepairQueue => {
  const bucket = bucketOfHistory(history);
  const waiting = new Set<Request>();
  let underWay = 0;
  /** Set once the credential is refused: no call is made any more. */
  let final: HistoryRefused | undefined;
  let turn: Subscription | undefined;
  let soon: Subscription | undefined;
  /** What ends the call that a request is part of. */
  const leaves = new WeakMap<Request, () => void>();

  /** The newest request, and those that one call may ask for with it. */
  const next = (): readonly Request[] => {
    const newestFirst = [...waiting].sort((one, other) => other.order - one.order);
    const [first] = newestFirst;
    return first ? newestFirst.filter(({ query }) => isSame(query, first.query)).slice(0, history.batch ?? 1) : [];
  };
  const run = (): void => {
    if (final) {
      leaveTurn();
      for (const request of waiting) {
        waiting.delete(request);
        request.failed(final);
      }
    }
    if (turn || waiting.size === 0 || underWay >= AT_ONCE) return;
    // The turn may come at once.
    turn = new Subscription();
    turn.add(
      bucket.turn().subscribe(() => {
        turn = undefined;
        const requests = next();
        for (const request of requests) waiting.delete(request);
        call(requests);
        run();
      }),
    );
  };
  const leaveTurn = (): void => {
    turn?.unsubscribe();
    turn = undefined;
  };
  const call = (requests: readonly Request[]): void => {
    const members = new Set(requests);
    underWay += 1;
    const life = new Subscription(() => {
      underWay -= 1;
      run();
    });
    for (const member of members) {
      leaves.set(member, () => {
        members.delete(member);
        if (members.size === 0) life.unsubscribe();
      });
    }
    const [{ query } = { query: undefined }] = requests;
    if (query === undefined) return;
    life.add(
      // A history may throw at once, as for a length of bars that its vendor has not.
      defer(() => history.klines({ ...query, symbols: requests.map(({ symbol }) => symbol) }))
        .pipe(toArray(), timeout(ANSWER))
        .subscribe({
          next: (klines) => {
            bucket.answered();
            const asked = [...members];
            life.unsubscribe();
            for (const { symbol, answered } of asked) {
              const key = canonicalSymbol(symbol);
              answered(klines.filter((kline) => canonicalSymbol(kline.symbol) === key));
            }
          },
          error: (error: unknown) => {
            refused(error);
            const asked = [...members];
            life.unsubscribe();
            for (const { failed } of asked) failed(error);
          },
        }),
    );
  };
  const refused = (error: unknown): void => {
    if (!isHistoryRefused(error)) return;
    if (isOfCredential(error)) final = error;
    if (isTooFast(error)) bucket.slowDown(error.retryAfter);
  };

  return {
    add: (request) => {
      waiting.add(request);
      // After all that are due at the same moment, as one call may ask for several.
      soon ??= asyncScheduler.schedule(() => {
        soon = undefined;
        run();
      });
      return new Subscription(() => {
        waiting.delete(request);
        leaves.get(request)?.();
        if (waiting.size === 0) leaveTurn();
      });
    },
  };
};

const isSame = (one: Request['query'], other: Request['query']): boolean =>
  one.interval === other.interval && one.from === other.from && one.to === other.to;

import { asyncScheduler, Subscription, timeout, toArray } from 'rxjs';
import type { History, HistoryQuery } from '../../history/History.js';
import type { HistoryRefused } from '../../history/errors.js';
import type { Kline } from '../../model/marketEvent.js';
import { steadyClock } from '../../model/steadyClock.js';
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

/** So many calls may be under way, as some take long. */
const AT_ONCE = 4;
/** A call that is not answered within so many milliseconds has failed. A history may have to wait before it makes one. */
const ANSWER = 300_000;
/** A wait that a vendor asks for is no longer than this, in milliseconds. */
const LONGEST_WAIT = 3_600_000;
/** The first wait after a 429 that names none; it doubles up to a minute. */
const FIRST_WAIT = 1_000;

const queues = new WeakMap<History, RepairQueue>();

/** The queue of a history: one for all feeds of the process. */
export const queueOf = (history: History): RepairQueue => {
  const queue = queues.get(history) ?? repairQueue(history);
  queues.set(history, queue);
  return queue;
};

const repairQueue = (history: History): RepairQueue => {
  const { calls, per } = history.budget;
  const clock = steadyClock(() => asyncScheduler.now());
  const waiting = new Set<Request>();
  /** When each call was made that still counts. */
  let spent: number[] = [];
  let underWay = 0;
  let pausedUntil = -Infinity;
  let refusals = 0;
  /** Set once the credential is refused: no call is made any more. */
  let final: HistoryRefused | undefined;
  let alarm: Subscription | undefined;
  /** What ends the call that a request is part of. */
  const leaves = new WeakMap<Request, () => void>();

  /** The newest request, and those that one call may ask for with it. */
  const next = (): readonly Request[] => {
    const newestFirst = [...waiting].sort((one, other) => other.order - one.order);
    const [first] = newestFirst;
    return first ? newestFirst.filter(({ query }) => isSame(query, first.query)).slice(0, history.batch ?? 1) : [];
  };
  /** How long until a call may be made. */
  const wait = (): number => {
    const now = clock();
    spent = spent.filter((at) => now - at < per);
    const oldest = spent[spent.length - calls] ?? -Infinity;
    return Math.max(0, pausedUntil - now, oldest + per - now);
  };
  const run = (): void => {
    alarm?.unsubscribe();
    alarm = undefined;
    while (underWay < AT_ONCE) {
      const requests = next();
      if (requests.length === 0) return;
      const left = final ? 0 : wait();
      if (left > 0) {
        alarm = asyncScheduler.schedule(run, Math.ceil(left));
        return;
      }
      for (const request of requests) waiting.delete(request);
      if (final) for (const request of requests) request.failed(final);
      else call(requests);
    }
  };
  const call = (requests: readonly Request[]): void => {
    const members = new Set(requests);
    spent.push(clock());
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
      history
        .klines({ ...query, symbols: requests.map(({ symbol }) => symbol) })
        .pipe(toArray(), timeout(ANSWER))
        .subscribe({
          next: (klines) => {
            refusals = 0;
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
    if (!isRefused(error)) return;
    if (isFinal(error)) final = error;
    if (error.status !== 429 && error.retryAfter === undefined) return;
    refusals += 1;
    const backoff = Math.min(60_000, FIRST_WAIT * 2 ** (refusals - 1));
    const asked = Math.min(LONGEST_WAIT, Math.max(error.retryAfter ?? 0, backoff));
    pausedUntil = Math.max(pausedUntil, clock() + asked);
  };

  return {
    add: (request) => {
      waiting.add(request);
      // After all that are due at the same moment, as one call may ask for several.
      alarm ??= asyncScheduler.schedule(run);
      return new Subscription(() => {
        waiting.delete(request);
        leaves.get(request)?.();
      });
    },
  };
};

const isSame = (one: Request['query'], other: Request['query']): boolean =>
  one.interval === other.interval && one.from === other.from && one.to === other.to;

/** By its tag: there may be two copies of the library. */
const isRefused = (error: unknown): error is HistoryRefused =>
  error instanceof Error && '_tag' in error && error._tag === ('HistoryRefused' satisfies HistoryRefused['_tag']);

/** Whether the credential is refused: asking again would be as well. */
const isFinal = ({ status, code }: HistoryRefused): boolean => status === 401 || status === 403 || code === 'E002';

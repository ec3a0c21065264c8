import { asyncScheduler, defer, finalize, Observable, type Subscriber, type Subscription } from 'rxjs';
import { checkCount, checkTimeout } from '../model/check.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import { isVirtual, steadyClock } from '../model/steadyClock.js';
import type { History } from './History.js';

/** At most `calls` requests in any `per` milliseconds. */
export interface Limits {
  readonly calls: number;
  readonly per: number;
}

/** What the histories of one credential share: the requests that its plan allows. */
export interface Budget {
  /**
   * Emits when a request may be sent that counts for `weight` calls, 1 unless given, and completes; first come, first served. One
   * that weighs more than all that is allowed waits until all is there. Unsubscribing leaves the queue.
   */
  readonly turn: (weight?: number) => Observable<void>;
  /** The vendor asked for fewer requests: there is none for the time it names, nor before a backoff is over. Returns the wait. */
  readonly slowDown: (asked: number | undefined) => number;
  /** The vendor answered a request: the backoff begins anew. */
  readonly answered: () => void;
}

/** Throws `InvalidOption` for a budget that makes no sense. */
export const checkLimits = (limits: Limits): Limits => {
  const { calls, per } = limits;
  checkCount('budget.calls', calls);
  checkTimeout('budget.per', typeof per === 'number' ? per : NaN);
  return { calls, per };
};

/**
 * Runs a request within the budget of a credential, which all histories of the process share. Of several limits all are
 * kept, so that the smaller one wins, until nothing was asked for as long as the longest of them.
 */
export const withBudget = <T>(
  provider: string,
  credential: string,
  limits: Limits,
  use: (budget: Budget) => Observable<T>,
): Observable<T> =>
  defer(() => {
    const key = `${provider} ${fingerprint(credential)}`;
    const buckets = bucketsNow();
    const bucket = bucketOf(buckets, key);
    bucket.join(limits);
    return use(bucket).pipe(
      finalize(() => {
        bucket.leave();
        // Virtual time ends with its test; a timer of the machine's clock would keep a program from ending.
        if (isVirtual(asyncScheduler.now()) && isVirtual(asyncScheduler.now())) {
          asyncScheduler.schedule(() => forget(buckets, key), Math.max(0, bucket.idleAt() - asyncScheduler.now()));
        }
      }),
    );
  });

type Buckets = Map<string, Bucket>;

/**
 * The one thing that histories share in a process, by the clock of RxJS: a tape that is replayed has one of its own, so that
 * it neither waits for what is live, or for another replay, nor takes a request from them.
 */
const byClock = new WeakMap<object, Buckets>();

const bucketsNow = (): Buckets => {
  const clock = asyncScheduler.now;
  const buckets = byClock.get(clock) ?? new Map<string, Bucket>();
  byClock.set(clock, buckets);
  return buckets;
};

/** So many are looked through at once. */
const MANY = 100;

const bucketOf = (buckets: Buckets, key: string): Bucket => {
  forget(buckets, key);
  if (buckets.size >= MANY) for (const other of [...buckets.keys()]) forget(buckets, other);
  const bucket = buckets.get(key) ?? newBucket(ofCredential);
  buckets.set(key, bucket);
  return bucket;
};

/** A bucket that is full again, and that is not in use, is as good as a new one. */
const forget = (buckets: Buckets, key: string): void => {
  if (buckets.get(key)?.isOver() === true) buckets.delete(key);
};

const bucketsOfHistories = new WeakMap<History, Bucket>();

/** A history that is a vendor's waits as long as that vendor wants; this is for one that only tells of its budget. */
const ofHistory: Patience = { first: () => 1_000, longest: 60_000, longestAsked: 3_600_000 };

/** The calls to a history, of all that ask it in a process: as many in a time as it says, whatever it keeps to by itself. */
export const bucketOfHistory = (history: History): Budget => {
  const known = bucketsOfHistories.get(history);
  if (known?.isOver() === false) return known;
  const bucket = newBucket(ofHistory);
  bucket.join(history.budget);
  bucketsOfHistories.set(history, bucket);
  return bucket;
};

interface Bucket extends Budget {
  readonly join: (limits: Limits) => void;
  readonly leave: () => void;
  /** When all that was spent is back. */
  readonly idleAt: () => number;
  readonly isOver: () => boolean;
}

/** How long a vendor that asked for fewer requests is left alone, in milliseconds. */
interface Patience {
  /** The first wait, if it names none; it doubles from there. */
  readonly first: (limits: readonly Limits[]) => number;
  readonly longest: number;
  /** No vendor is believed that asks for a longer wait. */
  readonly longestAsked: number;
}

/** The first wait is the time between two requests of the budget. The longest ban that a vendor tells of is one of three days. */
const ofCredential: Patience = {
  first: (limits) => Math.max(1_000, ...limits.map(({ calls, per }) => per / calls)),
  longest: 300_000,
  longestAsked: 259_200_000,
};

const newBucket = (patience: Patience): Bucket => {
  const clock = steadyClock(() => asyncScheduler.now());
  const waiting = new Map<Subscriber<void>, number>();
  let all: readonly Limits[] = [];
  let spent: readonly number[] = [];
  let latest = -Infinity;
  let pausedUntil = -Infinity;
  let refusals = 0;
  let users = 0;
  let timer: Subscription | undefined;
  let isServing = false;

  const now = (): number => (latest = Math.max(latest, clock()));

  /** When as many calls as `weight` are there. */
  const freeAt = (weight: number): number =>
    Math.max(
      pausedUntil,
      ...all.map(({ calls, per }) => (spent[spent.length - calls + Math.min(weight, calls) - 1] ?? -Infinity) + per),
    );

  const spend = (weight: number): void => {
    const at = now();
    const longest = Math.max(...all.map(({ per }) => per));
    const most = Math.max(...all.map(({ calls }) => (calls === Infinity ? 0 : calls)));
    const times = new Array<number>(Math.min(weight, most || 1)).fill(at);
    spent = [...spent.filter((time) => time + longest > at), ...times].slice(-most || Infinity);
  };

  const serve = (): void => {
    if (isServing) return;
    isServing = true;
    timer?.unsubscribe();
    try {
      for (const [subscriber, weight] of waiting) {
        const wait = freeAt(weight) - now();
        if (wait > 0) {
          timer = asyncScheduler.schedule(serve, Math.min(Math.ceil(wait), LONGEST_TIMER));
          return;
        }
        waiting.delete(subscriber);
        spend(weight);
        subscriber.next();
        subscriber.complete();
      }
    } finally {
      isServing = false;
    }
  };

  const idleAt = (): number =>
    Math.max(pausedUntil, (spent.at(-1) ?? -Infinity) + Math.max(0, ...all.map(({ per }) => per)));

  return {
    join: (limits) => {
      users += 1;
      if (!all.some(({ calls, per }) => calls === limits.calls && per === limits.per)) all = [...all, limits];
    },
    leave: () => (users -= 1),
    idleAt,
    // A clock that shows an earlier time is another one: time was virtual, or is so now.
    isOver: () => clock() < latest || (users === 0 && idleAt() <= clock()),
    turn: (weight = 1) =>
      new Observable<void>((subscriber) => {
        waiting.set(subscriber, weight);
        subscriber.add(() => {
          waiting.delete(subscriber);
          if (waiting.size === 0) timer?.unsubscribe();
        });
        serve();
      }),
    slowDown: (asked = 0) => {
      const at = now();
      // The answers to requests that were under way together are one refusal.
      if (at >= pausedUntil) refusals += 1;
      const backoff = Math.min(patience.longest, patience.first(all) * 2 ** (Math.min(refusals, 30) - 1));
      pausedUntil = Math.max(pausedUntil, at + Math.min(patience.longestAsked, Math.max(asked, backoff)));
      return pausedUntil - at;
    },
    answered: () => (refusals = 0),
  };
};

/** Different for each credential, and tells nothing of it: what is kept here outlives the history that had it. */
export const fingerprint = (credential: string): string =>
  [1, 2, 3, 4].map((seed) => mixed(credential, seed).toString(36)).join('-');

const mixed = (text: string, seed: number): number => {
  let hash = Math.imul(seed, 0x9e3779b1);
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash ^ (hash >>> 13), 0x85ebca6b) >>> 0;
};

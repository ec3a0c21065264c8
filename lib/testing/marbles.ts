import { Subject, takeUntil, type Observable } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { sameValue, shown } from './diff/values.js';
import { streamDiff } from './diff/streamDiff.js';
import { coldFeed, hotFeed, type DrawFeed, type MarbleMessage } from './feeds.js';
import { marbleServer, type MarbleServer } from './server/scriptedVendor.js';

/** What a test body in virtual time is given: RxJS's helpers, and those for market data. */
export interface MarketHelpers extends RunHelpers {
  /**
   * A cold feed, drawn: `c` is `connected`, `x` is `disconnected`, other letters are events of `values`, of which only the
   * `kind` is needed. All times and the facts of link events are those of the drawing, unless a value has its own.
   */
  readonly feed: DrawFeed;
  /** A hot feed, drawn likewise. */
  readonly hotFeed: DrawFeed;
  /** A vendor with the protocol of iTick, TickFlow or Binance on a fake socket: a whole provider runs in the test. */
  readonly server: MarbleServer;
}

/** A test in virtual time that is being set up. */
export interface VirtualRun {
  /** Subscribes when the test begins; what it collects is complete when `afterwards` is called. */
  readonly watch: (source$: Observable<unknown>) => readonly MarbleMessage[];
  readonly afterwards: (check: () => void) => void;
}

let current: VirtualRun | undefined;

/** The test whose body is running, for matchers that have to wait for its end. */
export const currentRun = (): VirtualRun | undefined => current;

/** Longer than any month. A timer that is never stopped would otherwise keep virtual time running without end. */
const END = 32 * 86_400_000;

/**
 * Runs a test body in virtual time: timers, clocks, sockets, backoff and heartbeats obey the marbles.
 *
 * Returns a function to hand to `it`; needs no particular runner. A failure shows both streams as marbles and the fields
 * that differ. Virtual time ends after 32 days, and whatever is still subscribed then is unsubscribed.
 *
 * @example
 * it('marks the gap', marbles(({ feed, expectObservable }) => {
 *   expectObservable(feed('-t-x--c').pipe(toSignals())).toBe('-a', { a: 'buy' });
 * }));
 */
export const marbles =
  (body: (helpers: MarketHelpers) => void): (() => void) =>
  () => {
    const over$ = new Subject<void>();
    const checks: (() => void)[] = [];
    const scheduler = new TestScheduler(assertSame);
    try {
      scheduler.run((helpers) => {
        scheduler.maxFrames = END;
        const watch: VirtualRun['watch'] = (source$) => watched(scheduler, source$.pipe(takeUntil(over$)));
        current = { watch, afterwards: (check) => checks.push(check) };
        try {
          body({
            ...helpers,
            expectObservable: (source$, subscription) =>
              helpers.expectObservable(source$.pipe(takeUntil(over$)), subscription),
            feed: coldFeed(helpers),
            hotFeed: hotFeed(helpers),
            server: marbleServer(helpers),
          });
        } finally {
          current = undefined;
        }
      });
      checks.forEach((check) => check());
    } finally {
      over$.next();
    }
  };

const watched = (scheduler: TestScheduler, source$: Observable<unknown>): readonly MarbleMessage[] => {
  const seen: MarbleMessage[] = [];
  const add = (notification: MarbleMessage['notification']): void => {
    seen.push({ frame: scheduler.frame, notification });
  };
  scheduler.schedule(() =>
    source$.subscribe({
      next: (value) => add({ kind: 'N', value }),
      error: (error: unknown) => add({ kind: 'E', error }),
      complete: () => add({ kind: 'C' }),
    }),
  );
  return seen;
};

const isMessages = (list: readonly unknown[]): list is readonly MarbleMessage[] =>
  list.every((item) => typeof item === 'object' && item !== null && 'notification' in item);

function assertSame(received: readonly unknown[], expected: readonly unknown[]): void {
  if (sameValue(received, expected)) return;
  const diff = isMessages(received) && isMessages(expected) ? streamDiff(received, expected) : undefined;
  throw new Error(diff ?? `received ${shown(received)}, expected ${shown(expected)}`);
}

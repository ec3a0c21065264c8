import type { MonoTypeOperatorFunction } from 'rxjs';
import { checkTimeout } from '../model/check.js';
import { feedNameOf, isMarketEvent, type FeedEvent, type Latency } from '../model/feedEvent.js';
import { leftBy, type Left } from '../model/leftBy.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { isTime } from '../model/moment.js';
import { tellsLag } from '../model/stamps.js';
import { emitting } from './emitting.js';

/** How old data may be. */
export interface WatchLagOptions {
  /**
   * Milliseconds that the newest data may be older than the freshest ones were; above 0. The default is more than any vendor gathers before it
   * sends, and than a pause of the machine, and less than a silence that `staleness` is mostly asked for.
   *
   * @defaultValue `5_000`
   */
  readonly maxLag?: number | undefined;
}

/** What is known of the lag of one feed; changed in place. */
interface Lag {
  /** The latest time that the vendor has stamped. Only what is newer is news: a quote that is sent again is old by right. */
  newest: number;
  readonly stamps: Least;
  readonly pongs: Least;
  /** When stamped news last came. */
  stampedAt: number;
  /** How many news in a row were too old. */
  late: number;
  /** Since when it is said to lag, and the worst since then. */
  from: number | undefined;
  worst: number;
}

/** One late print is no lag. */
const IN_A_ROW = 3;

/**
 * Passes a feed on, and says `lagging` in it once the data are older than `maxLag`, and `caughtUp` when they are less than half of that
 * again: a consumer that blocks the thread makes everything old, and nothing else says so.
 *
 * The lag is `receivedAt - time` of the newest data, above the least in the last ten to twenty minutes: so neither clocks that differ nor a vendor
 * that is late by contract count. Three in a row are needed. Where a feed has no stamps, pongs tell that come back late. Put it above what
 * is slow. Throws `InvalidOption`.
 *
 *     feed                      a-b-c----d-e-f-g-h-    d, e, f, g are late
 *     watchLag({ maxLag: 2 })   a-b-c----d-e-(lf)-g-(uh)-    l `lagging`, u `caughtUp`
 *
 * @example
 * feed$.pipe(watchLag({ maxLag: 2_000 }), tap((event) => slow(event)))
 */
export const watchLag = ({ maxLag = 5_000 }: WatchLagOptions = {}): MonoTypeOperatorFunction<FeedEvent> => {
  checkTimeout('maxLag', maxLag);
  return emitting<FeedEvent, FeedEvent>((emit) => {
    const feeds = new Map<string, Lag>();
    let last: { readonly name: string; readonly lag: Lag } | undefined;
    const lagOf = (event: FeedEvent): Lag => {
      const name = feedNameOf(event);
      if (last?.name === name) return last.lag;
      const lag = feeds.get(name) ?? newLag();
      feeds.set(name, lag);
      last = { name, lag };
      return lag;
    };

    const judge = (of: Lag, lag: number, event: FeedEvent, enough: number): void => {
      const { provider, receivedAt } = event;
      const facts = { provider, feed: feedNameOf(event), receivedAt };
      of.late = lag > maxLag ? of.late + 1 : 0;
      of.worst = Math.max(of.worst, lag);
      if (of.from === undefined) {
        if (of.late < enough) return;
        of.from = receivedAt;
        of.worst = lag;
        emit({ kind: 'lagging', ...facts, lag });
      } else if (lag < maxLag / 2) {
        const { from, worst } = of;
        of.from = undefined;
        emit({ kind: 'caughtUp', ...facts, lag: worst, from });
      }
    };

    const hear = (event: MarketEvent): void => {
      const { time, receivedAt } = event;
      if (!tellsLag(event) || !isTime(receivedAt)) return;
      const of = lagOf(event);
      if (!(time > of.newest)) return;
      of.newest = time;
      of.stampedAt = receivedAt;
      judge(of, above(of.stamps, receivedAt - time, receivedAt, of.from === undefined), event, IN_A_ROW);
    };

    const ping = (event: Latency): void => {
      const { roundTrip, receivedAt } = event;
      const of = lagOf(event);
      const lag = above(of.pongs, roundTrip, receivedAt, of.from === undefined);
      // Stamps that came since it was sent say more.
      if (!(of.stampedAt >= receivedAt - roundTrip)) judge(of, lag, event, 1);
    };

    /** A line that comes back later begins anew. */
    const leave = (left: Left | undefined): void => {
      if (!left?.isAll || left.feed === left.to) return;
      feeds.delete(left.feed);
      last = undefined;
    };

    return (event) => {
      if (isMarketEvent(event)) hear(event);
      else if (event.kind === 'latency') ping(event);
      else if (event.kind === 'switched') leave(leftBy(event));
      emit(event);
    };
  });
};

const newLag = (): Lag => ({
  newest: -Infinity,
  stamps: newLeast(),
  pongs: newLeast(),
  stampedAt: -Infinity,
  late: 0,
  from: undefined,
  worst: 0,
});

/** The least figure of the present ten minutes, and of those before; changed in place. */
interface Least {
  from: number;
  now: number;
  before: number;
}

const LONG = 600_000;

const newLeast = (): Least => ({ from: -Infinity, now: Infinity, before: Infinity });

/** How far a figure is above the least. What is least is not forgotten while the feed lags: a lag that lasts is no habit. */
const above = (least: Least, figure: number, at: number, forgets: boolean): number => {
  if (forgets && at - least.from >= LONG) {
    least.before = least.now;
    least.now = figure;
    least.from = at;
  } else if (figure < least.now) least.now = figure;
  return figure - Math.min(least.now, least.before);
};

import { addBefore, longest, openingsBy, type MarketBar, type Span } from './bars.js';
import type { Instrument } from './instrument.js';
import type { DayPlan, Past } from './past.js';
import type { SimulatedBar } from './snapshot.js';

/** Which bars are wanted. */
export interface BarQuery {
  readonly length: Span;
  /** Bars that open at it or later, epoch milliseconds. */
  readonly from?: number;
  /** Bars that open before it. */
  readonly to?: number;
  /** At most so many, the newest. */
  readonly most: number;
  /** Bars that are left out, as if nothing had traded in them. */
  readonly withhold?: (openTime: number) => boolean;
  /** Auctions that are counted into the minute next to them, where they have a minute of their own otherwise. */
  readonly fold?: { readonly opening: boolean; readonly closing: boolean };
}

const MINUTE = 60_000;
const MINUTES = 1_440;
const isDaily = (length: Span): boolean => longest(length) >= MINUTES * MINUTE;

/**
 * The bars of an instrument, oldest first, the forming one last: those of its own executions, and before them its past.
 *
 * A bar in which the instrument came into the market holds what has traded since then, as the stream's does.
 */
export const barHistory = (
  instrument: Instrument,
  past: Past,
  plan: DayPlan,
  offsetAt: (time: number) => number,
  { length, from = -Infinity, to = Infinity, most, withhold = () => false, fold }: BarQuery,
): readonly SimulatedBar[] => {
  const { minutes, birth, decimal } = instrument;
  const openingOf = openingsBy(offsetAt);
  const bucketOf = (time: number): number => openingOf(length, time);

  /** Where a minute counts. */
  const placed = (time: number): number => {
    if (fold === undefined) return time;
    const local = Math.floor((time + offsetAt(time)) / MINUTE);
    const minute = local - Math.floor(local / MINUTES) * MINUTES;
    if (plan.auction[minute] !== true) return time;
    const next = plan.order.findIndex((order) => order === (plan.order[minute] ?? NaN) + 1);
    if (next < 0) return fold.closing ? time - MINUTE : time;
    return fold.opening ? time + (next - minute) * MINUTE : time;
  };

  const found: MarketBar[] = [];
  /** Counts a minute in; false when all that is wanted has been found. */
  const count = (bar: MarketBar): boolean => {
    const openTime = bucketOf(placed(bar.openTime));
    const last = found.at(-1);
    if (last?.openTime === openTime) addBefore(last, bar);
    else if (openTime < from || found.length >= most) return false;
    else if (openTime < to && !withhold(openTime)) found.push({ ...bar, openTime });
    return true;
  };

  let wanted = true;
  for (const bar of minutes.newestFirst()) {
    wanted = count(bar);
    if (!wanted) break;
  }
  // Of a bar whose beginning is forgotten there is no true one.
  while ((found.at(-1)?.openTime ?? Infinity) < minutes.forgottenBefore()) found.pop();
  // The bar in which its own minutes begin has nothing of the past.
  const begun = minutes.forgottenBefore() > birth.time ? birth.time : minutes.since();
  const end = Math.min(to + longest(length), begun === undefined ? Infinity : bucketOf(begun));
  if (wanted) {
    for (const bar of isDaily(length) ? past.days(end) : past.minutes(end)) if (!count(bar)) break;
  }
  return found.reverse().map(decimal);
};

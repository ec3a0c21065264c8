import { calendarOf, calendars } from '../../model/calendar/calendars.js';
import { sessionDays } from '../../model/calendar/sessionDays.js';
import { feedNameOf } from '../../model/feedEvent.js';
import { isFigure } from '../../model/figure.js';
import { isTime } from '../../model/moment.js';
import { isOfAnotherUnit } from '../../model/stamps.js';
import type { Quote } from '../../model/marketEvent.js';

/**
 * The later of two quotes, with the highest and lowest price that either of them saw, so that no spike gets lost. A price
 * of zero is none, as vendors send it before the first trade of a day.
 *
 * Associative within a trading day; the later quote of another day stands alone. The trading hours of the symbol and the
 * time of the quotes say which day it is. Only where they do not, because the hours are unknown or the times are equal, it
 * is a cumulative volume that falls to less than half. A smaller fall is a correction.
 *
 * @example
 * feed$.pipe(ofKind('quote'), conflate({ every: 250, merge: mergeQuotes }))
 */
export const mergeQuotes = <Q extends Quote>(held: Q, next: Q): Q =>
  isNewDay(held, next)
    ? next
    : {
        ...next,
        high: extreme(Math.max, priceOf(held), held.high, priceOf(next), next.high) ?? next.high,
        low: extreme(Math.min, priceOf(held), held.low, priceOf(next), next.low) ?? next.low,
      };

/** The last price; undefined where nothing was traded yet, and it is the close of the day before. */
const priceOf = ({ last, volume, previousClose }: Quote): number | undefined =>
  volume === 0 && last === previousClose ? undefined : last;

/** Undefined when none is a price. */
const extreme = (
  of: (one: number, other: number) => number,
  ...prices: readonly (number | undefined)[]
): number | undefined => {
  let found: number | undefined;
  for (const price of prices)
    if (isFigure(price) && price !== 0) found = found === undefined ? price : of(found, price);
  return found;
};

/** The days of all zones begin on a multiple of it. */
const QUARTER = 900_000;

const isNewDay = (held: Quote, next: Quote): boolean => {
  if (held.time === next.time || !isDated(held) || !isDated(next)) return isReset(held, next);
  if (Math.floor(held.time / QUARTER) === Math.floor(next.time / QUARTER)) return false;
  const calendar = calendarOf(next.symbol, feedNameOf(next));
  if (calendar === calendars.always) return isReset(held, next);
  const days = sessionDays(calendar);
  return days.at(held.time).since !== days.at(next.time).since;
};

const isDated = ({ time, receivedAt }: Quote): boolean => isTime(time) && !isOfAnotherUnit(time, receivedAt);

const isReset = (held: Quote, next: Quote): boolean =>
  held.volume !== undefined && next.volume !== undefined && next.last !== 0 && next.volume < held.volume / 2;

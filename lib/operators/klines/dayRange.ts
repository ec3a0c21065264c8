import { isFigure } from '../../model/figure.js';
import type { Quote } from '../../model/marketEvent.js';
import type { Bar } from './Bar.js';
import type { Period } from './Volumes.js';

/** Takes the day's open, high and low in as far as they were traded inside the bar. */
export const addRange = (
  bar: Bar,
  before: Quote | undefined,
  quote: Quote,
  day: Period | undefined,
  isNewPeriod: boolean,
): void => {
  // All of the day so far lies in a bar that begins with it, or before.
  if (day && bar.since <= day.opens && quote.time >= day.opens) addDay(bar, before, quote, day);
  else if (before && before.time >= bar.since) addExtremes(bar, before, quote, isNewPeriod);
};

const addDay = (bar: Bar, before: Quote | undefined, quote: Quote, { from, opens }: Period): void => {
  if (!isOfDay(quote) || (before && before.time < from && isSameRange(before, quote))) return;
  const { open, high, low } = quote;
  if (isTold(high, quote)) bar.high = Math.max(bar.high, high);
  if (isTold(low, quote)) bar.low = Math.min(bar.low, low);
  if (!isTold(open, quote)) return;
  bar.high = Math.max(bar.high, open);
  bar.low = Math.min(bar.low, open);
  if (opens > bar.openedAt) return;
  bar.open = open;
  bar.openedAt = opens;
};

/** A vendor that has no figure yet sends 0, which is no price next to another one. */
const isTold = (price: number | undefined, { last }: Quote): price is number =>
  isFigure(price) && (price !== 0 || last === 0);

/** Whether the figures fit each other: those of yesterday need not. */
const isOfDay = (quote: Quote): boolean => {
  const { open, high, low, last } = quote;
  const highest = isTold(high, quote) ? high : Infinity;
  const lowest = isTold(low, quote) ? low : -Infinity;
  const first = isTold(open, quote) ? open : last;
  return lowest <= Math.min(first, last) && Math.max(first, last) <= highest;
};

const isSameRange = (one: Quote, other: Quote): boolean =>
  one.open === other.open && one.high === other.high && one.low === other.low;

/** A new extreme of the day was traded since the last quote: inside the bar, if that quote was. */
const addExtremes = (bar: Bar, before: Quote, quote: Quote, isNewPeriod: boolean): void => {
  const { open, high, low } = quote;
  if (isTold(high, quote) && (isNewPeriod || high > (before.high ?? Infinity))) bar.high = Math.max(bar.high, high);
  if (isTold(low, quote) && (isNewPeriod || low < (before.low ?? -Infinity))) bar.low = Math.min(bar.low, low);
  if (!isTold(open, quote) || open === before.open) return;
  bar.high = Math.max(bar.high, open);
  bar.low = Math.min(bar.low, open);
};

import { plus } from '../../model/exact.js';
import type { Quote } from '../../model/marketEvent.js';
import { addPrice, type Bar } from './Bar.js';
import type { BarBook } from './barBook.js';
import { addGrowth, beginAtFigure, countFigure, figuresAt, wasSeen } from './figures.js';
import { claim } from './holes.js';
import type { KlineSettings } from './KlineOptions.js';
import { isLeftOut, passOver } from './leftOut.js';
import { volumesAt } from './dayFigures.js';
import { beginWithNothing, newestOf, type Series } from './Series.js';
import { turnoverTo } from './turnover.js';
import { growthTo, standAt, type Growth, type Period } from './Volumes.js';
import { isFigure } from '../../model/figure.js';

/** Makes bars of quotes; of a symbol that sends trades, quotes only prove what was missed. */
export const quoteReader = (book: BarBook, late: KlineSettings['late']) => {
  /** Counts the growth of the day's volume and turnover into a bar; `isLate` if it only reports it as missed. */
  const count = (series: Series, bar: Bar, quote: Quote, isLate: boolean): Growth['turn'] => {
    const { volume, turnover, time } = quote;
    if (volume === undefined) return undefined;
    const volumes = figuresAt(series, quote, book.seenSince);
    if (volumes === undefined) return undefined;
    const { at } = volumes;
    const growth = growthTo(volumes, volume, time);
    const isSeen = wasSeen(series, volumes, growth, quote) && !isLate;
    standAt(volumes, at, quote);
    addGrowth(bar, growth, isSeen);
    claim(volumes, bar, growth, time, isSeen);
    if (turnover !== undefined) {
      const grown = turnoverTo(volumes.turnover, turnover, growth.turn);
      if (isSeen) bar.turnover = plus(bar.turnover ?? 0, grown);
    }
    return growth.turn;
  };

  /** The quote says that nothing was traded. */
  const readNothing = (series: Series, { volume, time }: Quote): void => {
    if (volume === 0) beginWithNothing(series, volumesAt(series, time), time);
  };

  return (series: Series, quote: Quote): void => {
    if (saysNothingYet(quote, series.volumes.figure || series.earlier?.figure || 0)) return readNothing(series, quote);
    if (isLeftOut(series.without, quote.status)) return leaveOut(series, quote);
    if (series.madeOf === 'trades') return prove(book, series, quote);
    if (series.madeOf === 'provider') series.forming = undefined;
    series.madeOf = 'quotes';
    const before = series.quote;
    // A summary that was overtaken by a newer one says nothing. One without a time of its own overtakes none.
    if (before && quote.time < before.time && before.vendorTime === undefined) return;
    series.quote = quote;
    // The same figure on another day is that of the new one.
    if (before && isIdle(before, quote) && before.time >= (series.periodOf(quote.time)?.from ?? -Infinity)) return;
    const { last, time, receivedAt } = quote;
    const bucket = series.bucketOf(time);
    const current = book.advance(series, bucket, last, quote);
    const bar = current ?? (late === 'drop' ? undefined : book.closedBar(series, bucket, last, receivedAt));
    if (!bar) return;
    if (bar.source === 'backfill') return passOver(series, quote);
    const isLate = !current && late === 'report';
    const turn = count(series, bar, quote, isLate);
    if (!isLate) {
      addPrice(bar, last, quote);
      bar.source = 'quotes';
      addRange(bar, before, quote, series.periodOf(time), turn === 'restart');
    }
    if (bar.closed) book.corrected(series, bar);
    else book.changed(series, bar);
  };
};

/** It is the quote before the next one all the same. */
const leaveOut = (series: Series, quote: Quote): void => {
  if (series.madeOf !== 'trades') {
    if (series.quote && quote.time < series.quote.time) return;
    series.quote = quote;
  } else if (series.hasOwnFigures || quote.sizeUnit !== series.sizeUnit) return;
  passOver(series, quote);
};

/** Nothing was traded in between, as far as the vendor counts. */
const isIdle = (before: Quote, { last, volume }: Quote): boolean =>
  volume !== undefined && volume === before.volume && last === before.last;

const prove = (book: BarBook, series: Series, quote: Quote): void => {
  const { volume, time, sizeUnit } = quote;
  if (volume === undefined || series.hasOwnFigures || sizeUnit !== series.sizeUnit) return;
  const volumes = figuresAt(series, quote, book.seenSince);
  if (volumes === undefined) return;
  const bar = newestOf(series);
  // Before the first trade of a day there is no bar of it that could miss anything.
  if (bar === undefined || bar.until <= volumes.from) {
    if (volumes.figure === undefined) beginAtFigure(series, volumes, volume, time);
    else series.unproven = { volume, time };
    return;
  }
  const { missedVolume } = bar;
  const { at } = volumes;
  countFigure(series, volumes, bar, volume, time);
  standAt(volumes, at, quote);
  if (bar.missedVolume !== missedVolume) book.changed(series, bar);
};

/** Takes the day's open, high and low in as far as they were traded inside the bar. */
const addRange = (
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

/**
 * Whether a quote says that nothing was traded yet: a volume of zero with no price, with the close of the day before, or
 * of an instrument that is `known` to have volume. What is no number is no price either; a price of zero that is traded
 * at, as of a spread, is one.
 */
const saysNothingYet = ({ last, low, high, volume, previousClose }: Quote, known: number): boolean => {
  if (!isFigure(last)) return true;
  if (volume === undefined) return last === 0;
  if (volume === 0) return last === 0 || last === previousClose || known > 0;
  return last === 0 && (volume === known || (low ?? 0) > 0 || (high ?? 0) < 0);
};

import type { Quote } from '../../model/marketEvent.js';
import { addPrice, type Bar } from './Bar.js';
import type { BarBook } from './barBook.js';
import type { KlineSettings } from './KlineOptions.js';
import { addDelta, newestOf, type Series } from './Series.js';
import { countDelta, countProof } from './Volumes.js';

/** Makes bars of quotes; of a symbol that sends trades, quotes only prove what was missed. */
export const quoteReader =
  (book: BarBook, late: KlineSettings['late']) =>
  (series: Series, quote: Quote): void => {
    if (series.feed === 'trades') return prove(book, series, quote);
    if (series.feed === 'provider') series.forming = undefined;
    series.feed = 'quotes';
    const before = series.quote;
    // A summary that was overtaken by a newer one says nothing.
    if (before && quote.time < before.time) return;
    series.quote = quote;
    if (before && isIdle(before, quote)) return;
    const { last, time, receivedAt } = quote;
    const bucket = series.bucketOf(time);
    const current = book.advance(series, bucket, last, receivedAt);
    const bar = current ?? (late === 'revise' ? book.closedBar(series, bucket, last, receivedAt) : undefined);
    if (!bar) return;
    addPrice(bar, last, quote);
    bar.source = 'quotes';
    if (before) addExtremes(bar, before, quote);
    addVolume(series, bar, before, quote);
    if (bar.closed) book.corrected(series, bar);
    else book.changed(series, bar);
  };

/** Nothing was traded in between, as far as the vendor counts. */
const isIdle = (before: Quote, { last, volume }: Quote): boolean =>
  volume !== undefined && volume === before.volume && last === before.last;

/** A new extreme of the day was traded since the last quote: inside the bar, if that quote was. */
const addExtremes = (bar: Bar, before: Quote, { open, high, low, volume }: Quote): void => {
  if (before.time < bar.bucket.since) return;
  const isNewDay = volume !== undefined && before.volume !== undefined && volume < before.volume;
  if (high !== undefined && (isNewDay || high > (before.high ?? Infinity))) bar.high = Math.max(bar.high, high);
  if (low !== undefined && (isNewDay || low < (before.low ?? -Infinity))) bar.low = Math.min(bar.low, low);
  if (open === undefined || open === before.open) return;
  bar.high = Math.max(bar.high, open);
  bar.low = Math.min(bar.low, open);
};

const addVolume = (series: Series, bar: Bar, before: Quote | undefined, { volume, turnover, time }: Quote): void => {
  if (volume === undefined) return;
  const isSeen = addDelta(series, bar, countDelta(series.volumes, volume, time));
  if (!isSeen || turnover === undefined) return;
  const from = before?.turnover ?? turnover;
  const isNewDay = volume < (before?.volume ?? 0) / 2;
  bar.turnover = (bar.turnover ?? 0) + (isNewDay ? turnover : Math.max(0, turnover - from));
};

const prove = (book: BarBook, series: Series, { volume, time, sizeUnit }: Quote): void => {
  const bar = newestOf(series);
  if (bar === undefined || volume === undefined || series.hasOwnFigures || sizeUnit !== series.sizeUnit) return;
  const { missedVolume } = bar;
  countProof(series.volumes, bar, volume, time);
  if (bar.missedVolume !== missedVolume) book.changed(series, bar);
};

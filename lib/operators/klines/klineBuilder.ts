import type { FeedEvent } from '../../model/feedEvent.js';
import type { Interval } from '../../model/interval.js';
import { barBook, type Outlet } from './barBook.js';
import { feedTable } from './feedTable.js';
import type { KlineSettings } from './KlineOptions.js';
import { quoteReader } from './quoteReader.js';
import { newSeries, type Series } from './Series.js';
import { tradeReader } from './tradeReader.js';
import { vendorReader } from './vendorReader.js';

/**
 * Turns feed events into bars, one event at a time. It has no clock: whoever owns it calls `closeUntil` when a bar is due
 * and `beat` when forming bars are. It works as well over an async iterator as behind `toKlines`.
 */
export const klineBuilder = (interval: Interval, settings: KlineSettings, startedAt: number, outlet: Outlet) => {
  const { late, grace } = settings;
  const book = barBook(interval, settings, outlet);
  const readTrade = tradeReader(book, settings);
  const readQuote = quoteReader(book, late);
  const readKline = vendorReader(book, late);
  const feeds = feedTable<Series>(
    interval,
    outlet.now ?? (() => startedAt),
    (source, first) => newSeries(source, first, book.hoursOf(first.symbol, source.name)),
    book.recover,
  );
  const { seriesOf } = feeds;

  return {
    accept: (event: FeedEvent): void => {
      switch (event.kind) {
        case 'trade':
          return readTrade(seriesOf(event), event);
        case 'quote':
          return readQuote(seriesOf(event), event);
        case 'kline':
          if (event.interval === interval) readKline(seriesOf(event), event);
          return;
        default:
          return feeds.hear(event);
      }
    },

    /** Closes what is due; returns when the next bar is. */
    closeUntil: (now: number): number => {
      let next = Infinity;
      feeds.forEach((series) => {
        while (series.forming && series.forming.bucket.settleTime + grace <= now) book.close(series, series.forming);
        if (series.forming) next = Math.min(next, series.forming.bucket.settleTime + grace);
      });
      return next;
    },

    /** Emits the forming bars that changed since the last beat. */
    beat: book.beat,
  };
};

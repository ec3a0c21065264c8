import type { FeedEvent } from '../../model/feedEvent.js';
import type { Interval } from '../../model/interval.js';
import type { Trade } from '../../model/marketEvent.js';
import { addNext } from './addNext.js';
import { addPrice, countTrade, type Bar } from './Bar.js';
import { barBook, type Outlet } from './barBook.js';
import { feedTable } from './feedTable.js';
import { follow } from './link.js';
import type { KlineSettings } from './KlineOptions.js';
import { quoteReader } from './quoteReader.js';
import { addDelta, newSeries, type Series } from './Series.js';
import { vendorReader } from './vendorReader.js';
import { countDelta, countSize, isDuplicate } from './Volumes.js';

/**
 * Turns feed events into bars, one event at a time. It has no clock: whoever owns it calls `closeUntil` when a bar is due
 * and `beat` when forming bars are. It works as well over an async iterator as behind `toKlines`.
 */
export const klineBuilder = (interval: Interval, settings: KlineSettings, startedAt: number, outlet: Outlet) => {
  const { late, grace, forming } = settings;
  const book = barBook(interval, settings, outlet);
  const readQuote = quoteReader(book, late);
  const readKline = vendorReader(book, late);
  const feeds = feedTable<Series>(
    interval,
    outlet.now ?? (() => startedAt),
    (source, first) => newSeries(source, first, book.bucketsOf(first.symbol, source.name)),
    book.recover,
  );
  const { seriesOf } = feeds;

  const readTrade = (trade: Trade): void => {
    const series = seriesOf(trade);
    const bar = series.forming;
    if (bar === undefined || !addNext(series, bar, trade)) readAny(series, trade);
    else if (forming !== false) book.changed(series, bar);
  };

  const readAny = (series: Series, trade: Trade): void => {
    const { time, price, size, volume } = trade;
    if (series.feed !== 'trades') prefer(series, trade);
    if (volume !== undefined) {
      if (isDuplicate(series.volumes, size, volume, time)) return;
      series.hasOwnFigures = true;
    }
    let bar = series.forming;
    if (bar === undefined || time < bar.since || time >= bar.until) {
      const bucket = series.bucketOf(time);
      bar = book.advance(series, bucket, price, trade.receivedAt);
      if (bar === undefined) {
        if (late === 'drop') return;
        bar = book.closedBar(series, bucket, price, trade.receivedAt);
        if (bar) readLate(series, bar, trade);
        return;
      }
    }
    addPrice(bar, price, trade);
    bar.source = 'trades';
    countTrade(bar);
    const healed = count(series, bar, trade);
    book.changed(series, bar);
    if (healed && healed !== bar) book.changed(series, healed);
  };

  const readLate = (series: Series, bar: Bar, trade: Trade): void => {
    const seen = bar.volume;
    if (late === 'revise') {
      addPrice(bar, trade.price, trade);
      bar.source = 'trades';
      countTrade(bar);
    }
    const healed = count(series, bar, trade);
    if (late === 'report') {
      bar.missedVolume += bar.volume - seen;
      bar.volume = seen;
    }
    book.corrected(series, bar);
    if (healed && healed !== bar) book.changed(series, healed);
  };

  return {
    accept: (event: FeedEvent): void => {
      switch (event.kind) {
        case 'trade':
          return readTrade(event);
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

/** Trades are the better word: a vendor's own forming bar is replaced, one of quotes goes on. */
const prefer = (series: Series, { sizeUnit, receivedAt }: Trade): void => {
  if (series.feed === 'provider') series.forming = undefined;
  const { trades, quotes } = series.served;
  if (series.feed === 'quotes' && trades && quotes) follow(trades, quotes, receivedAt);
  series.feed = 'trades';
  series.sizeUnit = sizeUnit;
};

const count = (series: Series, bar: Bar, { size, volume, time }: Trade): Bar | undefined => {
  const { volumes } = series;
  if (size === undefined) {
    if (volume !== undefined) addDelta(series, bar, countDelta(volumes, volume, time));
    return undefined;
  }
  // What was seen before the first figure is part of it.
  const isCounted = volume === undefined && volumes.figure === undefined;
  const healed = isCounted ? undefined : countSize(volumes, bar, size, volume, time);
  bar.volume += size;
  return healed;
};

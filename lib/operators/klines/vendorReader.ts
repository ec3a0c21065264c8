import type { Bucket } from '../../model/calendar/bucketing.js';
import type { Kline } from '../../model/marketEvent.js';
import type { Bar } from './Bar.js';
import type { BarBook } from './barBook.js';
import type { KlineSettings } from './KlineOptions.js';
import type { Series } from './Series.js';

/** Closes and corrects a vendor's own bars. They stay where the vendor put them, whatever the calendar says. */
export const vendorReader =
  (book: BarBook, late: KlineSettings['late']) =>
  (series: Series, kline: Kline): void => {
    if (series.feed === 'trades' || series.feed === 'quotes') return;
    series.feed = 'provider';
    const bucket = bucketOfVendor(series, kline);
    const current = book.advance(series, bucket, kline.close, kline.receivedAt);
    const bar =
      current ?? (late === 'revise' ? book.closedBar(series, bucket, kline.close, kline.receivedAt) : undefined);
    if (!bar || isSame(bar, kline)) return;
    replace(bar, kline);
    if (bar.closed) book.corrected(series, bar);
    else if (kline.closed) book.close(series, bar);
    else book.changed(series, bar);
  };

const bucketOfVendor = ({ bucketOf }: Series, { openTime, closeTime }: Kline): Bucket => {
  const bucket = bucketOf(openTime);
  if (bucket.openTime === openTime && bucket.closeTime === closeTime) return bucket;
  const trading = [{ from: openTime, to: closeTime }];
  return { openTime, closeTime, trading, since: openTime, until: closeTime, settleTime: closeTime };
};

const fields = ['open', 'high', 'low', 'close', 'volume', 'turnover', 'trades'] as const;

const isSame = (bar: Bar, kline: Kline): boolean =>
  bar.source === 'provider' && !(kline.closed && !bar.closed) && fields.every((field) => bar[field] === kline[field]);

const replace = (bar: Bar, kline: Kline): void => {
  bar.open = kline.open;
  bar.high = kline.high;
  bar.low = kline.low;
  bar.close = kline.close;
  bar.volume = kline.volume;
  bar.turnover = kline.turnover;
  bar.trades = kline.trades;
  bar.missedVolume = kline.missedVolume;
  bar.source = kline.source;
  bar.time = kline.time;
  bar.receivedAt = kline.receivedAt;
};

import type { Bucket } from '../../model/calendar/bucketing.js';
import type { Kline } from '../../model/marketEvent.js';
import { takeKline } from './Bar.js';
import type { BarBook } from './barBook.js';
import type { KlineSettings } from './KlineOptions.js';
import type { Series } from './Series.js';

/** Closes and corrects a vendor's own bars. They stay where the vendor put them, whatever the calendar says. */
export const vendorReader =
  (book: BarBook, late: KlineSettings['late']) =>
  (series: Series, kline: Kline): void => {
    if (series.madeOf === 'trades' || series.madeOf === 'quotes') return;
    series.madeOf = 'provider';
    const bucket = bucketOfVendor(series, kline);
    const current = book.advance(series, bucket, kline.close, kline);
    const bar =
      current ?? (late === 'revise' ? book.closedBar(series, bucket, kline.close, kline.receivedAt) : undefined);
    if (!bar || !takeKline(bar, kline)) return;
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

import type { Bucket } from '../../../lib/model/calendar/bucketing.js';
import type { Trade } from '../../../lib/model/marketEvent.js';
import {
  addPrice,
  addSide,
  addSize,
  addWorth,
  countTrade,
  emptyBar,
  sideOf,
  type Bar,
} from '../../../lib/operators/klines/Bar.js';

/** A minute that events reach from a little before and after. */
export const bucket: Bucket = {
  ...{ openTime: 60_000, closeTime: 120_000, trading: [{ from: 60_000, to: 120_000 }] },
  ...{ since: 50_000, until: 130_000, settleTime: 125_000 },
};

/** A bar of trades, of which only what is stated is not as it began: flat at 10. */
export const aBar = (fields: Partial<Bar> = {}): Bar => ({ ...emptyBar(bucket, 10, 5), source: 'trades', ...fields });

/** Counts a trade with a size and a price, in the plainest way. */
export const count = (bar: Bar, trade: Trade): void => {
  const { price, size = 0 } = trade;
  addPrice(bar, price, trade);
  bar.source = 'trades';
  addSize(bar, size);
  addWorth(bar, price, size);
  addSide(bar, sideOf(trade), size);
  countTrade(bar);
};

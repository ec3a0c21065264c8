import type { Trade } from '../../model/marketEvent.js';
import { addSize, countTrade, type Bar } from './Bar.js';
import { isLeftOut } from './leftOut.js';
import { isRepeat } from './repeats.js';
import type { Series } from './Series.js';
import { isNext } from './Volumes.js';

/**
 * Adds what nearly every trade is: the latest of a forming bar of trades, with nothing unseen before it. Returns whether
 * it was one. The long way comes to the same, with all the questions that such a trade need not be asked: twice the time.
 */
export const addNext = (series: Series, bar: Bar, trade: Trade): boolean => {
  const { time, price, size, volume } = trade;
  // A vendor may say of its own bars that they are of trades; those are replaced, not added to.
  if (bar.source !== 'trades' || series.feed !== 'trades') return false;
  // What lies behind the bar, or is to be looked at, has a time of `checkAt` or later.
  if (size === undefined || !(size > 0) || !(time >= bar.time && time < series.checkAt)) return false;
  // Not all that has a size has a price: late prints have none, nor has what is no number.
  if (trade.volumeOnly === true || price * 0 !== 0) return false;
  if (isLeftOut(series.without, trade.tradingPhase)) return false;
  if (volume === undefined) {
    if (series.volumes.figure !== undefined) return false;
    if (isRepeat(series.recent, trade)) return false;
  } else {
    if (!isNext(series.volumes, size, volume, time)) return false;
    series.volumes.figure = volume;
    series.volumes.at = time;
    series.hasOwnFigures = true;
  }
  if (price > bar.high) bar.high = price;
  if (price < bar.low) bar.low = price;
  bar.close = price;
  bar.time = time;
  bar.receivedAt = trade.receivedAt;
  addSize(bar, size);
  countTrade(bar);
  return true;
};

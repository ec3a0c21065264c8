import { isAmount, isFigure } from '../../model/figure.js';
import { isTime } from '../../model/moment.js';
import type { Trade } from '../../model/marketEvent.js';
import { addSide, addSize, addWorth, countTrade, sideOf, type Bar } from './Bar.js';
import { isNextFigure, takeFigure } from './figures.js';
import { isLeftOut } from './leftOut.js';
import { countInto, expect, expectNone, follows, isRepeat, isRingFull } from './repeats.js';
import type { Series } from './Series.js';
import { isNext } from './Volumes.js';

/**
 * Adds what nearly every trade is: the latest of a forming bar of trades, with nothing unseen before it. Returns whether
 * it was one. The long way comes to the same, with all the questions that such a trade need not be asked: twice the time.
 */
export const addNext = (series: Series, trade: Trade): boolean => {
  if (isLeftOut(series.without, trade.tradingPhase)) return false;
  // With an id, a figure is not what tells two executions from one.
  if (trade.volume !== undefined) return trade.id === undefined && addNextFigure(series, trade, trade.volume);
  if (!follows(series, trade)) return false;
  if (isRingFull(series)) catchUp(series);
  return true;
};

/** Lets the forming bar count what `addNext` put off. To be called before anybody looks at it. */
export const catchUp = (series: Series): void => {
  if (series.forming) countInto(series.forming, series);
};

/** Begins to look at the forming bar and its symbol: nothing is put off before `expectNext`. */
export const expectNothing = (series: Series): void => {
  catchUp(series);
  expectNone(series);
};

/** Tells which trades without a figure nothing has to be asked about. */
export const expectNext = (series: Series): void => {
  catchUp(series);
  const { forming: bar } = series;
  // A vendor may say of its own bars that they are of trades; those are replaced, not added to.
  if (bar?.source !== 'trades' || series.madeOf !== 'trades' || series.volumes.figure !== undefined) expectNone(series);
  // What lies behind the bar, or is to be looked at, has a time of `checkAt` or later.
  else expect(series, bar.time, series.checkAt);
};

const addNextFigure = (series: Series, trade: Trade, volume: number): boolean => {
  const { time, price, size } = trade;
  const { forming: bar, volumes } = series;
  if (bar?.source !== 'trades' || series.madeOf !== 'trades') return false;
  if (typeof time !== 'number' || !(time >= bar.time && time < series.checkAt)) return false;
  // Not all that has a size has a price: late prints have none, nor has what is no number.
  if (trade.volumeOnly === true || !isFigure(price)) return false;
  if (size === undefined) return addNextGrowth(series, bar, trade, volume);
  if (!isAmount(size) || size === 0 || !isNext(volumes, size, volume, time)) return false;
  volumes.figure = volume;
  volumes.at = time;
  add(series, bar, trade, size);
  return true;
};

/** The same of a trade of which only the day's figure tells how much it was. */
const addNextGrowth = (series: Series, bar: Bar, trade: Trade, volume: number): boolean => {
  const { time, price, receivedAt, vendorTime } = trade;
  if (price === 0 || vendorTime !== undefined || !isTime(receivedAt)) return false;
  if (series.losses !== series.source.losses || !isNextFigure(series.volumes, volume, time)) return false;
  if (!isRepeat(series, trade)) add(series, bar, trade, takeFigure(series.volumes, volume, time));
  return true;
};

const add = (series: Series, bar: Bar, trade: Trade, size: number): void => {
  const { time, price } = trade;
  series.hasOwnFigures = true;
  if (price > bar.high) bar.high = price;
  if (price < bar.low) bar.low = price;
  bar.close = price;
  bar.time = time;
  bar.receivedAt = trade.receivedAt;
  addSize(bar, size);
  addWorth(bar, price, size);
  addSide(bar, sideOf(trade), size);
  countTrade(bar);
};

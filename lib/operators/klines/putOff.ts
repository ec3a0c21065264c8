import { isAmount, isFigure } from '../../model/figure.js';
import type { Quote, Trade } from '../../model/marketEvent.js';
import { isFarBehind } from '../../model/stamps.js';
import type { Bar } from './Bar.js';
import { isLeftOut } from './leftOut.js';
import type { Series } from './Series.js';

type Priced = Trade | Quote;

/**
 * Events of one symbol that its forming bar does not count yet. Where cumulative figures tell the volume, the highest, the
 * lowest and the last of a row of events make the same high, low, close and volume as all of them: the others are let go.
 */
export interface PutOff {
  /** Events before this time may be put off; `-Infinity` where each has to be looked at. */
  until: number;
  /** What came last; the bar counts it where none is put off. */
  last: Priced | undefined;
  /** How many are put off since, the one before the last, and the highest and the lowest with their numbers. */
  count: number;
  before: Priced | undefined;
  highest: Priced | undefined;
  highestAt: number;
  lowest: Priced | undefined;
  lowestAt: number;
  /** A price within these is no new high or low. */
  high: number;
  low: number;
}

export const nonePutOff = (): PutOff => ({
  until: -Infinity,
  last: undefined,
  count: 0,
  before: undefined,
  highest: undefined,
  highestAt: 0,
  lowest: undefined,
  lowestAt: 0,
  high: Infinity,
  low: -Infinity,
});

/** Puts an event off if it plainly goes on from the last one; returns whether it did. */
export const putOff = (symbol: PutOff, event: Priced): boolean => {
  const { last } = symbol;
  const { time } = event;
  if (last === undefined || !(time < symbol.until)) return false;
  if (event.vendorTime !== undefined || isFarBehind(time, event.receivedAt)) return false;
  if (event.kind === 'trade') {
    if (last.kind !== 'trade' || !followsTrade(last, event)) return false;
    add(symbol, event, event.price);
    return true;
  }
  // A quote tells nothing of a bar made of trades with figures of their own.
  if (last.kind === 'trade') return isPrice(event.last) && isAmount(event.volume) && event.volume > 0;
  if (!followsQuote(last, event)) return false;
  add(symbol, event, event.last);
  return true;
};

const isPrice = (price: unknown): price is number => isFigure(price) && price !== 0;

const isNotBefore = (last: Priced, { time, receivedAt }: Priced): boolean =>
  time >= last.time && receivedAt >= last.receivedAt;

const followsTrade = (last: Trade, trade: Trade): boolean =>
  isNotBefore(last, trade) &&
  trade.size === undefined &&
  isAmount(trade.volume) &&
  trade.volume > (last.volume ?? Infinity) &&
  isPrice(trade.price) &&
  trade.volumeOnly !== true &&
  trade.tradingPhase === last.tradingPhase &&
  trade.sizeUnit === last.sizeUnit;

const followsQuote = (last: Quote, quote: Quote): boolean =>
  isNotBefore(last, quote) &&
  (quote.volume === last.volume || (isAmount(quote.volume) && quote.volume > (last.volume ?? Infinity))) &&
  isPrice(quote.last) &&
  quote.open === last.open &&
  isWider(last, quote) &&
  quote.status === last.status &&
  quote.sizeUnit === last.sizeUnit;

/** Whether the range of the day is that of the last quote or wider, and has the price in it; or neither says one. */
const isWider = (last: Quote, { high, low, last: price }: Quote): boolean =>
  isPrice(high) && isPrice(low)
    ? high >= (last.high ?? Infinity) && low <= (last.low ?? -Infinity) && low <= price && price <= high
    : high === undefined && low === undefined && last.high === undefined && last.low === undefined;

const add = (symbol: PutOff, event: Priced, price: number): void => {
  const at = ++symbol.count;
  symbol.before = symbol.last;
  symbol.last = event;
  if (price > symbol.high) {
    symbol.high = price;
    symbol.highest = event;
    symbol.highestAt = at;
  }
  if (price < symbol.low) {
    symbol.low = price;
    symbol.lowest = event;
    symbol.lowestAt = at;
  }
};

/** The events that are put off, as far as a bar needs them, in order; after this there are none. */
export const takePutOff = (symbol: PutOff): readonly Priced[] => {
  const { count, last, before, highest, highestAt, lowest, lowestAt } = symbol;
  if (last === undefined) return nothing;
  symbol.until = -Infinity;
  symbol.last = symbol.before = symbol.highest = symbol.lowest = undefined;
  symbol.count = symbol.highestAt = symbol.lowestAt = 0;
  if (count === 0) return nothing;
  // The last but one as well: it tells since when what is missed later was missed.
  const numbered = new Map([
    [highestAt, highest],
    [lowestAt, lowest],
    [count - 1, before],
    [count, last],
  ]);
  return [...numbered.keys()]
    .sort((one, other) => one - other)
    .map((at) => (at > 0 ? numbered.get(at) : undefined))
    .filter((event) => event !== undefined);
};

const nothing: readonly Priced[] = [];

/** Lets the events be put off that go on from the last one of a symbol, if its bar needs no more of them; returns whether it does. */
export const putOffAfter = (symbol: PutOff, series: Series | undefined, event: Priced): boolean => {
  const bar = series?.forming;
  if (series === undefined || bar === undefined || !isPlain(series, bar, event)) return false;
  symbol.until = Math.min(series.checkAt, event.volume === undefined ? Infinity : series.volumes.until);
  symbol.last = event;
  symbol.high = bar.high;
  symbol.low = bar.low;
  return true;
};

/** Puts nothing off that is to be looked at by now. */
export const putOffNoLonger = (symbol: PutOff, series: Series | undefined): void => {
  if (series && series.checkAt < symbol.until) symbol.until = series.checkAt;
};

/** Whether an event was the latest of the forming bar, and nothing about it is unusual. */
const isPlain = (series: Series, bar: Bar, event: Priced): boolean => {
  const { volumes, madeOf, unplaced, unproven } = series;
  const { time, volume } = event;
  if (bar.time !== time || time < bar.since || unplaced || unproven || event.vendorTime !== undefined) return false;
  if (isLeftOut(series.without, event.kind === 'trade' ? event.tradingPhase : event.status)) return false;
  const isOwn = event.kind === 'trade' ? event.size === undefined && series.hasOwnFigures : series.quote === event;
  if (!isOwn || bar.source !== madeOf || madeOf !== (event.kind === 'trade' ? 'trades' : 'quotes')) return false;
  if (volume === undefined) return event.kind === 'quote' && volumes.figure === undefined;
  // The first growth after a loss was not seen.
  if (series.losses !== series.source.losses) return false;
  return volumes.figure === volume && volumes.at === time && volumes.ahead === 0 && !volumes.isAhead;
};

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
 *
 * No event is kept but the first. The figures of the others are written into a lane of numbers: to keep an event for each
 * of 500 symbols, and to look at it again 500 events later, took longer than all else that is done with it.
 */
export interface PutOff {
  /** The last event that the bar counts; undefined where each has to be looked at. */
  first: Priced | undefined;
  kind: Priced['kind'] | undefined;
  phase: string | undefined;
  sizeUnit: Priced['sizeUnit'];
  /** The last cumulative figure, but for what is put off; and how many were, when a quote told it. */
  figure: number | undefined;
  toldAt: number;
  readonly lanes: Float64Array;
  /** Where its lane begins, which has all that nearly every event is compared with, and where the rest of it does. */
  readonly lane: number;
  readonly more: number;
}

/** Where the lanes of the symbols of a stream are: side by side, as each place of its own is one more to fetch. */
export interface Lanes {
  numbers: Float64Array;
  used: number;
}

/** Events before this time may be put off. */
const UNTIL = 0;
/** What came last: its time, its receipt, its cumulative volume and its price. */
const TIME = 1;
const RECEIVED = 2;
const VOLUME = 3;
const PRICE = 4;
/** A price within these is no new high or low. */
const HIGH = 5;
const LOW = 6;
/** How many are put off since the first. */
const COUNT = 7;
const LANE = 8;

/** The one before the last, the highest and the lowest, each with the high and low of its day; and the numbers of those two. */
const BEFORE = 0;
const HIGHEST = 6;
const LOWEST = 12;
const HIGHEST_AT = 18;
const LOWEST_AT = 19;
/** The open, the high and the low of the day, as the last quote told them. */
const OPEN = 20;
const DAY_HIGH = 21;
const DAY_LOW = 22;
const MORE = 24;

const AT_ONCE = 64;

export const newLanes = (): Lanes => ({ numbers: new Float64Array(0), used: AT_ONCE });

export const nonePutOff = (lanes: Lanes): PutOff => {
  if (lanes.used === AT_ONCE) {
    lanes.numbers = new Float64Array(AT_ONCE * (LANE + MORE));
    lanes.used = 0;
  }
  const { numbers, used } = lanes;
  lanes.used += 1;
  numbers[used * LANE + UNTIL] = -Infinity;
  return {
    lanes: numbers,
    lane: used * LANE,
    more: AT_ONCE * LANE + used * MORE,
    kind: undefined,
    phase: undefined,
    sizeUnit: undefined,
    first: undefined,
    figure: undefined,
    toldAt: 0,
  };
};

/** Puts an event off if it plainly goes on from the last one; returns whether it did. */
export const putOff = (symbol: PutOff, event: Priced): boolean => {
  const { lanes, lane, kind } = symbol;
  const { time } = event;
  if (!(time < (lanes[lane + UNTIL] ?? NaN))) return false;
  if (event.vendorTime !== undefined || isFarBehind(time, event.receivedAt)) return false;
  if (event.kind === 'trade') {
    if (kind !== 'trade' || !followsTrade(symbol, event)) return false;
    add(symbol, event, event.price, event.volume);
    return true;
  }
  if (kind === 'trade') {
    // A quote tells nothing of a bar made of trades with figures of their own.
    if (!isPrice(event.last) || !isAmount(event.volume) || event.volume === 0) return false;
    symbol.figure = event.volume;
    symbol.toldAt = lanes[lane + COUNT] ?? 0;
    return true;
  }
  if (!followsQuote(symbol, event)) return false;
  add(symbol, event, event.last, event.volume);
  addRange(symbol, event.high, event.low);
  return true;
};

const isPrice = (price: unknown): price is number => isFigure(price) && price !== 0;

const isNotBefore = (lanes: Float64Array, lane: number, { time, receivedAt }: Priced): boolean =>
  time >= (lanes[lane + TIME] ?? NaN) && receivedAt >= (lanes[lane + RECEIVED] ?? NaN);

const followsTrade = ({ lanes, lane, phase, sizeUnit }: PutOff, trade: Trade): boolean =>
  isNotBefore(lanes, lane, trade) &&
  trade.size === undefined &&
  isAmount(trade.volume) &&
  trade.volume > (lanes[lane + VOLUME] ?? NaN) &&
  isPrice(trade.price) &&
  trade.volumeOnly !== true &&
  trade.tradingPhase === phase &&
  trade.sizeUnit === sizeUnit;

const followsQuote = ({ lanes, lane, more, phase, sizeUnit }: PutOff, quote: Quote): boolean => {
  const { volume, last, open = NaN, high, low } = quote;
  const before = lanes[lane + VOLUME] ?? NaN;
  // Where nothing was traded, nothing else may be new either.
  const isIdle = Object.is(volume ?? NaN, before);
  return (
    isNotBefore(lanes, lane, quote) &&
    (isIdle ? last === lanes[lane + PRICE] : isAmount(volume) && volume > before) &&
    isPrice(last) &&
    Object.is(open, lanes[more + OPEN]) &&
    isWider(lanes[more + DAY_HIGH] ?? NaN, lanes[more + DAY_LOW] ?? NaN, high, low, last, isIdle) &&
    quote.status === phase &&
    quote.sizeUnit === sizeUnit
  );
};

/** Whether the range of the day is that of the last quote or, unless it is idle, wider, and has the price in it; or neither says one. */
const isWider = (
  dayHigh: number,
  dayLow: number,
  high: number | undefined,
  low: number | undefined,
  last: number,
  isIdle: boolean,
): boolean => {
  if (high === undefined && low === undefined) return Number.isNaN(dayHigh) && Number.isNaN(dayLow);
  if (!isPrice(high) || !isPrice(low) || low > last || last > high) return false;
  return isIdle ? high === dayHigh && low === dayLow : high >= dayHigh && low <= dayLow;
};

const add = ({ lanes, lane, more }: PutOff, { time, receivedAt }: Priced, price: number, volume = NaN): void => {
  const count = (lanes[lane + COUNT] ?? 0) + 1;
  lanes[lane + COUNT] = count;
  keepLast(lanes, lane, more + BEFORE);
  lanes[lane + TIME] = time;
  lanes[lane + RECEIVED] = receivedAt;
  lanes[lane + VOLUME] = volume;
  lanes[lane + PRICE] = price;
  if (price > (lanes[lane + HIGH] ?? NaN)) {
    lanes[lane + HIGH] = price;
    lanes[more + HIGHEST_AT] = count;
    keepLast(lanes, lane, more + HIGHEST);
  }
  if (price < (lanes[lane + LOW] ?? NaN)) {
    lanes[lane + LOW] = price;
    lanes[more + LOWEST_AT] = count;
    keepLast(lanes, lane, more + LOWEST);
  }
};

const keepLast = (lanes: Float64Array, lane: number, at: number): void => {
  lanes[at] = lanes[lane + TIME] ?? NaN;
  lanes[at + 1] = lanes[lane + RECEIVED] ?? NaN;
  lanes[at + 2] = lanes[lane + VOLUME] ?? NaN;
  lanes[at + 3] = lanes[lane + PRICE] ?? NaN;
};

/** The range of the day of a quote that was added. */
const addRange = ({ lanes, lane, more }: PutOff, high = NaN, low = NaN): void => {
  const count = lanes[lane + COUNT];
  keepRange(lanes, more + BEFORE, lanes[more + DAY_HIGH], lanes[more + DAY_LOW]);
  lanes[more + DAY_HIGH] = high;
  lanes[more + DAY_LOW] = low;
  if (lanes[more + HIGHEST_AT] === count) keepRange(lanes, more + HIGHEST, high, low);
  if (lanes[more + LOWEST_AT] === count) keepRange(lanes, more + LOWEST, high, low);
};

const keepRange = (lanes: Float64Array, at: number, high = NaN, low = NaN): void => {
  lanes[at + 4] = high;
  lanes[at + 5] = low;
};

/** The events that are put off, as far as a bar needs them, in order; after this there are none. */
export const takePutOff = (symbol: PutOff): readonly Priced[] => {
  const { first, lanes, lane, more, toldAt } = symbol;
  if (first === undefined) return nothing;
  symbol.first = undefined;
  symbol.kind = undefined;
  lanes[lane + UNTIL] = -Infinity;
  const count = lanes[lane + COUNT] ?? 0;
  if (count === 0) return nothing;
  const figure = orNone(lanes[lane + VOLUME]);
  if (toldAt < count && figure !== undefined) symbol.figure = figure;
  const kept = (at: number): readonly number[] => [...lanes.subarray(more + at, more + at + 6)];
  const range = lanes.subarray(more + DAY_HIGH, more + DAY_LOW + 1);
  // The last but one as well: it tells since when what is missed later was missed.
  const numbered = new Map([
    [lanes[more + HIGHEST_AT] ?? 0, kept(HIGHEST)],
    [lanes[more + LOWEST_AT] ?? 0, kept(LOWEST)],
    [count - 1, kept(BEFORE)],
    [count, [...lanes.subarray(lane + TIME, lane + PRICE + 1), ...range]],
  ]);
  return [...numbered]
    .filter(([number]) => number > 0)
    .sort(([one], [other]) => one - other)
    .map(([, figures]) => eventOf(first, figures));
};

const nothing: readonly Priced[] = [];

/** An event of which the figures are kept. */
const eventOf = (
  first: Priced,
  [time = NaN, receivedAt = NaN, volume, price = NaN, high, low]: readonly number[],
): Priced => {
  const told = { time, receivedAt, volume: orNone(volume) };
  return first.kind === 'trade'
    ? { ...first, ...told, price }
    : { ...first, ...told, last: price, high: orNone(high), low: orNone(low), turnover: undefined };
};

const orNone = (figure = NaN): number | undefined => (Number.isNaN(figure) ? undefined : figure);

/** Lets the events be put off that go on from the last one of a symbol, if its bar needs no more of them; returns whether it does. */
export const putOffAfter = (symbol: PutOff, series: Series | undefined, event: Priced): boolean => {
  const bar = series?.forming;
  if (series === undefined || bar === undefined || !isPlain(series, bar, event)) return false;
  const { lanes, lane, more } = symbol;
  const { time, receivedAt, volume = NaN } = event;
  symbol.first = event;
  symbol.kind = event.kind;
  symbol.phase = event.kind === 'trade' ? event.tradingPhase : event.status;
  symbol.sizeUnit = event.sizeUnit;
  symbol.toldAt = 0;
  const until = Math.min(series.checkAt, event.volume === undefined ? Infinity : series.volumes.until);
  const price = event.kind === 'trade' ? event.price : event.last;
  lanes.set([until, time, receivedAt, volume, price, bar.high, bar.low, 0], lane);
  lanes.fill(0, more, more + MORE);
  if (event.kind === 'trade') return true;
  const { open = NaN, high = NaN, low = NaN } = event;
  lanes.set([open, high, low], more + OPEN);
  return true;
};

/** Puts nothing off that is to be looked at by now. */
export const putOffNoLonger = ({ lanes, lane }: PutOff, series: Series | undefined): void => {
  const until = lanes[lane + UNTIL] ?? NaN;
  if (series && series.checkAt < until) lanes[lane + UNTIL] = series.checkAt;
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

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
  /** Where its lane begins. */
  readonly lane: number;
}

/** Where the lanes of the symbols of a stream are: side by side, as each place of its own is one more to fetch. */
export interface Lanes {
  numbers: Float64Array;
  used: number;
}

/** Events before this time may be put off. */
const UNTIL = 0;
/** What came last: its time, its receipt, its cumulative volume, its price, and the high and low of its day. */
const LAST = 1;
const TIME = LAST;
const RECEIVED = LAST + 1;
const VOLUME = LAST + 2;
const PRICE = LAST + 3;
const DAY_HIGH = LAST + 4;
const DAY_LOW = LAST + 5;
/** How many are put off since the first. */
const COUNT = 7;
/** A price within these is no new high or low. */
const HIGH = 8;
const LOW = 9;
/** The one before the last, the highest and the lowest, and the numbers of those two. */
const BEFORE = 10;
const HIGHEST = 16;
const HIGHEST_AT = 22;
const LOWEST_AT = 23;
const LOWEST = 24;
/** The open of the day. */
const OPEN = 30;

const LANE = 32;
const RECORD = 6;
const AT_ONCE = 64;

export const newLanes = (): Lanes => ({ numbers: new Float64Array(0), used: 0 });

export const nonePutOff = (lanes: Lanes): PutOff => {
  if (lanes.used === lanes.numbers.length) {
    lanes.numbers = new Float64Array(AT_ONCE * LANE);
    lanes.used = 0;
  }
  const { numbers, used } = lanes;
  lanes.used += LANE;
  numbers[used + UNTIL] = -Infinity;
  return {
    lanes: numbers,
    lane: used,
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
    add(lanes, lane, event, event.price, event.volume);
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
  add(lanes, lane, event, event.last, event.volume, event.high, event.low);
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

const followsQuote = ({ lanes, lane, phase, sizeUnit }: PutOff, quote: Quote): boolean => {
  const { volume, last, open = NaN, high, low } = quote;
  const before = lanes[lane + VOLUME] ?? NaN;
  // Where nothing was traded, nothing else may be new either.
  const isIdle = Object.is(volume ?? NaN, before);
  return (
    isNotBefore(lanes, lane, quote) &&
    (isIdle ? last === lanes[lane + PRICE] : isAmount(volume) && volume > before) &&
    isPrice(last) &&
    Object.is(open, lanes[lane + OPEN]) &&
    isWider(lanes[lane + DAY_HIGH] ?? NaN, lanes[lane + DAY_LOW] ?? NaN, high, low, last, isIdle) &&
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

const add = (
  lanes: Float64Array,
  lane: number,
  { time, receivedAt }: Priced,
  price: number,
  volume = NaN,
  high = NaN,
  low = NaN,
): void => {
  const count = (lanes[lane + COUNT] ?? 0) + 1;
  lanes[lane + COUNT] = count;
  copy(lanes, lane + LAST, lane + BEFORE);
  lanes[lane + TIME] = time;
  lanes[lane + RECEIVED] = receivedAt;
  lanes[lane + VOLUME] = volume;
  lanes[lane + PRICE] = price;
  lanes[lane + DAY_HIGH] = high;
  lanes[lane + DAY_LOW] = low;
  if (price > (lanes[lane + HIGH] ?? NaN)) {
    lanes[lane + HIGH] = price;
    lanes[lane + HIGHEST_AT] = count;
    copy(lanes, lane + LAST, lane + HIGHEST);
  }
  if (price < (lanes[lane + LOW] ?? NaN)) {
    lanes[lane + LOW] = price;
    lanes[lane + LOWEST_AT] = count;
    copy(lanes, lane + LAST, lane + LOWEST);
  }
};

/** A loop: `copyWithin` is a call, and slow for six. */
const copy = (lanes: Float64Array, from: number, to: number): void => {
  for (let i = 0; i < RECORD; i += 1) lanes[to + i] = lanes[from + i] ?? NaN;
};

/** The events that are put off, as far as a bar needs them, in order; after this there are none. */
export const takePutOff = (symbol: PutOff): readonly Priced[] => {
  const { first, lanes, lane, toldAt } = symbol;
  if (first === undefined) return nothing;
  symbol.first = undefined;
  symbol.kind = undefined;
  lanes[lane + UNTIL] = -Infinity;
  const count = lanes[lane + COUNT] ?? 0;
  if (count === 0) return nothing;
  const figure = orNone(lanes[lane + VOLUME]);
  if (toldAt < count && figure !== undefined) symbol.figure = figure;
  // The last but one as well: it tells since when what is missed later was missed.
  const numbered = new Map([
    [lanes[lane + HIGHEST_AT] ?? 0, HIGHEST],
    [lanes[lane + LOWEST_AT] ?? 0, LOWEST],
    [count - 1, BEFORE],
    [count, LAST],
  ]);
  return [...numbered]
    .filter(([number]) => number > 0)
    .sort(([one], [other]) => one - other)
    .map(([, at]) => eventOf(first, lanes.subarray(lane + at, lane + at + RECORD)));
};

const nothing: readonly Priced[] = [];

/** An event of which the figures are kept. */
const eventOf = (
  first: Priced,
  [time = NaN, receivedAt = NaN, volume, price = NaN, high, low]: Float64Array,
): Priced => {
  const more = { time, receivedAt, volume: orNone(volume) };
  return first.kind === 'trade'
    ? { ...first, ...more, price }
    : { ...first, ...more, last: price, high: orNone(high), low: orNone(low), turnover: undefined };
};

const orNone = (figure = NaN): number | undefined => (Number.isNaN(figure) ? undefined : figure);

/** Lets the events be put off that go on from the last one of a symbol, if its bar needs no more of them; returns whether it does. */
export const putOffAfter = (symbol: PutOff, series: Series | undefined, event: Priced): boolean => {
  const bar = series?.forming;
  if (series === undefined || bar === undefined || !isPlain(series, bar, event)) return false;
  const { lanes, lane } = symbol;
  symbol.first = event;
  symbol.kind = event.kind;
  symbol.phase = event.kind === 'trade' ? event.tradingPhase : event.status;
  symbol.sizeUnit = event.sizeUnit;
  symbol.toldAt = 0;
  lanes.fill(0, lane, lane + LANE);
  if (event.kind === 'trade') lanes.set(recordOf(event, event.price), lane + LAST);
  else {
    lanes.set(recordOf(event, event.last, event.high, event.low), lane + LAST);
    lanes[lane + OPEN] = event.open ?? NaN;
  }
  lanes[lane + UNTIL] = Math.min(series.checkAt, event.volume === undefined ? Infinity : series.volumes.until);
  lanes[lane + HIGH] = bar.high;
  lanes[lane + LOW] = bar.low;
  return true;
};

const recordOf = (
  { time, receivedAt, volume = NaN }: Priced,
  price: number,
  high = NaN,
  low = NaN,
): readonly number[] => [time, receivedAt, volume, price, high, low];

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

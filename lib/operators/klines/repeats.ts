import { plus } from '../../model/exact.js';
import { isAmount, isFigure } from '../../model/figure.js';
import type { Trade } from '../../model/marketEvent.js';
import { addTrades, FIELDS, sideOf, type Bar } from './Bar.js';
import { momentOf } from '../../model/moment.js';

/** How many trades of a symbol are remembered. A repeated one follows at once, or is the first after a reconnection. */
const MEMORY = 64;
/** Before them come the latest time so far, what `follows` goes by, and the highest id. */
const HEAD = 4;
const UNTIL = 1;
const RECEIVED = 2;
const LATEST_ID = 3;
const LANE = HEAD + MEMORY * FIELDS;
/** No more symbols than this share an array. */
const MANY = 512;

/**
 * Where a stream remembers the trades of its symbols. They share arrays: one of its own is two more places in memory to
 * fetch at each trade of another symbol, which costs as much as all else that is done with it.
 */
export interface Memory {
  ring: Float64Array;
  used: number;
  /** The parts of symbols that were forgotten. */
  readonly free: { readonly ring: Float64Array; readonly head: number }[];
}

/** The latest trades of a symbol that carry no cumulative volume. */
export interface Recent {
  /** Absent before the first of them. */
  ring: Float64Array | undefined;
  /** Where the part of the symbol begins. */
  head: number;
  /** Where the next trade goes, and from where on no bar counts them yet. */
  at: number;
  counted: number;
  /** The ids of those in the ring that have one; absent before the first of them. */
  ids: Float64Array | undefined;
  readonly memory: Memory;
}

export const newMemory = (): Memory => ({ ring: new Float64Array(0), used: 0, free: [] });

/**
 * Whether a trade was sent before to the letter, and is no execution of its own. Remembers it if not. To be asked of trades
 * without a cumulative volume, as nothing else tells two executions from one sent twice, and of those without a size. A trade
 * that has the time of its receipt may have none of the vendor's: it is never called a repeat, but a later one can be a repeat
 * of it. Where trades have ids, those alone tell.
 */
export const isRepeat = (recent: Recent, trade: Trade): boolean => {
  const { price, size = NaN, volume, vendorTime } = trade;
  const ring = recent.ring ?? allot(recent);
  const { head } = recent;
  const { id } = trade;
  const hasId = typeof id === 'number' && !Number.isNaN(id);
  const side = volume === undefined ? sideOf(trade) : FIGURES + volume;
  // A stamp of another unit, or ahead, tells executions apart; one that is no time at all does not.
  const isStray = typeof vendorTime === 'number' && momentOf(vendorTime) !== undefined;
  const time = isStray ? vendorTime : trade.time;
  if (hasId && isKnownId(recent, ring, id)) return true;
  if (!isStray && time > (ring[head] ?? 0)) ring[head] = time;
  else if (!hasId && (isStray || time !== trade.receivedAt) && isIn(ring, head, time, price, size, side)) return true;
  write(recent, ring, time, price, size, side);
  countedAll(recent);
  return false;
};

/**
 * Whether a trade plainly follows the ones before, within the bar that `expect` told of. If it does, it is remembered, and
 * no more: the bar counts what came since it was last looked at all at once, for a third of the time.
 */
export const follows = (recent: Recent, trade: Trade): boolean => {
  const { ring, head } = recent;
  if (ring === undefined) return false;
  const { time, price, size, receivedAt } = trade;
  // A ring holds numbers, and would make one of all else.
  if (typeof time !== 'number' || typeof receivedAt !== 'number') return false;
  const latest = ring[head] ?? 0;
  if (!(time >= latest && time < (ring[head + UNTIL] ?? 0))) return false;
  // Not all that has a size has a price: late prints have none, nor has what is no number.
  if (!isAmount(size) || size === 0 || !isFigure(price) || trade.volumeOnly === true) return false;
  if (trade.vendorTime !== undefined) return false;
  const side = sideOf(trade);
  const isKnown =
    trade.id === undefined
      ? time === latest && time !== receivedAt && isIn(ring, head, time, price, size, side)
      : !isNextId(recent, ring, trade.id);
  if (isKnown) return false;
  ring[head] = time;
  ring[head + RECEIVED] = receivedAt;
  write(recent, ring, time, price, size, side);
  return true;
};

/** Trades from one time on, and before another, plainly follow. */
export const expect = ({ ring, head }: Recent, from: number, until: number): void => {
  if (ring === undefined) return;
  if (from > (ring[head] ?? 0)) ring[head] = from;
  ring[head + UNTIL] = until;
};

/** No trade plainly follows before the next `expect`. */
export const expectNone = ({ ring, head }: Recent): void => {
  if (ring) ring[head + UNTIL] = -Infinity;
};

/** Whether the next trade would be written over one that no bar counts yet. */
export const isRingFull = ({ head, at }: Recent): boolean => at === head + LANE;

/** Adds to the bar what it does not count yet of the trades that followed. */
export const countInto = (bar: Bar, recent: Recent): void => {
  const { ring, head, at, counted } = recent;
  if (ring === undefined || counted === at) return;
  addTrades(bar, ring, counted, at);
  bar.receivedAt = ring[head + RECEIVED] ?? 0;
  bar.closeId = ring[head + LATEST_ID] ?? NaN;
  countedAll(recent);
};

/** Says that a bar counts all that is remembered. */
const countedAll = (recent: Recent): void => {
  if (isRingFull(recent)) recent.at = recent.head + HEAD;
  recent.counted = recent.at;
};

/** The time of the latest trade that is remembered. */
export const latestOf = ({ ring, head }: Recent): number => ring?.[head] ?? -Infinity;

/** Whether a trade is of before, by its id and its time: it tells nothing of how far the feed is behind. */
export const isOfBefore = ({ ring, head }: Recent, { id, time }: Trade): boolean =>
  ring !== undefined && id !== undefined && id < (ring[head + LATEST_ID] ?? 0) && time <= (ring[head] ?? 0);

/** How much of what is remembered was traded after a moment. */
export const sizeAfter = ({ ring, head }: Recent, moment: number): number => {
  let sum = 0;
  if (ring === undefined || (ring[head] ?? 0) <= moment) return sum;
  for (let i = head + HEAD; i < head + LANE; i += FIELDS) {
    const size = ring[i + 2] ?? 0;
    if ((ring[i] ?? 0) > moment && size > 0) sum = plus(sum, size);
  }
  return sum;
};

/** Gives a symbol its part of the memory. Arrays grow with the number of symbols, so that one symbol needs little. */
const allot = (recent: Recent): Float64Array => {
  const { ring, head } = recent.memory.free.pop() ?? nextPart(recent.memory);
  ring.fill(-Infinity, head, head + HEAD).fill(NaN, head + HEAD, head + LANE);
  recent.ring = ring;
  recent.head = head;
  recent.at = head + HEAD;
  recent.counted = recent.at;
  return ring;
};

const nextPart = (memory: Memory): Memory['free'][number] => {
  if (memory.used === memory.ring.length) {
    memory.ring = new Float64Array(Math.min(Math.max(8 * memory.ring.length, LANE), MANY * LANE));
    memory.used = 0;
  }
  const head = memory.used;
  memory.used += LANE;
  return { ring: memory.ring, head };
};

/** Gives the part of a symbol that is forgotten to the next one. */
export const giveBack = ({ memory, ring, head }: Recent): void => {
  if (ring) memory.free.push({ ring, head });
};

/** In the place of the aggressor the cumulative volume, which tells more. */
const FIGURES = 3;

const write = (recent: Recent, ring: Float64Array, time: number, price: number, size: number, side: number): void => {
  const { at } = recent;
  ring[at] = time;
  ring[at + 1] = price;
  ring[at + 2] = size;
  ring[at + 3] = side;
  recent.at = at + FIELDS;
};

/** Whether a trade of that id is in the ring. Notes it if not, for the place where the next trade goes. */
const isKnownId = (recent: Recent, ring: Float64Array, id: number): boolean => {
  // Ids grow: nearly each is higher than all before, and nothing is searched.
  if (id <= (ring[recent.head + LATEST_ID] ?? 0) && recent.ids?.includes(id)) return true;
  noteId(recent, ring, id);
  return false;
};

/** Whether an id is higher than all before; it is noted then. */
const isNextId = (recent: Recent, ring: Float64Array, id: number): boolean => {
  if (!(id > (ring[recent.head + LATEST_ID] ?? 0))) return false;
  noteId(recent, ring, id);
  return true;
};

const noteId = (recent: Recent, ring: Float64Array, id: number): void => {
  const { head, at } = recent;
  // Vendors without ids need no memory for them.
  recent.ids ??= new Float64Array(MEMORY).fill(NaN);
  recent.ids[(at - head - HEAD) / FIELDS] = id;
  if (id > (ring[head + LATEST_ID] ?? 0)) ring[head + LATEST_ID] = id;
};

/** An unknown size, `NaN`, is the same as another one. */
const isIn = (ring: Float64Array, head: number, time: number, price: number, size: number, side: number): boolean => {
  for (let i = head + HEAD; i < head + LANE; i += FIELDS) {
    if (ring[i] === time && ring[i + 1] === price && ring[i + 3] === side && Object.is(ring[i + 2], size)) return true;
  }
  return false;
};

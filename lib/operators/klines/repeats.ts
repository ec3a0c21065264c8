import { plus } from '../../model/exact.js';
import type { Trade } from '../../model/marketEvent.js';

/** How many trades of a symbol are remembered. A repeated one follows at once, or is the first after a reconnection. */
const MEMORY = 64;
/** Time, price, size and aggressor of each. */
const FIELDS = 4;

/** The latest trades of a symbol that carry no cumulative volume. */
export interface Recent {
  /** Made with the first of them. */
  ring: Float64Array | undefined;
  at: number;
  latest: number;
}

export const newRecent = (): Recent => ({ ring: undefined, at: 0, latest: -Infinity });

/**
 * Whether a trade was sent before to the letter, and is no execution of its own. Remembers it if not. To be asked of trades
 * without a cumulative volume: nothing else tells two executions from one sent twice. A trade that has the time of its
 * receipt may have none of the vendor's: it is never called a repeat, but a later one can be a repeat of it.
 */
export const isRepeat = (recent: Recent, trade: Trade): boolean => {
  const { price, size = NaN, aggressor, vendorTime } = trade;
  const ring = (recent.ring ??= new Float64Array(MEMORY * FIELDS).fill(NaN));
  const side = aggressor === undefined ? 0 : aggressor === 'buyer' ? 1 : 2;
  const isStray = typeof vendorTime === 'number';
  const time = isStray ? vendorTime : trade.time;
  if (!isStray && time > recent.latest) recent.latest = time;
  else if ((isStray || time !== trade.receivedAt) && isIn(ring, time, price, size, side)) return true;
  const { at } = recent;
  ring[at] = time;
  ring[at + 1] = price;
  ring[at + 2] = size;
  ring[at + 3] = side;
  recent.at = (at + FIELDS) % ring.length;
  return false;
};

/** How much of what is remembered was traded after a moment. */
export const sizeAfter = ({ ring, latest }: Recent, moment: number): number => {
  let sum = 0;
  if (ring === undefined || latest <= moment) return sum;
  for (let i = 0; i < ring.length; i += FIELDS) {
    const size = ring[i + 2] ?? 0;
    if ((ring[i] ?? 0) > moment && size > 0) sum = plus(sum, size);
  }
  return sum;
};

/** An unknown size, `NaN`, is the same as another one. */
const isIn = (ring: Float64Array, time: number, price: number, size: number, side: number): boolean => {
  for (let i = 0; i < ring.length; i += FIELDS) {
    if (ring[i] === time && ring[i + 1] === price && ring[i + 3] === side && Object.is(ring[i + 2], size)) return true;
  }
  return false;
};

import { isLevel, levelFrom, rowsOf } from '../../model/level.js';
import type { Level } from '../../model/marketEvent.js';

/** Levels of both sides, best first: an `OrderBook`, a `ConsolidatedBook`, a `Depth`. */
export interface Sides {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/**
 * Anything with a best bid and a best ask: a `Bbo`, or whatever has levels of both sides. Rows without a price or with
 * size zero, as a `Depth` may have them, are no levels.
 */
export type Touch = Sides | { readonly bid?: Level | undefined; readonly ask?: Level | undefined };

/** The best level of a side. */
export const bestOf = (side: readonly Level[]): Level | undefined => {
  const rows = rowsOf(side);
  return rows[levelFrom(rows, 0)];
};
const levelOf = (level: Level | undefined): Level | undefined => (level && isLevel(level) ? level : undefined);

const bidOf = (touch: Touch): Level | undefined => ('bids' in touch ? bestOf(touch.bids) : levelOf(touch.bid));
const askOf = (touch: Touch): Level | undefined => ('bids' in touch ? bestOf(touch.asks) : levelOf(touch.ask));

/** Halfway between the best bid and the best ask; undefined when a side is missing. */
export const mid = (touch: Touch): number | undefined => {
  const bid = bidOf(touch);
  const ask = askOf(touch);
  return bid && ask && (bid.price + ask.price) / 2;
};

/** From the best bid up to the best ask, negative when they cross; undefined when a side is missing. */
export const spread = (touch: Touch): number | undefined => {
  const bid = bidOf(touch);
  const ask = askOf(touch);
  return bid && ask && ask.price - bid.price;
};

/**
 * Between the best bid and ask, the nearer to a side the smaller that side is, as it is eaten up first; undefined when
 * a side or its size is missing.
 */
export const microprice = (touch: Touch): number | undefined => {
  const bid = bidOf(touch);
  const ask = askOf(touch);
  if (bid?.size === undefined || ask?.size === undefined) return undefined;
  return (bid.price * ask.size + ask.price * bid.size) / (bid.size + ask.size);
};

/**
 * How much more is bid than offered on the best levels, as a share of both: 1 when all is bid, -1 when all is offered;
 * undefined when a side or one of these sizes is missing. One level by default; a `Bbo` has no more.
 *
 * @example
 * books$.pipe(map(imbalance(5)))
 */
export const imbalance =
  (levels = 1) =>
  (touch: Touch): number | undefined => {
    const bid = sizeOf('bids' in touch ? touch.bids : listOf(touch.bid), levels);
    const ask = sizeOf('bids' in touch ? touch.asks : listOf(touch.ask), levels);
    return bid > 0 && ask > 0 ? (bid - ask) / (bid + ask) : undefined;
  };

const listOf = (level: Level | undefined): readonly Level[] => (level ? [level] : []);

/** Not a number when a size is not given. */
const sizeOf = (given: readonly Level[], levels: number): number => {
  const side = rowsOf(given);
  let sum = 0;
  let rank = levelFrom(side, 0);
  for (let i = 0; i < levels && rank < side.length; i++, rank = levelFrom(side, rank + 1)) {
    sum += (side[rank] as Level).size ?? NaN;
  }
  return sum;
};

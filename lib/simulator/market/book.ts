import { moved, type Grid } from './grid.js';
import type { Random } from './random.js';

/** One price level: a price in units, a size in lots. */
export interface Rung {
  readonly price: number;
  lots: number;
  orders: number;
}

/** Best first on both sides. A side is empty only at the edge of the day's price range. */
export interface Book {
  readonly bids: Rung[];
  readonly asks: Rung[];
}

/** How a book looks: how many lots a level holds, and how many price steps lie between two levels at most. */
export interface Texture {
  readonly lots: number;
  readonly stride: number;
}

/** What an order got at one level. */
export interface Fill {
  readonly price: number;
  readonly lots: number;
}

export const LEVELS = 10;

const rungAt = (price: number, { lots }: Texture, random: Random): Rung => ({
  price,
  lots: 1 + Math.floor(lots * 2 * random()),
  orders: 1 + Math.floor(random() ** 2 * 60),
});

/** Puts levels behind the last one of each side until there are ten, or the day's range ends. */
export const refill = (book: Book, last: number, grid: Grid, texture: Texture, random: Random): void => {
  const { bids, asks } = book;
  const extend = (side: Rung[], from: number, direction: 1 | -1): void => {
    const step = (): number => direction * (1 + Math.floor(random() * texture.stride));
    let price = moved(grid, from, step());
    while (side.length < LEVELS && price !== undefined) {
      side.push(rungAt(price, texture, random));
      price = moved(grid, price, step());
    }
  };
  extend(bids, bids.at(-1)?.price ?? asks[0]?.price ?? last, -1);
  extend(asks, asks.at(-1)?.price ?? bids[0]?.price ?? last, 1);
};

/** Takes lots from the touch on, level by level; what the visible levels cannot serve is forgotten. */
export const take = (side: Rung[], lots: number): Fill[] => {
  const fills: Fill[] = [];
  let wanted = lots;
  for (let best = side[0]; wanted > 0 && best !== undefined; best = side[0]) {
    const got = Math.min(wanted, best.lots);
    fills.push({ price: best.price, lots: got });
    wanted -= got;
    best.lots -= got;
    if (best.lots === 0) side.shift();
    else best.orders = Math.max(1, best.orders - 1);
  }
  return fills;
};

/** Closes a wide spread: a new best level on one side, strictly between the two old ones. */
export const narrow = ({ bids, asks }: Book, grid: Grid, texture: Texture, random: Random): void => {
  const [bid] = bids;
  const [ask] = asks;
  if (bid === undefined || ask === undefined) return;
  const buys = random() < 0.5;
  const steps = 1 + Math.floor(random() * texture.stride);
  const price = buys ? moved(grid, bid.price, steps) : moved(grid, ask.price, -steps);
  if (price === undefined || price <= bid.price || price >= ask.price) return;
  const side = buys ? bids : asks;
  side.unshift(rungAt(price, texture, random));
  if (side.length > LEVELS) side.pop();
};

/** Orders come and go at a few levels; now and then a whole level goes. */
export const stir = ({ bids, asks }: Book, texture: Texture, random: Random): void => {
  for (const side of [bids, asks]) {
    const at = Math.floor(random() ** 2 * side.length);
    const rung = side[at];
    if (rung === undefined) continue;
    if (random() < 0.05 && side.length > 1) {
      side.splice(at, 1);
      continue;
    }
    rung.lots = Math.max(1, rung.lots + Math.round((random() - 0.5) * texture.lots));
    rung.orders = Math.max(1, rung.orders + (random() < 0.5 ? -1 : 1));
  }
};

import type { Random } from './random.js';

/** Where prices may stand. All prices are whole numbers of the instrument's smallest decimal. */
interface Grid {
  readonly tickAt: (price: number) => number;
  /** Lowest and highest price of the day, both allowed. */
  readonly floor: number;
  readonly ceiling: number;
}

/** The same price step at any price. */
export const evenTicks = (tick: number) => (): number => tick;

/** Hong Kong: the price step grows with the price; thresholds and steps in thousandths of a dollar. */
const HK_SPREADS: readonly (readonly [below: number, tick: number])[] = [
  [250, 1],
  [500, 5],
  [10_000, 10],
  [20_000, 20],
  [100_000, 50],
  [200_000, 100],
  [500_000, 200],
  [1_000_000, 500],
  [2_000_000, 1_000],
  [5_000_000, 2_000],
];

export const hongKongTicks = (price: number): number => HK_SPREADS.find(([below]) => price < below)?.[1] ?? 5_000;

/** A grid without a price limit. */
export const freeGrid = (tickAt: Grid['tickAt']): Grid => ({ tickAt, floor: tickAt(1), ceiling: 2 ** 40 });

/** The grid of a day on which the price may go this fraction up and down. */
export const banded = (grid: Grid, close: number, band: number): Grid => ({
  ...grid,
  floor: snapped(grid, close * (1 - band)),
  ceiling: snapped(grid, close * (1 + band)),
});

/** The nearest allowed price at or below. */
export const snapped = ({ tickAt, floor, ceiling }: Grid, price: number): number => {
  const whole = Math.round(price);
  return Math.min(ceiling, Math.max(floor, whole - (whole % tickAt(whole))));
};

/** The price so many steps higher (or lower, when negative); `undefined` at the edge of the day's range. */
export const moved = (grid: Grid, price: number, ticks: number): number | undefined => {
  const tick = grid.tickAt(ticks > 0 ? price : price - 1);
  const target = snapped(grid, price + ticks * tick);
  return target === price ? undefined : target;
};

/** One price level: a price in units, a size in lots. */
interface Rung {
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
export const churn = ({ bids, asks }: Book, texture: Texture, random: Random): void => {
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

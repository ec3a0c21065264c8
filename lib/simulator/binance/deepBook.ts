import { freeGrid, moved, type Texture } from '../market/book.js';
import type { Random } from '../market/random.js';

/** A price and a size, in units. */
export interface Rung {
  readonly price: number;
  readonly size: number;
}

/** A level of the market's own book. */
interface MarketLevel {
  readonly price: number;
  readonly lots: number;
}

/** The sizes that are new, by price; 0 for a level that is gone. */
export type Changed = ReadonlyMap<number, number>;

/** One side of a book, best first: the market's levels, and many behind them that change by themselves. */
export interface DeepSide {
  /** Takes the levels that the market has now, and tells what that changed. */
  readonly follow: (market: readonly MarketLevel[]) => Changed;
  readonly best: () => Rung | undefined;
  /** The best so many levels. */
  readonly top: (most: number) => readonly Rung[];
}

interface Shape {
  /** -1 for bids, 1 for asks. */
  readonly direction: 1 | -1;
  readonly levels: number;
  readonly tickAt: (price: number) => number;
  readonly texture: Texture;
  readonly lot: number;
  readonly random: Random;
}

export const createDeepSide = ({ direction, levels, tickAt, texture, lot, random }: Shape): DeepSide => {
  const grid = freeGrid(tickAt);
  const prices: number[] = [];
  const sizes: number[] = [];
  const someSize = (): number => lot * (1 + Math.floor(texture.lots * 2 * random()));
  const someSteps = (most: number): number => direction * (1 + Math.floor(random() * most));
  const isBehind = (price: number, other: number): boolean => (price - other) * direction > 0;

  const put = (at: number, price: number, replaced: number, changed: Map<number, number>): void => {
    const size = someSize();
    prices.splice(at, replaced, price);
    sizes.splice(at, replaced, size);
    changed.set(price, size);
  };

  /** Puts the market's levels in the place of all that are not behind them. Every step does it: nothing is made for it. */
  const replace = (market: readonly MarketLevel[], changed: Map<number, number>): void => {
    let at = 0;
    const goneUntil = (stays: (price: number) => boolean): void => {
      for (let price = prices[at]; price !== undefined && !stays(price); price = prices[at]) {
        changed.set(price, 0);
        at += 1;
      }
    };
    let same = true;
    for (const { price, lots } of market) {
      const before = at;
      goneUntil((old) => !isBehind(price, old));
      const size = lots * lot;
      const isKnown = prices[at] === price;
      same &&= isKnown && at === before;
      if (!isKnown || sizes[at] !== size) changed.set(price, size);
      if (isKnown) {
        if (same) sizes[at] = size;
        at += 1;
      }
    }
    if (market.length === 0) goneUntil(() => false);
    if (same && at === market.length) return;
    prices.splice(0, at, ...market.map(({ price }) => price));
    sizes.splice(0, at, ...market.map(({ lots }) => lots * lot));
  };

  /** Now and then an order behind the market's levels comes, grows, shrinks or goes. */
  const stir = (first: number, changed: Map<number, number>): void => {
    const deep = prices.length - first;
    if (deep <= 0 || random() >= 0.6) return;
    const at = first + Math.floor(random() ** 2 * deep);
    const price = prices[at];
    if (price === undefined) return;
    const what = random();
    if (what < 0.2) {
      prices.splice(at, 1);
      sizes.splice(at, 1);
      changed.set(price, 0);
    } else if (what < 0.4) {
      const between = moved(grid, price, direction);
      const next = prices[at + 1];
      if (between !== undefined && (next === undefined || isBehind(next, between))) put(at + 1, between, 0, changed);
    } else put(at, price, 1, changed);
  };

  /** The book has its number of levels again, unless prices end before. */
  const fit = (changed: Map<number, number>): void => {
    for (let last = prices.at(-1); last !== undefined && prices.length < levels;) {
      const price = moved(grid, last, someSteps(2 * texture.stride));
      if (price === undefined) break;
      put(prices.length, price, 0, changed);
      last = price;
    }
    for (const price of prices.splice(levels)) changed.set(price, 0);
    sizes.splice(levels);
  };

  return {
    follow: (market) => {
      const changed = new Map<number, number>();
      replace(market, changed);
      stir(market.length, changed);
      fit(changed);
      return changed;
    },
    best: () => {
      const [price] = prices;
      return price === undefined ? undefined : { price, size: sizes[0] ?? 0 };
    },
    top: (most) => prices.slice(0, most).map((price, at) => ({ price, size: sizes[at] ?? 0 })),
  };
};

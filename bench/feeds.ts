import type { Depth, Level, Trade } from '../lib/model/marketEvent.js';
import { keepBook, type BookKeeper, type OrderBook } from '../lib/operators/depth/keepBook.js';
import { seeded } from './frames.js';

/** Makes the n-th event of a market, fresh. */
export type Make<E> = (n: number, time: number) => E;

/** A market of so many symbols. */
export type Market<E> = (symbols: number) => Make<E>;

/** Any of the symbols, each as likely. */
const symbolsOf = (count: number, roll: () => number): ((n: number) => string) => {
  const names = Array.from({ length: count }, (_, i) => `S${10_000 + i}.US`);
  return () => names[Math.floor(roll() * count)]!;
};

/** So many symbols trade at any time, but one in a thousand events is of a new one, and the oldest is heard no more. */
const passingSymbolsOf =
  (count: number, roll: () => number): ((n: number) => string) =>
  (n) =>
    `S${10_000 + Math.floor(n / 1_000) + Math.floor(roll() * count)}.US`;

const tradesBy =
  (naming: typeof symbolsOf): Market<Trade> =>
  (symbols) => {
    const roll = seeded(7);
    const symbolOf = naming(symbols, roll);
    return (n, time) => {
      const price = (10_000 + Math.floor(roll() * 100)) / 100;
      return { kind: 'trade', provider: 'bench', symbol: symbolOf(n), time, receivedAt: time, price, size: 100 };
    };
  };

export const tradesOf = tradesBy(symbolsOf);

export const passingTradesOf = tradesBy(passingSymbolsOf);

/** Snapshots of five levels; the market moves by a tick one time in five. */
const depthsBy =
  (naming: typeof symbolsOf): Market<Depth> =>
  (symbols) => {
    const roll = seeded(11);
    const symbolOf = naming(symbols, roll);
    const touches = new Map<string, number>();
    const side = (touch: number, sign: number): readonly Level[] =>
      Array.from({ length: 5 }, (_, rank) => {
        return { price: (touch + sign * (rank + 1)) / 100, size: 1 + Math.floor(roll() * 9) };
      });
    return (n, time) => {
      const symbol = symbolOf(n);
      let touch = touches.get(symbol) ?? 10_000;
      if (roll() < 0.2) touch += roll() < 0.5 ? 1 : -1;
      if (naming === symbolsOf) touches.set(symbol, touch);
      const [bids, asks] = [side(touch, -1), side(touch, 1)];
      return { kind: 'depth', type: 'snapshot', provider: 'bench', symbol, time, receivedAt: time, bids, asks };
    };
  };

export const depthsOf = depthsBy(symbolsOf);

export const passingDepthsOf = depthsBy(passingSymbolsOf);

/** The books that these make. */
export const booksOf: Market<OrderBook> = (symbols) => {
  const depthOf = depthsOf(symbols);
  const keepers = new Map<string, BookKeeper>();
  return (n, time) => {
    const depth = depthOf(n, time);
    const keeper = keepers.get(depth.symbol) ?? keepBook({ levels: 5 });
    keepers.set(depth.symbol, keeper);
    return keeper.apply(depth)!;
  };
};

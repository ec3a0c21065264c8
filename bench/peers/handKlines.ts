import type { Trade } from '../../lib/model/marketEvent.js';

/** What all libraries say of a bar. */
export interface Bar {
  readonly symbol: string;
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly trades: number;
}

/** What ours says besides. */
export interface Weighed extends Bar {
  readonly vwap: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
}

type Working = { -readonly [K in keyof Weighed]: Weighed[K] } & { worth: number };

const MINUTE = 60_000;

/** The floor: one look-up in a `Map` and a few assignments for a trade in order, nothing else. */
export const handKlines = (closed: (bar: Weighed) => void): ((trade: Trade) => void) => {
  const working = new Map<string, Working>();
  return ({ symbol, time, price, size = 0, aggressor }) => {
    const openTime = time - (time % MINUTE);
    const bar = working.get(symbol);
    if (bar?.openTime === openTime) {
      if (price > bar.high) bar.high = price;
      if (price < bar.low) bar.low = price;
      bar.close = price;
      bar.volume += size;
      bar.trades += 1;
      bar.worth += price * size;
      if (aggressor === 'buyer') bar.buyVolume += size;
      else bar.sellVolume += size;
      return;
    }
    if (bar !== undefined) {
      bar.vwap = bar.worth / bar.volume;
      closed(bar);
    }
    working.set(symbol, {
      symbol,
      openTime,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: size,
      trades: 1,
      vwap: price,
      buyVolume: aggressor === 'buyer' ? size : 0,
      sellVolume: aggressor === 'buyer' ? 0 : size,
      worth: price * size,
    });
  };
};

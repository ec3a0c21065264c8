import type { Kline } from '../../model/marketEvent.js';

/** Remembers where the latest bar of each symbol and interval opens; answers what it was before this bar. */
export const latestOpenTime = (): ((kline: Kline) => number) => {
  const known = new Map<string, number>();
  return ({ provider, symbol, interval, openTime }) => {
    const key = `${provider} ${symbol} ${interval}`;
    const before = known.get(key) ?? -Infinity;
    if (openTime > before) known.set(key, openTime);
    return before;
  };
};

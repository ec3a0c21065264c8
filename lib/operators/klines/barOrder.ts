import { feedNameOf, isNamed } from '../../model/feedEvent.js';
import { isInterval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { isTime } from '../../model/moment.js';
import { canonicalSymbol } from '../../model/symbol.js';
import { isMisplaced } from './timing.js';

/** Whether a bar is a new one, another word on the latest one, or one on an earlier bar, or on none. */
export type BarOrder = 'new' | 'latest' | 'earlier' | 'none';

/** A bar in the order of those before it. */
export interface Placed<K> {
  readonly order: BarOrder;
  /** The bar, in the spelling of its symbol that came first. */
  readonly kline: K;
}

/** Remembers the latest bar of each feed, instrument and interval. */
export const barOrder = <K extends Kline<string>>(): ((kline: K) => Placed<K>) => {
  const known = new Map<string, K>();
  return (kline) => {
    const { symbol, interval, openTime } = kline;
    if (!isNamed(kline) || typeof interval !== 'string') return { order: 'none', kline };
    if (!isTime(openTime) || isMisplaced(kline)) return { order: 'none', kline };
    const feed: unknown = feedNameOf(kline);
    const key = `${typeof feed === 'string' ? feed : ''} ${canonicalSymbol(symbol)} ${interval}`;
    const latest = known.get(key);
    if (latest && openTime < latest.openTime) return { order: 'earlier', kline };
    const spelled = latest && latest.symbol !== symbol ? { ...kline, symbol: latest.symbol } : kline;
    known.set(key, spelled);
    const isSame = latest && openTime === latest.openTime && !isOver(latest);
    return { order: isSame ? 'latest' : 'new', kline: spelled };
  };
};

/** No more is said of a counted bar that is closed: what opens in the same millisecond is another one. */
const isOver = ({ interval, closed }: Kline<string>): boolean => closed && !isInterval(interval);

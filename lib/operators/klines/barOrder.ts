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
    if (!isPlaced(kline)) return { order: 'none', kline };
    const { symbol, interval, openTime } = kline;
    const feed: unknown = feedNameOf(kline);
    const key = `${typeof feed === 'string' ? feed : ''} ${canonicalSymbol(symbol)} ${interval}`;
    const latest = known.get(key);
    const spelled = latest && latest.symbol !== symbol ? { ...kline, symbol: latest.symbol } : kline;
    if (latest && openTime < latest.openTime) return { order: 'earlier', kline: spelled };
    known.set(key, spelled);
    const isSame = latest && openTime === latest.openTime && !isOver(latest);
    return { order: isSame ? 'latest' : 'new', kline: spelled };
  };
};

/** Whether it is known of which symbol and when a bar is. */
export const isPlaced = (kline: Kline<string>): boolean =>
  isNamed(kline) && typeof kline.interval === 'string' && isTime(kline.openTime) && !isMisplaced(kline);

/** No more is said of a counted bar that is closed: what opens in the same millisecond is another one. */
const isOver = ({ interval, closed }: Kline<string>): boolean => closed && !isInterval(interval);

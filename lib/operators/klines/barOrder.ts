import { feedNameOf } from '../../model/feedEvent.js';
import { isInterval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { isTime } from '../../model/moment.js';
import { canonicalSymbol } from '../../model/symbol.js';
import { isMisplaced } from './timing.js';

/** Whether a bar is a new one, another word on the latest one, or one on an earlier bar, or on none. */
export type BarOrder = 'new' | 'latest' | 'earlier' | 'none';

/** Remembers the latest bar of each feed, instrument and interval. */
export const barOrder = (): ((kline: Kline<string>) => BarOrder) => {
  const known = new Map<string, Kline<string>>();
  return (kline) => {
    const { symbol, interval, openTime } = kline;
    if (!isTime(openTime) || isMisplaced(kline)) return 'none';
    const key = `${feedNameOf(kline)} ${canonicalSymbol(symbol)} ${interval}`;
    const latest = known.get(key);
    if (latest && openTime < latest.openTime) return 'earlier';
    known.set(key, kline);
    return latest && openTime === latest.openTime && !isOver(latest) ? 'latest' : 'new';
  };
};

/** No more is said of a counted bar that is closed: what opens in the same millisecond is another one. */
const isOver = ({ interval, closed }: Kline<string>): boolean => closed && !isInterval(interval);

import { amountOf, isAmount, isFigure } from '../../model/figure.js';
import type { Kline, Quote, Trade } from '../../model/marketEvent.js';
import { isTime } from '../../model/moment.js';

/** What says when an event happened and when it came. */
interface Timed {
  readonly time: number;
  readonly receivedAt: number;
}

const isNoAmount = (value: unknown): boolean => value !== undefined && !isAmount(value);

const isNumber = (value: unknown): boolean => typeof value === 'number';

const isNoTime = ({ time, receivedAt }: Timed): boolean => typeof time !== 'number' || !isTime(receivedAt);

/** A time that is no number is `NaN`, and not believed; what tells no time of receipt was received now. */
const timesOf = ({ time, receivedAt }: Timed, now: () => number): Timed => ({
  time: typeof time === 'number' ? time : NaN,
  receivedAt: isTime(receivedAt) ? receivedAt : now(),
});

/** The trade without what is no figure, as if that had not been sent; the very same where there is nothing of the kind. */
export const soundTrade = (trade: Trade, now: () => number): Trade =>
  !isNumber(trade.price) || isNoAmount(trade.size) || isNoAmount(trade.volume) || isNoTime(trade)
    ? {
        ...trade,
        price: isNumber(trade.price) ? trade.price : NaN,
        size: amountOf(trade.size),
        volume: amountOf(trade.volume),
        ...timesOf(trade, now),
      }
    : trade;

/** The quote without what is no figure, as if that had not been sent; the very same where there is nothing of the kind. */
export const soundQuote = (quote: Quote, now: () => number): Quote => {
  const { volume, turnover } = quote;
  if (!isNoAmount(volume) && (turnover === undefined || isFigure(turnover)) && !isNoTime(quote)) return quote;
  return {
    ...quote,
    volume: amountOf(volume),
    turnover: isFigure(turnover) ? turnover : undefined,
    ...timesOf(quote, now),
  };
};

/** A vendor's bar without what is no figure; undefined where a price is none, or where all is zero: nothing was traded yet. */
export const soundKline = (kline: Kline, now: () => number): Kline | undefined => {
  const { open, high, low, close, volume, turnover, trades, coverage, missedVolume, revision } = kline;
  if (!isFigure(open) || !isFigure(high) || !isFigure(low) || !isFigure(close)) return undefined;
  if (close === 0 && open === 0 && high === 0 && low === 0 && !volume) return undefined;
  const isSound =
    isAmount(volume) &&
    isAmount(missedVolume) &&
    (turnover === undefined || isFigure(turnover)) &&
    !isNoAmount(trades) &&
    isAmount(revision) &&
    coverage >= 0 &&
    coverage <= 1 &&
    isTime(kline.time) &&
    isTime(kline.receivedAt) &&
    typeof kline.closed === 'boolean' &&
    isSource(kline.source);
  if (isSound) return kline;
  return {
    ...kline,
    volume: amountOf(volume) ?? 0,
    missedVolume: amountOf(missedVolume) ?? 0,
    turnover: isFigure(turnover) ? turnover : undefined,
    trades: amountOf(trades),
    revision: amountOf(revision) ?? 0,
    coverage: isFigure(coverage) ? Math.min(1, Math.max(0, coverage)) : 0,
    time: isTime(kline.time) ? kline.time : kline.openTime,
    receivedAt: isTime(kline.receivedAt) ? kline.receivedAt : now(),
    closed: (kline.closed as unknown) === true,
    source: isSource(kline.source) ? kline.source : 'provider',
  };
};

const SOURCES: ReadonlySet<unknown> = new Set<Kline['source']>(['provider', 'trades', 'quotes', 'empty']);
const isSource = (source: unknown): boolean => SOURCES.has(source);

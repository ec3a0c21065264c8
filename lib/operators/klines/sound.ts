import { amountOf, isAmount, isFigure } from '../../model/figure.js';
import type { Quote, Trade } from '../../model/marketEvent.js';
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

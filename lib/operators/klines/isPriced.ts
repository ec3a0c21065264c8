import { isFigure } from '../../model/figure.js';
import type { Quote, Trade } from '../../model/marketEvent.js';

/**
 * Whether a quote says that nothing was traded yet: a volume of zero with no price, with the close of the day before, or
 * of an instrument that is `known` to have volume. What is no number is no price either; a price of zero that is traded
 * at, as of a spread, is one.
 */
export const saysNothingYet = ({ last, low, high, volume, previousClose }: Quote, known: number): boolean => {
  if (!isFigure(last)) return true;
  if (volume === undefined) return last === 0;
  if (volume === 0) return last === 0 || last === previousClose || known > 0;
  return last === 0 && (volume === known || (low ?? 0) > 0 || (high ?? 0) < 0);
};

/**
 * Whether a trade has a price that bars count: one of size 0, or without a price and a size, has none. Nor has one without
 * a size on a day that has no volume yet, which would hold it: it is the close of the day before.
 */
export const isPriced = ({ price, size, volume, volumeOnly }: Trade): boolean =>
  isFigure(price) && size !== 0 && volumeOnly !== true && ((size ?? 0) > 0 || (price !== 0 && volume !== 0));

import type { Semigroup } from 'fp-ts/lib/Semigroup.js';
import type { Kline } from './marketEvent.js';

/**
 * Joins two bars of one instrument; the first is the earlier one. Associative, so that bars may be joined in any grouping.
 *
 * A flat bar in which nothing was traded gives no price where the other has one. What is uncovered adds up; time between
 * the two counts as covered. `revision` is the number of corrections of both, and the interval that of the earlier.
 */
export const klineSemigroup: Semigroup<Kline> = {
  concat: (earlier, later) => ({
    ...earlier,
    ...prices(earlier, later),
    time: Math.max(earlier.time, later.time),
    receivedAt: Math.max(earlier.receivedAt, later.receivedAt),
    closeTime: later.closeTime,
    volume: earlier.volume + later.volume,
    turnover: sum(earlier.turnover, later.turnover),
    trades: sum(earlier.trades, later.trades),
    closed: earlier.closed && later.closed,
    revision: earlier.revision + later.revision,
    coverage: 1 - (uncovered(earlier) + uncovered(later)) / (later.closeTime - earlier.openTime),
    missedVolume: earlier.missedVolume + later.missedVolume,
  }),
};

const prices = (earlier: Kline, later: Kline): Pick<Kline, 'open' | 'high' | 'low' | 'close' | 'source'> => {
  if (earlier.source !== 'empty' && later.source === 'empty') return pricesOf(earlier);
  if (earlier.source === 'empty' && later.source !== 'empty') return pricesOf(later);
  return {
    open: earlier.open,
    high: Math.max(earlier.high, later.high),
    low: Math.min(earlier.low, later.low),
    close: later.close,
    source: sources.find((source) => earlier.source === source || later.source === source) ?? 'empty',
  };
};

const pricesOf = ({ open, high, low, close, source }: Kline) => ({ open, high, low, close, source });

/** A bar with trades in it is one of trades. */
const sources = ['trades', 'quotes', 'provider'] as const;

const uncovered = ({ coverage, openTime, closeTime }: Kline): number => (1 - coverage) * (closeTime - openTime);

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : a + b;

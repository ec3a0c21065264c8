import type { Semigroup } from 'fp-ts/lib/Semigroup.js';
import { plus } from './exact.js';
import type { Kline } from './marketEvent.js';

/**
 * Joins two bars of one instrument; the first is the earlier one. Associative, so that bars may be joined in any grouping.
 *
 * A flat bar in which nothing was traded gives no price where the other has one. What is uncovered adds up; time between
 * the two counts as covered. `revision` is the number of corrections of both, and the interval that of the earlier.
 */
export const klineSemigroup: Semigroup<Kline> = {
  concat: (earlier, later) => {
    const first = earlier.source === 'empty' && later.source !== 'empty' ? later : earlier;
    const last = later.source === 'empty' && earlier.source !== 'empty' ? earlier : later;
    // Written out: a spread of this many fields costs more than all the rest.
    return {
      kind: 'kline',
      provider: earlier.provider,
      feed: earlier.feed,
      symbol: earlier.symbol,
      time: Math.max(earlier.time, later.time),
      receivedAt: Math.max(earlier.receivedAt, later.receivedAt),
      interval: earlier.interval,
      openTime: earlier.openTime,
      closeTime: later.closeTime,
      open: first.open,
      high: Math.max(first.high, last.high),
      low: Math.min(first.low, last.low),
      close: last.close,
      volume: plus(earlier.volume, later.volume),
      turnover: sum(earlier.turnover, later.turnover),
      trades: sum(earlier.trades, later.trades),
      closed: earlier.closed && later.closed,
      revision: earlier.revision + later.revision,
      coverage: 1 - (uncovered(earlier) + uncovered(later)) / (later.closeTime - earlier.openTime),
      source: earlier.source === later.source ? earlier.source : betterOf(earlier.source, later.source),
      missedVolume: plus(earlier.missedVolume, later.missedVolume),
    };
  },
};

/** A bar with trades in it is one of trades. */
const sources = ['trades', 'quotes', 'provider'] as const;

const betterOf = (one: Kline['source'], other: Kline['source']): Kline['source'] =>
  sources.find((source) => one === source || other === source) ?? 'empty';

const uncovered = ({ coverage, openTime, closeTime }: Kline): number => (1 - coverage) * (closeTime - openTime);

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : plus(a, b);

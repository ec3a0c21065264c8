import fc from 'fast-check';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline, Quote, Trade } from '../../../lib/model/marketEvent.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { aTape, aTapeOfSizes, barsOf, groupedBy, lastWords, MINUTE, resampled, sumOf, symbol } from './aTape.js';

const runs = { numRuns: 1_000 };
const isQuote = (event: FeedEvent): event is Quote => event.kind === 'quote';
const isTrade = (event: FeedEvent): event is Trade => event.kind === 'trade';
const last = <T>(values: readonly T[]): T => values.at(-1)!;

describe('bars of a tape with drops, duplicates, reordering and losses of the link', () => {
  it('sum to the truth, and miss exactly what was dropped', () => {
    fc.assert(
      fc.property(aTape, ({ truth, heard }) => {
        const seen = [...new Set(heard.filter(isTrade))].sort((a, b) => a.time - b.time);
        if (seen.length === 0) return;
        const bars = lastWords(barsOf(heard, '1m'));
        const { volume: from = 0, size = 0 } = seen[0]!;
        const total = last(seen).volume! - from + size;
        const happened = truth.filter(({ time }) => time >= seen[0]!.time && time <= last(seen).time);
        const dropped = happened.filter((trade) => !seen.includes(trade)).reduce((sum, { size = 0 }) => sum + size, 0);
        expect(sumOf(bars, 'volume') + sumOf(bars, 'missedVolume')).toBe(total);
        expect(sumOf(bars, 'missedVolume')).toBe(dropped);
      }),
      runs,
    );
  });

  it('sum to the truth at each figure of the quotes, where trades tell but their sizes', () => {
    fc.assert(
      fc.property(aTapeOfSizes, (tape) => {
        const heard = tape.slice(0, tape.map(({ kind }) => kind).lastIndexOf('quote') + 1);
        const [first, to] = [heard.find(isQuote), heard.at(-1)];
        if (first === undefined || to === undefined || !isQuote(to)) return;
        const bars = lastWords(barsOf(heard, '1m'));
        const outside = heard.filter(isTrade).filter(({ time }) => time <= first.time || time > to.time);
        const truth = to.volume! - first.volume! + outside.reduce((sum, { size = 0 }) => sum + size, 0);
        expect(sumOf(bars, 'volume') + sumOf(bars, 'missedVolume')).toBeCloseTo(truth, 6);
      }),
      runs,
    );
  });

  it('equal those of a naive grouping of what was heard', () => {
    fc.assert(
      fc.property(aTape, ({ heard }) => {
        const seen = [...new Set(heard.filter(isTrade))].sort((a, b) => a.time - b.time);
        const minutes = groupedBy(seen, ({ time }) => Math.floor(time / MINUTE) * MINUTE);
        const naive = [...minutes].map(([openTime, trades]) => ({
          openTime,
          closeTime: openTime + MINUTE,
          open: trades[0]!.price,
          high: Math.max(...trades.map(({ price }) => price)),
          low: Math.min(...trades.map(({ price }) => price)),
          close: last(trades).price,
          volume: trades.reduce((sum, { size = 0 }) => sum + size, 0),
          trades: trades.length,
          source: 'trades',
        }));
        expect(lastWords(barsOf(heard, '1m'))).toMatchObject(naive);
      }),
      runs,
    );
  });

  it('close once for each revision', () => {
    fc.assert(
      fc.property(aTape, fc.constantFrom('revise', 'drop', 'report'), ({ heard }, late) => {
        const closed = barsOf(heard, '1m', { late, horizon: 3 }).filter((bar) => bar.closed);
        const revisions = groupedBy(closed, ({ openTime }) => openTime).values();
        for (const bars of revisions) expect(bars.map(({ revision }) => revision)).toEqual(bars.map((_, i) => i));
      }),
      runs,
    );
  });

  it.each(['drop', 'report'] as const)('sum to the truth also where late trades are not taken: %s', (late) => {
    fc.assert(
      fc.property(aTape, ({ heard }) => {
        const trades = heard.filter(isTrade);
        if (trades.length === 0) return;
        const bars = lastWords(barsOf(heard, '1m', { late }));
        const { volume: from = 0, size = 0 } =
          late === 'drop' ? trades[0]! : trades.reduce((a, b) => (a.time < b.time ? a : b));
        const to = Math.max(...trades.map(({ volume = 0 }) => volume));
        const sum = sumOf(bars, 'volume') + sumOf(bars, 'missedVolume');
        // Of the minute of the first trade, earlier ones are not late.
        if (late === 'drop') expect(sum).toBeGreaterThanOrEqual(to - from + size);
        else expect(sum).toBe(to - from + size);
      }),
      runs,
    );
  });

  it('are the same, made of smaller bars or of the trades', () => {
    const prices = ({ openTime, closeTime, open, high, low, close, volume, trades, source, missedVolume }: Kline) => {
      return { openTime, closeTime, open, high, low, close, volume, trades, source, missedVolume };
    };
    fc.assert(
      fc.property(aTape, fc.constantFrom('skip', 'carry'), ({ heard }, empty) => {
        const small = barsOf(heard, '1m', { empty });
        const large = lastWords(barsOf(heard, '5m', { empty })).map(prices);
        expect(lastWords(resampled(small, '5m')).map(prices)).toEqual(large);
      }),
      runs,
    );
  });

  it('are covered alike, made of smaller bars or of the trades, where no bar is skipped', () => {
    fc.assert(
      fc.property(aTape, ({ heard }) => {
        // What is before the first bar of a symbol, no bar tells.
        const events = [aTrade({ symbol, size: 1 }), ...heard];
        const coverages = (bars: readonly Kline[]) =>
          lastWords(bars.filter(({ closed }) => closed)).map(({ coverage }) => coverage.toFixed(9));
        const small = barsOf(events, '1m', { empty: 'carry' });
        const large = barsOf(events, '5m', { empty: 'carry' });
        expect(coverages(resampled(small, '5m'))).toEqual(coverages(large));
      }),
      runs,
    );
  });
});

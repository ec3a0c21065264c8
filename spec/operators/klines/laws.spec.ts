import fc from 'fast-check';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Trade } from '../../../lib/model/marketEvent.js';
import { aTape, barsOf, groupedBy, lastWords, MINUTE, sumOf } from './aTape.js';

const runs = { numRuns: 1_000 };
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
});

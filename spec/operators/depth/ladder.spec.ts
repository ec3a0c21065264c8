import fc from 'fast-check';
import type { BookSide } from '../../../lib/operators/depth/BookChanges.js';
import { ladder } from '../../../lib/operators/depth/ladder.js';
import { levels, naiveSide } from './depthEvents.js';

const anyLevel = fc.record(
  {
    price: fc.integer({ min: -60, max: 60 }),
    size: fc.integer({ min: 0, max: 9 }),
    orders: fc.integer({ min: 0, max: 9 }),
  },
  { requiredKeys: ['price', 'size'] },
);

const prices = Array.from({ length: 121 }, (_, i) => i - 60);

describe.each<[BookSide, 'highest' | 'lowest']>([
  ['bid', 'highest'],
  ['ask', 'lowest'],
])('a ladder of %ss', (side, best) => {
  it('is what a Map and a sort would be, after any changes', () => {
    fc.assert(
      fc.property(fc.array(anyLevel, { maxLength: 100, size: 'max' }), (changes) => {
        const kept = ladder(side);
        const naive = naiveSide(best);
        changes.forEach(kept.set);
        naive.take('update', changes);
        const top = naive.top();
        const ranks = top.map((_, rank) => ({ price: kept.priceAt(rank) + 0, size: kept.sizeAt(rank) }));
        expect(kept.top(Infinity)).toEqual(top);
        expect(kept.depth()).toBe(top.length);
        expect(ranks).toEqual(top.map(({ price, size }) => ({ price, size })));
        expect(prices.filter(kept.has)).toEqual(prices.filter((price) => top.some((one) => one.price === price)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows what it showed before as long as that is true, and reuses the levels that are', () => {
    fc.assert(
      fc.property(fc.array(anyLevel), fc.array(anyLevel), fc.nat(5), (before, after, count) => {
        const kept = ladder(side);
        before.forEach(kept.set);
        const shown = kept.top(count);
        expect(kept.top(count, shown)).toBe(shown);
        after.forEach(kept.set);
        expect(kept.top(count, shown)).toEqual(kept.top(count));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a ladder', () => {
  it('takes levels for all there are, in any order, without placeholders', () => {
    const bids = ladder('bid');
    bids.load(levels('9x1 8x2'));
    bids.load(levels('7x1 0x0 5x5 6x2'));
    expect(bids.top(9)).toEqual(levels('7x1 6x2 5x5'));
  });

  it('remembers the number of orders only where one was given', () => {
    const asks = ladder('ask');
    asks.load([
      { price: 1, size: 1 },
      { price: 2, size: 2, orders: 7 },
    ]);
    expect(asks.top(2)).toEqual([
      { price: 1, size: 1 },
      { price: 2, size: 2, orders: 7 },
    ]);
    asks.load(levels('2x2'));
    expect(asks.top(2)).toEqual(levels('2x2'));
  });
});

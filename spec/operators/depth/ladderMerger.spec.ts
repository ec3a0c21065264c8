import fc from 'fast-check';
import type { Level } from '../../../lib/model/marketEvent.js';
import type { BookSide } from '../../../lib/operators/depth/BookChanges.js';
import type { ConsolidatedLevel } from '../../../lib/operators/depth/ConsolidatedBook.js';
import { ladder } from '../../../lib/operators/depth/ladder.js';
import { ladderMerger } from '../../../lib/operators/depth/ladderMerger.js';
import { levels } from './depthEvents.js';

const providers = ['a', 'b', 'c', 'd', 'e'];

const change = fc.record({
  source: fc.nat(providers.length - 1),
  price: fc.integer({ min: 1, max: 40 }),
  size: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
});

const sourcesOf = (side: BookSide, count: number, lot = 1) =>
  providers.slice(0, count).map((provider) => ({ provider, ladder: ladder(side), lot }));

type Sources = ReturnType<typeof sourcesOf>;

/** All prices in one set, sorted. */
const bruteForce = (side: BookSide, sources: Sources, count: number): ConsolidatedLevel[] => {
  const found = sources.flatMap((one) =>
    one.ladder.top(Infinity).map(({ price, size }) => ({
      price,
      provider: one.provider,
      size: size === undefined ? undefined : size * one.lot,
    })),
  );
  return [...new Set(found.map(({ price }) => price))]
    .sort((a, b) => (side === 'bid' ? b - a : a - b))
    .slice(0, count)
    .map((price) => {
      const here = found.filter((one) => one.price === price).map(({ provider, size }) => ({ provider, size }));
      return { price, size: here.reduce((sum, { size }) => sum + (size ?? NaN), 0) || undefined, sources: here };
    });
};

describe('ladderMerger', () => {
  it.each<BookSide>(['bid', 'ask'])('is what sorting the %ss of any number of sources would give', (side) => {
    const shownLevels = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(Infinity));
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 40 }),
        fc.integer({ min: 0, max: 5 }),
        shownLevels,
        (steps, width, count) => {
          const sources = sourcesOf(side, width, 100);
          // What is read by somebody else between two calls is read anew, so that is not what is compared with.
          const twins = sourcesOf(side, width, 100);
          const merge = ladderMerger(side, sources, count);
          let before = merge();
          for (const { source, ...level } of steps) {
            sources[source]?.ladder.set(level);
            twins[source]?.ladder.set(level);
            const merged = merge();
            expect(merged).toEqual(bruteForce(side, twins, count));
            const isLikeBefore = (one: ConsolidatedLevel, rank: number): boolean =>
              JSON.stringify(one) === JSON.stringify(before[rank]);
            expect(merged.filter((one, rank) => isLikeBefore(one, rank) && one !== before[rank])).toEqual([]);
            before = merged;
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('gives the same array again when nothing that it shows is another one', () => {
    const sources = sourcesOf('bid', 2);
    const merge = ladderMerger('bid', sources, 2);
    const set = (source: number, level: Level[]): void => level.forEach((one) => sources[source]?.ladder.set(one));
    set(0, levels('9x1 7x1'));
    set(1, levels('8x1'));
    const shown = merge();
    expect(merge()).toBe(shown);
    set(1, levels('6x5'));
    expect(merge()).toBe(shown);
    set(0, levels('7x2'));
    expect(merge()).toBe(shown);
    set(0, levels('9x2'));
    expect(merge()[1]).toBe(shown[1]);
  });

  it('shows a level again that was gone for a while', () => {
    const sources = sourcesOf('bid', 1);
    const merge = ladderMerger('bid', sources, 9);
    for (const text of ['9x1 8x1 7x1', '9x2', '7x0', '7x1']) {
      levels(text).forEach((level) => sources[0]?.ladder.set(level));
      expect(merge()).toEqual(bruteForce('bid', sources, 9));
    }
  });

  it('shows all levels of a deep book', () => {
    const sources = sourcesOf('ask', 2);
    const merge = ladderMerger('ask', sources, Infinity);
    for (let price = 1; price <= 50; price++) sources[price % 2]?.ladder.set({ price, size: 1 });
    expect(merge()).toEqual(bruteForce('ask', sources, Infinity));
  });
});

import fc from 'fast-check';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { Level } from '../../../lib/model/marketEvent.js';
import type { BookSide } from '../../../lib/operators/depth/BookChanges.js';
import { keepBook, type OrderBook } from '../../../lib/operators/depth/keepBook.js';
import { naiveSide, snapshot, someDepth, someSnapshot, update } from './depthEvents.js';

const someLevels = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined });

/** Puts what a book says has changed on what was there before. */
const applied = (shown: readonly Level[], side: BookSide, { changes }: OrderBook): Level[] => {
  const levels = new Map(shown.map((level) => [level.price, level]));
  const here = (change: { readonly side: BookSide }): boolean => change.side === side;
  for (const { price, before } of [...changes.removed, ...changes.outOfWindow].filter(here)) {
    expect(levels.get(price)?.size).toBe(before);
    levels.delete(price);
  }
  for (const { price, size, before, orders } of [...changes.added, ...changes.changed].filter(here)) {
    expect(levels.has(price) ? levels.get(price)?.size : 0).toBe(before);
    levels.set(price, orders === undefined ? { price, size } : { price, size, orders });
  }
  return [...levels.values()].sort((a, b) => (side === 'bid' ? b.price - a.price : a.price - b.price));
};

describe('keepBook', () => {
  it('keeps the book that a Map and a sort would give', () => {
    fc.assert(
      fc.property(someSnapshot, fc.array(someDepth), someLevels, (first, more, levels) => {
        const { apply } = keepBook({ levels });
        const bids = naiveSide('highest');
        const asks = naiveSide('lowest');
        for (const depth of [first, ...more]) {
          const book = apply(depth);
          bids.take(depth.type, depth.bids);
          asks.take(depth.type, depth.asks);
          expect(book?.bids).toEqual(bids.top(levels));
          expect(book?.asks).toEqual(asks.top(levels));
          const [bid] = bids.top(1);
          const [ask] = asks.top(1);
          expect(book?.crossed).toBe(bid !== undefined && ask !== undefined && bid.price >= ask.price);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('says changes that rebuild each book from the one before, also across gaps', () => {
    const gap = fc.constant('gap' as const);
    const steps = fc.array(fc.oneof({ arbitrary: someDepth, weight: 6 }, { arbitrary: gap, weight: 1 }));
    fc.assert(
      fc.property(steps, someLevels, (events, levels) => {
        const { apply, invalidate } = keepBook({ levels });
        let bids: Level[] = [];
        let asks: Level[] = [];
        for (const event of events) {
          const book = event === 'gap' ? invalidate(1) : apply(event);
          if (!book) continue;
          bids = applied(bids, 'bid', book);
          asks = applied(asks, 'ask', book);
          expect(bids).toEqual(book.bids);
          expect(asks).toEqual(book.asks);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('calls a level removed when an update says so, and out of the window when it is known still', () => {
    fc.assert(
      fc.property(someSnapshot, fc.array(someDepth), fc.integer({ min: 1, max: 4 }), (first, more, levels) => {
        const { apply } = keepBook({ levels });
        const bids = naiveSide('highest');
        for (const depth of [first, ...more]) {
          const book = apply(depth);
          bids.take(depth.type, depth.bids);
          const isKnown = ({ price }: Level): boolean => bids.top().some((level) => level.price === price);
          const ofBids = ({ side }: { readonly side: BookSide }): boolean => side === 'bid';
          expect(book?.changes.removed.filter(ofBids).some(isKnown)).toBe(false);
          if (depth.type === 'update') expect(book?.changes.outOfWindow.filter(ofBids).every(isKnown)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, string, string, readonly number[], readonly number[]]>([
    ['a full side moves up', '5x1 4x1 3x1 |', '6x1 5x1 4x1 |', [], [3]],
    ['a full side moves down', '5x1 4x1 3x1 |', '4x1 3x1 2x1 |', [5], []],
    ['a full side moves up and loses one', '5x1 4x1 3x1 |', '7x1 6x1 4x1 |', [5], [3]],
    ['a side is no longer full', '5x1 4x1 3x1 |', '6x1 5x1 |', [4, 3], []],
    ['a side is no longer full, by placeholders', '5x1 4x1 3x1 |', '6x1 5x1 0x0 |', [4, 3], []],
    ['a side was never full', '| 5x1 6x1', '| 4x1 5x1', [], [6]],
    ['a side was never full next to one that is', '9x1 8x1 7x1 | 15x1 16x1', '9x1 8x1 7x1 | 14x1 15x1', [16], []],
    ['the only level moves away', '| 5x1', '| 6x1', [5], []],
    ['the only level is bettered', '| 5x1', '| 4x1', [], [5]],
    ['a side becomes empty', '5x1 4x1 |', '', [5, 4], []],
  ])('tells a cancel from a level out of view when %s', (_, before, after, removed, outOfWindow) => {
    const { apply } = keepBook();
    apply(snapshot(before));
    const changes = apply(snapshot(after))?.changes;
    expect(changes?.removed.map(({ price }) => price)).toEqual(removed);
    expect(changes?.outOfWindow.map(({ price }) => price)).toEqual(outOfWindow);
  });

  it('believes an update that a level is gone, also beyond the levels that the vendor sends', () => {
    const { apply } = keepBook();
    apply(snapshot('5x1 4x1 3x1 |'));
    const changes = apply(update('6x1 3x0 |'))?.changes;
    expect(changes?.removed.map(({ price }) => price)).toEqual([3]);
    expect(changes?.outOfWindow).toEqual([]);
  });

  it('names side, price, and size before and after', () => {
    const { apply } = keepBook({ levels: 2 });
    expect(apply(snapshot('5x1 4x2 | 6x3'))?.changes).toEqual({
      added: [
        { side: 'bid', price: 5, size: 1, before: 0 },
        { side: 'bid', price: 4, size: 2, before: 0 },
        { side: 'ask', price: 6, size: 3, before: 0 },
      ],
      changed: [],
      removed: [],
      outOfWindow: [],
    });
    expect(apply(update('5x7 4.5x1 | 6x0'))?.changes).toEqual({
      added: [{ side: 'bid', price: 4.5, size: 1, before: 0 }],
      changed: [{ side: 'bid', price: 5, size: 7, before: 1 }],
      removed: [{ side: 'ask', price: 6, size: 0, before: 3 }],
      outOfWindow: [{ side: 'bid', price: 4, size: 0, before: 2 }],
    });
  });

  it('is one and the same list of levels while a side does not change', () => {
    const { apply } = keepBook({ levels: 1 });
    const first = apply(snapshot('5x1 4x2 | 6x3'));
    const second = apply(update('4x9 | 6x4', { time: 7 }));
    expect(second?.bids).toBe(first?.bids);
    expect(second?.asks).not.toBe(first?.asks);
    expect(second?.time).toBe(7);
  });

  it.each([0, -1, 1.5, NaN])('rejects %p levels', (levels) => {
    const error = new InvalidOption('levels', levels, 'it is a whole number of levels a side, 1 or more');
    expect(() => keepBook({ levels })).toThrow(error);
  });
});

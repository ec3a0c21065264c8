import fc from 'fast-check';
import type { BookSide } from '../../../lib/operators/depth/BookChanges.js';
import type { Level } from '../../../lib/model/marketEvent.js';
import { NOT_GIVEN } from '../../../lib/operators/depth/LadderView.js';
import { ladder } from '../../../lib/operators/depth/ladder.js';
import { levels, naiveSide, someSize } from './depthEvents.js';

const anyLevel = fc.record(
  {
    price: fc.integer({ min: -60, max: 60 }),
    size: fc.oneof(fc.integer({ min: 0, max: 9 }), someSize),
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

  it('is as it should be however it is read, again and again, as books and updates come in', () => {
    const step = fc.record({
      type: fc.constantFrom('snapshot', 'update', 'update', 'update'),
      levels: fc.array(anyLevel, { maxLength: 6 }),
      inOrder: fc.boolean(),
      read: fc.constantFrom('top', 'top', 'copy', 'copy', 'not at all'),
      count: fc.constantFrom(3, 3, 3, 5, Infinity),
    });
    const sign = side === 'bid' ? 1 : -1;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const kept = ladder(side);
        const naive = naiveSide(best);
        const copy = { keys: new Float64Array(1).fill(NaN), sizes: new Float64Array(1) };
        let shown: readonly Level[] = [];
        let copied = '';
        for (const { type, levels: all, inOrder, read, count } of steps) {
          const given = [...all];
          if (inOrder) given.sort((a, b) => sign * (b.price - a.price) || 0);
          if (type === 'snapshot') kept.load(given);
          else given.forEach(kept.set);
          naive.take(type, given);
          const top = naive.top(count);
          if (read === 'top') {
            const before = shown;
            shown = kept.top(count, before);
            expect(shown).toEqual(top);
            expect(shown === before).toBe(JSON.stringify(shown) === JSON.stringify(before));
            expect(shown.filter((level) => isAgain(level, before))).toEqual([]);
          } else if (read === 'copy') {
            const isAnother = kept.copyTop(count, copy);
            const found = top.map(({ price, size }, rank) => [sign * price + 0, size ?? NOT_GIVEN, copy.sizes[rank]]);
            expect(top.map((_, rank) => (copy.keys[rank] ?? NaN) + 0)).toEqual(found.map(([key]) => key));
            expect(found.filter(([, size, own]) => size !== own)).toEqual([]);
            expect(copy.keys[top.length]).toBe(-Infinity);
            const now = JSON.stringify(found);
            expect(isAnother).toBe(copied !== now);
            copied = now;
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Whether it is another object that says what one of those before said. */
const isAgain = (level: Level, before: readonly Level[]): boolean =>
  !before.includes(level) && before.some((old) => JSON.stringify(old) === JSON.stringify(level));

describe('a ladder', () => {
  it('takes levels for all there are, in any order, without placeholders', () => {
    const bids = ladder('bid');
    bids.load(levels('9x1 8x2'));
    bids.load(levels('7x1 0x0 5x5 6x2'));
    expect(bids.top(9)).toEqual(levels('7x1 6x2 5x5'));
  });

  it('takes the last row of a price that comes twice', () => {
    const bids = ladder('bid');
    bids.load(levels('9x1 9x2 8x1'));
    expect(bids.top(9)).toEqual(levels('9x2 8x1'));
    bids.load(levels('9x1 8x1 9x0'));
    expect(bids.top(9)).toEqual(levels('8x1'));
  });

  it('keeps a level whose size is not given, and says so', () => {
    const asks = ladder('ask');
    asks.load([{ price: 1.143 }, { price: 1.144, orders: 2 }]);
    const out = new Float64Array(4);
    asks.readTop(2, out);
    expect([...out]).toEqual([1.143, NaN, 1.144, NaN]);
    expect([asks.sizeAt(0), asks.depth()]).toEqual([undefined, 2]);
    expect(asks.top(2)).toStrictEqual([{ price: 1.143 }, { price: 1.144, orders: 2 }]);
  });

  it('takes many changes at once as it takes them one by one', () => {
    const some = fc.array(anyLevel, { minLength: 257, maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(fc.array(anyLevel), some, some, (before, changes, more) => {
        const [one, other] = [ladder('bid'), ladder('bid')];
        one.load(before);
        other.load(before);
        for (const list of [changes, more]) {
          const shown = other.top(10);
          list.forEach(one.set);
          other.setAll(list);
          expect(other.top(Infinity)).toEqual(one.top(Infinity));
          expect(other.top(10, shown)).toEqual(one.top(10));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has room for any number of levels at once', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ price: i + 1, size: 1 }));
    const asks = ladder('ask');
    asks.load(many);
    expect(asks.top(Infinity)).toEqual(many);
  });

  it('loses a level anywhere, also where nobody counts orders', () => {
    const bids = ladder('bid');
    bids.load(levels('9x1 8x2 7x3'));
    bids.set({ price: 7, size: 0 });
    expect(bids.top(9)).toEqual(levels('9x1 8x2'));
  });

  it('knows what is another level than before when there are fewer', () => {
    const bids = ladder('bid');
    bids.load(levels('9x1 8x1 7x1'));
    const shown = bids.top(9);
    bids.load(levels('8x1 7x1'));
    expect(bids.top(9, shown)).toEqual(levels('8x1 7x1'));
  });

  it('shows what it showed before also when it was read otherwise in between', () => {
    const bids = ladder('bid');
    bids.load(levels('9x1 8x1 7x1'));
    const shown = bids.top(3);
    bids.top(1);
    expect(bids.top(3, shown)).toBe(shown);
  });

  it('takes a change that was undone for none', () => {
    const bids = ladder('bid');
    const copy = { keys: new Float64Array(1).fill(NaN), sizes: new Float64Array(1) };
    bids.load(levels('9x1 8x1'));
    expect([bids.copyTop(9, copy), bids.copyTop(9, copy)]).toEqual([true, false]);
    levels('9x2 9x1').forEach(bids.set);
    expect(bids.copyTop(9, copy)).toBe(false);
  });

  it('remembers the number of orders only where one was given', () => {
    const asks = ladder('ask');
    asks.load([
      { price: 1, size: 1 },
      { price: 2, size: 2, orders: 7 },
    ]);
    expect(asks.top(2)).toStrictEqual([
      { price: 1, size: 1 },
      { price: 2, size: 2, orders: 7 },
    ]);
    asks.load(levels('2x2'));
    expect(asks.top(2)).toEqual(levels('2x2'));
  });
});

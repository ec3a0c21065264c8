import fc from 'fast-check';
import type { Level } from '../../../lib/model/marketEvent.js';
import { keepBook } from '../../../lib/operators/depth/keepBook.js';
import { mutableBook } from '../../../lib/operators/depth/mutableBook.js';
import { snapshot, someDepth, update } from './depthEvents.js';

const TOP = 3;

/** The best levels as `readTop` writes them. */
const asNumbers = (levels: readonly Level[]): Float64Array => {
  const numbers = new Float64Array(2 * TOP);
  levels.slice(0, TOP).forEach(({ price, size }, rank) => numbers.set([price, size ?? NaN], 2 * rank));
  return numbers;
};

describe('mutableBook', () => {
  it('holds what keepBook gives, after any events', () => {
    fc.assert(
      fc.property(fc.array(someDepth), (events) => {
        const mutable = mutableBook();
        const kept = keepBook();
        const out = new Float64Array(2 * TOP);
        for (const event of events) {
          const book = kept.apply(event);
          expect(mutable.apply(event)).toBe(book !== undefined);
          expect(mutable.isValid()).toBe(book !== undefined);
          expect(mutable.bids.readTop(TOP, out)).toBe(Math.min(TOP, book?.bids.length ?? 0));
          expect(out).toEqual(asNumbers(book?.bids ?? []));
          mutable.asks.readTop(TOP, out);
          expect(out).toEqual(asNumbers(book?.asks ?? []));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps its levels through a gap, and takes no update until the next snapshot', () => {
    const { apply, invalidate, isValid, bids } = mutableBook();
    apply(snapshot('9x1 | 10x1'));
    invalidate();
    expect([isValid(), apply(update('9x5 |')), bids.sizeAt(0)]).toEqual([false, false, 1]);
    expect([apply(snapshot('9x7 |')), isValid(), bids.sizeAt(0)]).toEqual([true, true, 7]);
  });

  it('takes counted updates after a snapshot that was not, and minds a hole from then on', () => {
    const { apply, isValid, bids, asks } = mutableBook();
    expect([bids.side, asks.side]).toEqual(['bid', 'ask']);
    apply(snapshot('9x1 | 10x1'));
    expect([apply(update('9x2 |', { sequence: { first: 7, last: 7 } })), bids.sizeAt(0)]).toEqual([true, 2]);
    expect([apply(update('9x3 |', { sequence: { first: 9, last: 9 } })), bids.sizeAt(0), isValid()]).toEqual([
      false,
      2,
      false,
    ]);
  });

  it('writes from a place on, and zeros where there are no more levels', () => {
    const { apply, bids, asks } = mutableBook();
    apply(snapshot('9x1 8x2 | 10x3'));
    const out = new Float64Array(9).fill(-1);
    expect([bids.readTop(2, out), asks.readTop(2, out, 4)]).toEqual([2, 1]);
    expect([...out]).toEqual([9, 1, 8, 2, 10, 3, 0, 0, -1]);
  });
});

import type { Level } from '../../../lib/model/marketEvent.js';
import { diffLevels, noChanges, type Collected } from '../../../lib/operators/depth/diffLevels.js';
import { levels } from './depthEvents.js';

const isOut = (price: number): boolean => price < 5;

/** What leads from one side to the other. */
const between = (before: readonly Level[], after: readonly Level[]): Collected => {
  const into = { ...noChanges };
  diffLevels('bid', before, after, isOut, into);
  return into;
};

describe('diffLevels', () => {
  it('is silent about levels that say the same, whoever made them', () => {
    expect(between(levels('9x1 8x2'), levels('9x1 8x2'))).toEqual(noChanges);
  });

  it('counts another number of orders for a change', () => {
    const [before, after] = [
      { price: 9, size: 1, orders: 2 },
      { price: 9, size: 1, orders: 3 },
    ] as const;
    expect(between([before], [after]).changed).toEqual([{ side: 'bid', ...after, before: 1 }]);
    expect(between([after], [after]).changed).toEqual([]);
  });

  it('names orders only where a level has them', () => {
    expect(between([], levels('9x1')).added).toStrictEqual([{ side: 'bid', price: 9, size: 1, before: 0 }]);
  });

  it('tells what is gone from what is out of view', () => {
    const { removed, outOfWindow } = between(levels('9x1 4x2'), []);
    expect(removed).toEqual([{ side: 'bid', price: 9, size: 0, before: 1 }]);
    expect(outOfWindow).toEqual([{ side: 'bid', price: 4, size: 0, before: 2 }]);
  });
});

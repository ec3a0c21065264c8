import fc from 'fast-check';
import { banded, evenTicks, freeGrid, hongKongTicks, moved, snapped } from '../../../lib/simulator/market/book.js';

describe('a price grid', () => {
  it.each([
    [0.249, 0.001],
    [0.25, 0.005],
    [9.99, 0.01],
    [10, 0.02],
    [99.95, 0.05],
    [100, 0.1],
    [200, 0.2],
    [500, 0.5],
    [1_000, 1],
    [2_000, 2],
    [5_000, 5],
  ])('of Hong Kong has at %d the step %d', (price, tick) => {
    expect(hongKongTicks(price * 1_000) / 1_000).toBe(tick);
  });

  it('goes down by the smaller step at a threshold', () => {
    const grid = freeGrid(hongKongTicks);
    expect([moved(grid, 500_000, 1), moved(grid, 500_000, -1)]).toEqual([500_500, 499_800]);
  });

  it('stops at the edges of the day', () => {
    const grid = banded(freeGrid(evenTicks(1)), 978, 0.1);
    expect([grid.floor, grid.ceiling]).toEqual([880, 1076]);
    expect([moved(grid, 1076, 1), moved(grid, 1075, 5), moved(grid, 880, -1)]).toEqual([undefined, 1076, undefined]);
  });

  it('stays on the grid', () => {
    const grid = freeGrid(hongKongTicks);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000 }), fc.integer({ min: -9, max: 9 }), (price, ticks) => {
        const target = moved(grid, snapped(grid, price), ticks);
        if (target !== undefined) expect(target % hongKongTicks(target)).toBe(0);
      }),
    );
  });
});

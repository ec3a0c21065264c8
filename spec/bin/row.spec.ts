import fc from 'fast-check';
import { decimalsOf } from '../../lib/bin/format.js';
import { newRow, rowAfter } from '../../lib/bin/views/watch.js';
import type { MarketEvent } from '../../lib/index.js';
import { aBbo, aDepth, aKline, aQuote, aTrade } from '../../lib/testing/index.js';

const after = (...events: MarketEvent[]) => events.reduce(rowAfter, newRow('AAPL.US'));

describe('row', () => {
  it('takes last, volume and unit from a quote, and keeps what the next one leaves out', () => {
    const row = after(
      aQuote({ last: 5, volume: 7, sizeUnit: 'lots', receivedAt: 3 }),
      aQuote({ last: 6, receivedAt: 4 }),
    );
    expect(row).toMatchObject({ last: 6, volume: 7, sizeUnit: 'lots', updatedAt: 4 });
  });

  it('measures the change from the previous close, and from the open until one is known', () => {
    expect(after(aQuote()).reference).toBeUndefined();
    expect(after(aQuote({ open: 9 })).reference).toEqual({ price: 9, since: 'open' });
    expect(after(aQuote({ open: 9 }), aQuote()).reference).toEqual({ price: 9, since: 'open' });
    const close = { price: 8, since: 'close' };
    expect(after(aQuote({ open: 9 }), aQuote({ previousClose: 8 })).reference).toEqual(close);
    expect(after(aQuote({ previousClose: 8 }), aQuote({ open: 9 })).reference).toEqual(close);
  });

  it('keeps figures of the last hours apart from those of the day', () => {
    const rolling = { hours: 24, open: 4, high: 9, low: 1, volume: 70 };
    const row = after(aQuote({ last: 5, rolling }));
    expect(row).toMatchObject({ last: 5, rolling });
    expect([row.reference, row.volume]).toEqual([undefined, undefined]);
  });

  it('takes the last price from trades and bars as well, by arrival', () => {
    expect(after(aQuote({ last: 5 }), aTrade({ price: 6, size: 3, volume: 9 }))).toMatchObject({
      last: 6,
      size: 3,
      volume: 9,
    });
    expect(after(aTrade({ size: 3, volume: 9 }), aTrade({ size: undefined }))).toMatchObject({ size: 3, volume: 9 });
    const bar = aKline({ close: 7 });
    expect(after(aTrade(), bar)).toMatchObject({ last: 7, bar });
  });

  it('shows the best levels; a size of zero is nobody', () => {
    const bid = { price: 9, size: 2 };
    expect(after(aDepth({ bids: [bid, { price: 8, size: 1 }], asks: [{ price: 0, size: 0 }] }))).toMatchObject({
      bid,
      ask: undefined,
    });
    expect(after(aDepth(), aDepth({ bids: [], asks: [] }))).toMatchObject({ bid: undefined, ask: undefined });
  });

  it('takes the best levels of best prices as well, by arrival', () => {
    const [bid, ask] = [{ price: 9.25, size: 2 }, { price: 10 }];
    expect(after(aDepth(), aBbo({ bid, ask, receivedAt: 5 }))).toMatchObject({ bid, ask, decimals: 2, updatedAt: 5 });
    expect(after(aBbo(), aBbo({ bid: { price: 9, size: 0 }, ask: undefined }))).toMatchObject({
      bid: undefined,
      ask: undefined,
    });
  });

  it('remembers the most decimals that any price needed', () => {
    const prices = fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 5 }))
        .map(([units, d]) => units / 10 ** d),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(prices, (all) => {
        const row = after(...all.map((price) => aTrade({ price })));
        expect(row.decimals).toBe(Math.max(...all.map(decimalsOf)));
      }),
    );
  });
});

import fc from 'fast-check';
import type { Level } from '../../../lib/model/marketEvent.js';
import { imbalance, microprice, mid, spread } from '../../../lib/operators/depth/measures.js';
import { sweepCost } from '../../../lib/operators/depth/sweepCost.js';
import { levels } from './depthEvents.js';

const book = { bids: levels('99x30 98x10 97x20'), asks: levels('101x10 102x50') };
const bbo = { bid: book.bids[0], ask: book.asks[0] };
const missing = [
  { bids: book.bids, asks: [] },
  { bids: [], asks: book.asks },
  { bid: bbo.bid },
  { ask: bbo.ask },
  { bids: [], asks: [] },
];

describe('a measure', () => {
  it.each([
    ['mid', mid, 100],
    ['spread', spread, 2],
    ['microprice', microprice, 100.5],
    ['imbalance', imbalance(), 0.5],
  ] as const)('%s is the same of a book and of its top', (_, measure, value) => {
    expect(measure(book)).toBe(value);
    expect(measure(bbo)).toBe(value);
  });

  it.each([mid, spread, microprice, imbalance(3)])('%p is undefined when a side is missing', (measure) => {
    missing.forEach((touch) => expect(measure(touch)).toBeUndefined());
  });
});

describe('rows that are no levels', () => {
  const limitUp = { bids: levels('10x500 9.99x20'), asks: levels('0x0 0x0') };

  it('are no side: at limit-up there is neither mid nor spread', () => {
    [mid, spread, microprice, imbalance(5)].forEach((measure) => expect(measure(limitUp)).toBeUndefined());
    expect(sweepCost(10)(limitUp)).toEqual({ buy: undefined, sell: { price: 10, worst: 10, filled: 10, unfilled: 0 } });
  });

  it.each([
    ['without a price, behind the levels', '9.8x120 0x35'],
    ['without a price, before the levels', '0x35 9.8x120'],
    ['without a size', '9.7x0 9.8x120'],
    ['with a size below zero', '9.7x-5 9.8x120'],
    ['with a price that is no number', 'NaNx5 9.8x120 Infinityx7'],
    ['with a size that is no number', '9.7xNaN 9.7xInfinity 9.8x120'],
    ['that a later row of their price replaces', '9.8x5 9.8x120'],
  ])('%s, are none of a call auction', (_, asks) => {
    const auction = { bids: levels('9.6x120 0x12'), asks: levels(asks) };
    const touch = { bid: auction.bids[0], ask: { price: 0, size: 35 } };
    expect(mid(auction)).toBeCloseTo(9.7);
    expect(spread(auction)).toBeCloseTo(0.2);
    expect(microprice(auction)).toBeCloseTo(9.7);
    expect(imbalance(3)(auction)).toBe(0);
    expect(sweepCost(200)(auction).buy).toEqual({ price: 9.8, worst: 9.8, filled: 120, unfilled: 80 });
    expect([mid(touch), spread(touch), microprice(touch), imbalance()(touch)]).toEqual(Array(4).fill(undefined));
  });

  it('are not those of a negative price', () => {
    const oil = { bids: levels('-38x5 -39x5'), asks: levels('-37x5') };
    expect([mid(oil), spread(oil), sweepCost(1)(oil).sell?.price]).toEqual([-37.5, 1, -38]);
  });
});

describe('levels whose size is not given', () => {
  const forex = { bids: [{ price: 1.1428 }], asks: [{ price: 1.143 }] };
  const top = { bid: forex.bids[0], ask: forex.asks[0] };

  it.each([
    ['a depth', forex],
    ['a top', top],
  ])('have a mid and a spread, and nothing that goes by size: %s', (_, touch) => {
    expect(mid(touch)).toBeCloseTo(1.1429, 9);
    expect(spread(touch)).toBeCloseTo(0.0002, 9);
    expect([microprice(touch), imbalance()(touch)]).toEqual([undefined, undefined]);
  });

  it('cannot be swept', () => {
    expect(sweepCost(1)(forex)).toEqual({ buy: undefined, sell: undefined });
    const mixed = { bids: [{ price: 9, size: 5 }, { price: 8 }], asks: [] };
    expect(sweepCost(5)(mixed).sell).toEqual({ price: 9, worst: 9, filled: 5, unfilled: 0 });
    expect(sweepCost(6)(mixed).sell).toBeUndefined();
  });
});

const aLevel = fc.record({ price: fc.integer({ min: 1, max: 100 }), size: fc.integer({ min: 1, max: 50 }) });
const aSide = fc.uniqueArray(aLevel, { minLength: 1, maxLength: 6, selector: ({ price }) => price });
const someSides = fc.record({ bids: aSide, asks: aSide });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('imbalance', () => {
  it('compares the sizes of the best levels', () => {
    expect(imbalance(2)(book)).toBeCloseTo((40 - 60) / 100);
    fc.assert(
      fc.property(someSides, fc.integer({ min: 1, max: 8 }), (sides, count) => {
        const bid = sum(sides.bids.slice(0, count).map(({ size }) => size));
        const ask = sum(sides.asks.slice(0, count).map(({ size }) => size));
        expect(imbalance(count)(sides)).toBeCloseTo((bid - ask) / (bid + ask));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('microprice', () => {
  it('lies between bid and ask, nearer to the smaller side', () => {
    fc.assert(
      fc.property(aLevel, aLevel, (bid, ask) => {
        const [low, high] = [Math.min(bid.price, ask.price), Math.max(bid.price, ask.price)];
        const price = microprice({ bid, ask })!;
        expect(price).toBeGreaterThanOrEqual(low - 1e-9);
        expect(price).toBeLessThanOrEqual(high + 1e-9);
        const toAsk = Math.abs(ask.price - price);
        const toBid = Math.abs(price - bid.price);
        if (bid.size > ask.size) expect(toAsk).toBeLessThanOrEqual(toBid + 1e-9);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('sweepCost', () => {
  it('says what a size would cost, how deep it goes, and what would be left', () => {
    expect(sweepCost(20)(book)).toEqual({
      buy: { price: 101.5, worst: 102, filled: 20, unfilled: 0 },
      sell: { price: 99, worst: 99, filled: 20, unfilled: 0 },
    });
    expect(sweepCost(100)({ ...book, bids: [] })).toEqual({
      buy: { price: (1010 + 5100) / 60, worst: 102, filled: 60, unfilled: 40 },
      sell: undefined,
    });
  });

  it.each([
    [1, 0.1, 10],
    [0.3, 0.1, 3],
    [0.7, 0.1, 7],
    [1.1, 0.11, 10],
    [1_000, 0.1, 10_000],
  ])('ends where the sizes add up: %d of %d each at the level %d', (size, each, last) => {
    const asks = Array.from({ length: last + 1 }, (_, i) => ({ price: i + 1, size: each }));
    const { buy } = sweepCost(size)({ bids: [], asks });
    expect(buy).toMatchObject({ worst: last, filled: size, unfilled: 0 });
    expect(buy?.price).toBeCloseTo((last + 1) / 2);
  });

  it('is what taking one unit after the other would come to', () => {
    const units = (side: readonly Level[]): number[] =>
      side.flatMap(({ price, size }) => Array.from({ length: size ?? 0 }, () => price));
    fc.assert(
      fc.property(someSides, fc.integer({ min: 1, max: 200 }), (sides, size) => {
        const taken = units(sides.asks).slice(0, size);
        const { buy } = sweepCost(size)(sides);
        expect(buy?.price).toBeCloseTo(sum(taken) / taken.length);
        expect(buy?.worst).toBe(taken.at(-1));
        expect([buy?.filled, buy?.unfilled]).toEqual([taken.length, size - taken.length]);
      }),
      { numRuns: 1_000 },
    );
  });
});

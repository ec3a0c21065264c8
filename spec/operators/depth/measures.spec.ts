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

const aLevel = fc.record({ price: fc.integer({ min: 1, max: 100 }), size: fc.integer({ min: 1, max: 50 }) });
const someSides = fc.record({
  bids: fc.array(aLevel, { minLength: 1, maxLength: 6 }),
  asks: fc.array(aLevel, { minLength: 1, maxLength: 6 }),
});

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

  it('is what taking one unit after the other would come to', () => {
    const units = (side: readonly Level[]): number[] =>
      side.flatMap(({ price, size }) => Array.from({ length: size }, () => price));
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

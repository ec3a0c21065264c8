import fc from 'fast-check';
import type { Trade } from '../../../lib/model/marketEvent.js';
import {
  addPrice,
  addTrades,
  emptyBar,
  FIELDS,
  settle,
  sideOf,
  volumeOf,
  worthOf,
  type Bar,
} from '../../../lib/operators/klines/Bar.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { bucket, count } from './aBar.js';

const runs = { numRuns: 1_000 };

const oneByOne = (trades: readonly Trade[]): Bar => {
  const bar = emptyBar(bucket, 100, 0);
  for (const trade of trades) count(bar, trade);
  return bar;
};

/** The same trades, counted by rows of some. The first of a bar is none of a row. */
const byRows = (trades: readonly Trade[], length: number): Bar => {
  const bar = oneByOne(trades.slice(0, 1));
  for (let i = 1; i < trades.length; i += length) {
    const some = trades.slice(i, i + length);
    const numbers = some.flatMap((trade) => [trade.time, trade.price, trade.size ?? 0, sideOf(trade)]);
    // What lies before and behind in the row is of others.
    addTrades(bar, Float64Array.of(9, 9e9, 9, 1, ...numbers, 9, -9e9, 9, 1), FIELDS, FIELDS + numbers.length);
    bar.receivedAt = some.at(-1)?.receivedAt ?? NaN;
  }
  return bar;
};

/** Decimals of a market, of which sums are rounded in binary; halves, that are rounded of late; and all sorts of fractions. */
const aSize = fc.oneof(
  fc.integer({ min: 1, max: 100 }).map((tenths) => tenths / 10),
  fc.integer({ min: 1, max: 1e8 }).map((satoshis) => satoshis / 1e8),
  fc.constantFrom(0.5, 1, 100, 2 ** 52, 2 ** 53, 1e16 + 2, 1e-9),
  fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
);

const aPrice = fc.oneof(
  fc.integer({ min: -500, max: 20_000 }).map((cents) => cents / 100),
  fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
);

const aSide = fc.constantFrom('buyer' as const, 'seller' as const, undefined);

const someTrades = (size: fc.Arbitrary<number>, price: fc.Arbitrary<number>): fc.Arbitrary<readonly Trade[]> =>
  fc
    .array(fc.record({ wait: fc.nat({ max: 2 }), price, size, aggressor: aSide }), { minLength: 1, maxLength: 60 })
    .map((steps) => {
      let time = 60_000;
      return steps.map(({ wait, ...trade }) => aTrade({ ...trade, time: (time += wait), receivedAt: time + 20 }));
    });

/** Sizes and prices as a market has them: decimals, of which sums are rounded in binary. */
const SATOSHIS = 1e8;
const CENTS = 100;
const satoshis = fc.integer({ min: 1, max: 10 * SATOSHIS }).map((count) => count / SATOSHIS);
const cents = fc.integer({ min: 1, max: 20_000 }).map((count) => count / CENTS);

const bigSum = (numbers: readonly bigint[]): bigint => numbers.reduce((sum, number) => sum + number, 0n);

/** The size of a trade in satoshis. */
const countOf = ({ size = 0 }: Trade): bigint => BigInt(Math.round(size * SATOSHIS));

/** The decimal that so many satoshis are written as. */
const decimalOf = (count: bigint): number => Number(`${count}e-8`);

describe('addTrades', () => {
  it('comes to the very same as one trade after the other, in rows of any length', () => {
    fc.assert(
      fc.property(someTrades(aSize, aPrice), fc.integer({ min: 1, max: 60 }), (trades, length) => {
        expect(byRows(trades, length)).toEqual(oneByOne(trades));
      }),
      runs,
    );
  });
});

describe('what a bar counts', () => {
  it('is all of the volume, of its worth and of both sides, with what rounding took', () => {
    // Whole numbers of 30 digits in binary, of very different size: products with a price are exact.
    const whole = fc.tuple(fc.integer({ min: 1, max: 2 ** 30 }), fc.nat({ max: 40 })).map(([n, e]) => n * 2 ** e);
    const price = fc.integer({ min: -1_000, max: 20_000 });
    fc.assert(
      fc.property(someTrades(whole, price), (trades) => {
        const bar = oneByOne(trades);
        const sumOf = (weigh: (trade: Trade) => number) =>
          bigSum(trades.map((trade) => BigInt(trade.size ?? 0) * BigInt(weigh(trade))));
        expect([
          BigInt(bar.volume) + BigInt(bar.rest),
          BigInt(bar.priced) + BigInt(bar.pricedRest),
          BigInt(bar.worth) + BigInt(bar.worthRest),
          BigInt(bar.sided) + BigInt(bar.sidedRest),
          BigInt(bar.delta) + BigInt(bar.deltaRest),
        ]).toEqual([
          sumOf(() => 1),
          sumOf(() => 1),
          sumOf((trade) => trade.price - 100),
          sumOf((trade) => Math.abs(sideOf(trade))),
          sumOf(sideOf),
        ]);
      }),
      runs,
    );
  });

  it('is shown as the decimals that were sent add up, whenever it was shown before', () => {
    fc.assert(
      fc.property(someTrades(satoshis, cents), fc.nat({ max: 60 }), (trades, shown) => {
        const bar = oneByOne(trades.slice(0, shown));
        settle(bar, undefined);
        for (const trade of trades.slice(shown)) count(bar, trade);
        expect(volumeOf(bar)).toBe(decimalOf(bigSum(trades.map(countOf))));
        settle(bar, undefined);
        const of = (side: Trade['aggressor']) => trades.filter(({ aggressor }) => aggressor === side);
        const sideless = of(undefined).length === trades.length;
        const shownOf = (side: Trade['aggressor']) => (sideless ? undefined : decimalOf(bigSum(of(side).map(countOf))));
        expect([bar.volume, bar.buyVolume, bar.sellVolume]).toEqual([
          decimalOf(bigSum(trades.map(countOf))),
          shownOf('buyer'),
          shownOf('seller'),
        ]);
      }),
      runs,
    );
  });

  it('has the worth and the average price of its trades, in decimals', () => {
    const THOUSANDTHS = 1_000;
    const thousandths = fc.integer({ min: 1, max: 100 * THOUSANDTHS }).map((count) => count / THOUSANDTHS);
    fc.assert(
      fc.property(someTrades(thousandths, cents), (trades) => {
        const bar = oneByOne(trades);
        settle(bar, undefined);
        const sizes = trades.map(({ size = 0 }) => BigInt(Math.round(size * THOUSANDTHS)));
        const size = bigSum(sizes);
        const worth = bigSum(sizes.map((one, i) => one * BigInt(Math.round((trades[i]?.price ?? 0) * CENTS))));
        expect(worthOf(bar)).toBe(Number(`${worth}e-5`));
        const average = Number(worth) / Number(size) / CENTS;
        // Some roundings of a figure as large as the highest price.
        expect(Math.abs((bar.vwap ?? NaN) - average)).toBeLessThanOrEqual(5e-13);
        expect(bar.vwap).toBeGreaterThanOrEqual(bar.low);
        expect(bar.vwap).toBeLessThanOrEqual(bar.high);
      }),
      runs,
    );
  });
});

describe('addPrice', () => {
  it('opens with the first and closes with the last by time and id, in whatever order they come', () => {
    const numbered = fc.uniqueArray(
      fc.record({ time: fc.nat({ max: 5 }), id: fc.nat({ max: 200 }), price: cents, receivedAt: fc.nat() }),
      { minLength: 1, maxLength: 40, selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(numbered, (heard) => {
        const bar = emptyBar(bucket, 100, 0);
        for (const said of heard) {
          addPrice(bar, said.price, said);
          bar.source = 'trades';
        }
        const sorted = [...heard].sort((one, other) => one.time - other.time || one.id - other.id);
        const [first, last] = [sorted.at(0), sorted.at(-1)];
        const prices = heard.map(({ price }) => price);
        expect(bar).toMatchObject({
          ...{ open: first?.price, openedAt: first?.time, openId: first?.id },
          ...{ close: last?.price, time: last?.time, closeId: last?.id },
          ...{ high: Math.max(...prices), low: Math.min(...prices), receivedAt: heard.at(-1)?.receivedAt },
        });
      }),
      runs,
    );
  });
});

import {
  addPrice,
  addSide,
  addSize,
  addTrades,
  addWorth,
  countTrade,
  emptyBar,
  FIELDS,
  flatten,
  rangeOf,
  setVolume,
  sideOf,
  takeVolume,
  volumeOf,
  worthOf,
  type Bar,
} from '../../../lib/operators/klines/Bar.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { aBar, bucket, count } from './aBar.js';

/** A bar that heard prices one after the other: `12@2#5` is 12 at 2 ms with the id 5. */
const priced = (said: string): Bar => {
  const bar = emptyBar(bucket, 1, 5);
  for (const one of said.split(' ')) {
    const [price = NaN, time = NaN, id] = one.split(/[@#]/).map(Number);
    addPrice(bar, price, { time, receivedAt: 100 + time, id });
    bar.source = 'trades';
  }
  return bar;
};

const sized = (...sizes: readonly number[]): Bar => {
  const bar = aBar();
  for (const size of sizes) addSize(bar, size);
  return bar;
};

describe('an empty bar', () => {
  it('is flat, knows nothing, and looks at the moments of its bucket', () => {
    expect(emptyBar(bucket, 10, 5)).toEqual({
      ...{ source: 'empty', since: 50_000, until: 130_000, bucket, openedAt: 60_000, time: 60_000, receivedAt: 5 },
      ...{ open: 10, high: 10, low: 10, close: 10, openId: NaN, closeId: NaN },
      ...{ volume: 0, rest: 0, trades: undefined, priced: 0, pricedRest: 0, worth: 0, worthRest: 0, anchor: 10 },
      ...{ sided: 0, sidedRest: 0, delta: 0, deltaRest: 0 },
      ...{ turnover: undefined, vwap: undefined, buyVolume: undefined, sellVolume: undefined },
      ...{ missedVolume: 0, closed: false, revision: -1, coverage: 1 },
    });
  });

  it('opens later where that is said', () => {
    expect(emptyBar(bucket, 10, 5, 61_000)).toMatchObject({ openedAt: 61_000, time: 61_000 });
  });
});

describe('addPrice', () => {
  it.each([
    [7, 7],
    [undefined, NaN],
  ])('makes the first price of an empty bar all of its prices: id %s', (id, known) => {
    const bar = emptyBar(bucket, 10, 5);
    addPrice(bar, 12, { time: 61_000, receivedAt: 61_020, id });
    expect(bar).toEqual({
      ...emptyBar(bucket, 10, 5),
      ...{ open: 12, high: 12, low: 12, close: 12, openedAt: 61_000, time: 61_000, receivedAt: 61_020 },
      ...{ openId: known, closeId: known },
    });
  });

  it.each([
    ['a later price closes', '10@1 12@2', 10, 12],
    ['an earlier price opens', '10@2 12@1', 12, 10],
    ['a price between does neither', '10@1 12@3 14@2', 10, 12],
    ['of equal times the first opens and the last closes', '10@1 12@1 14@1', 10, 14],
    ['the opening time is that of the earliest', '10@5 12@6 14@3 16@4', 14, 12],
    ['at the closing time a higher id closes', '10@1#1 12@2#5 14@2#6', 10, 14],
    ['at the closing time a lower id does not', '10@1#1 12@2#5 14@2#4', 10, 12],
    ['at the closing time the same id closes', '10@1#1 12@2#5 14@2#5', 10, 14],
    ['at the closing time a price without an id closes', '10@1#1 12@2#5 14@2', 10, 14],
    ['any price closes after one without an id', '10@1#1 12@2 14@2#4', 10, 14],
    ['the closing id is that of the latest', '10@1#1 12@2#5 14@2#7 16@2#6', 10, 14],
    ['a later time closes with a lower id', '10@1#8 12@2#5', 10, 12],
    ['at the opening time a lower id opens', '10@1#5 12@2#6 14@1#4', 14, 12],
    ['at the opening time a higher id does not', '10@1#5 12@3#7 14@1#6', 10, 12],
    ['at the opening time the same id does not', '10@1#5 12@2#6 14@1#5', 10, 12],
    ['at the opening time a price without an id does not', '10@1#5 12@2#6 14@1', 10, 12],
    ['between both times a lower id does not open', '10@1#5 12@3#6 14@2#4', 10, 12],
    ['the opening id is that of the first', '10@1#5 12@2#9 14@1#3 16@1#4', 14, 12],
    ['the opening id goes with an earlier time', '10@5#5 12@6#9 14@3#7 16@3#6', 16, 12],
    ['of one time the lowest id opens and the highest closes', '10@1#5 12@1#6 14@1#4', 14, 12],
  ])('%s: %s', (_, said, open, close) => {
    expect(priced(said)).toMatchObject({ open, close });
  });

  it('keeps the highest and the lowest, and the receipt of the last heard, whatever its time', () => {
    const bar = priced('10@1 12@4 15@2 7@3');
    expect(bar).toMatchObject({ open: 10, high: 15, low: 7, close: 12, openedAt: 1, time: 4, receivedAt: 103 });
    addPrice(bar, 11, { time: 2, receivedAt: 50 });
    expect(bar).toMatchObject({ high: 15, low: 7, receivedAt: 50 });
  });
});

describe('flatten', () => {
  it('gives a bar one price', () => {
    const bar = aBar({ open: 1, high: 9, low: 1, close: 8, volume: 3 });
    flatten(bar, 4);
    expect(bar).toEqual(aBar({ open: 4, high: 4, low: 4, close: 4, volume: 3 }));
  });
});

describe('countTrade', () => {
  it('counts from none', () => {
    const bar = aBar();
    countTrade(bar);
    expect(bar.trades).toBe(1);
    countTrade(bar);
    expect(bar.trades).toBe(2);
  });
});

describe('the volume', () => {
  it('is that of its parts: ten times 0.1 is 1', () => {
    const bar = sized(...Array.from({ length: 10 }, () => 0.1));
    expect([bar.volume, volumeOf(bar)]).toEqual([0.9999999999999999, 1]);
  });

  it.each([
    ['the small part', [2 ** 53, 1, 1], 2 ** 53, 2],
    ['the small part that came first', [1, 2 ** 53], 2 ** 53, 1],
    ['what was added too much', [2 ** 53 + 2, 1], 2 ** 53 + 4, -1],
    ['nothing of what fits', [3, 0.5, 2 ** 40], 2 ** 40 + 3.5, 0],
  ])('keeps what rounding took: %s', (_, sizes, volume, rest) => {
    expect(sized(...sizes)).toMatchObject({ volume, rest });
  });

  it('is shown with what rounding took', () => {
    expect([volumeOf(sized(2 ** 53, 1, 1)), volumeOf(sized(0.5))]).toEqual([2 ** 53 + 2, 0.5]);
  });

  it('is set without a rest', () => {
    const bar = aBar({ volume: 3, rest: 0.25 });
    setVolume(bar, 7.5);
    expect(bar).toEqual(aBar({ volume: 7.5, rest: 0 }));
  });

  it('is taken from, in decimals and with its rest', () => {
    const decimals = aBar({ volume: 0.3 });
    takeVolume(decimals, 0.1);
    expect(decimals).toEqual(aBar({ volume: 0.2 }));
    const withRest = aBar({ volume: 3, rest: 0.25 });
    takeVolume(withRest, 1);
    expect(withRest).toEqual(aBar({ volume: 2.25, rest: 0 }));
  });
});

describe('the worth', () => {
  it('is that of the sizes at their prices, above and below the first', () => {
    const bar = aBar();
    addWorth(bar, 12, 3);
    expect(bar).toEqual(aBar({ priced: 3, worth: 6 }));
    addWorth(bar, 9, 2);
    expect(bar).toEqual(aBar({ priced: 5, worth: 4 }));
    expect(worthOf(bar)).toBe(54);
  });

  it('is a decimal', () => {
    const bar = aBar();
    addWorth(bar, 10.1, 0.1);
    addWorth(bar, 10.2, 0.2);
    expect(worthOf(bar)).toBe(3.05);
    const farBelow = aBar({ anchor: 100 });
    addWorth(farBelow, 0.01, 0.001);
    expect(worthOf(farBelow)).toBe(0.00001);
  });

  it('loses nothing by rounding: a thousand times 10 times 0.1 is 1,000', () => {
    const bar = aBar();
    for (let i = 0; i < 1_000; i++) addWorth(bar, 10, 0.1);
    expect([bar.priced, worthOf(bar)]).toEqual([99.9999999999986, 1_000]);
  });

  it('keeps what rounding took from the volume and from the worth', () => {
    const bar = aBar();
    for (const size of [2 ** 53, 1, 1]) addWorth(bar, 11, size);
    expect(bar).toMatchObject({ priced: 2 ** 53, pricedRest: 2, worth: 2 ** 53, worthRest: 2 });
    expect([worthOf(aBar({ pricedRest: 3 })), worthOf(aBar({ worthRest: 3 }))]).toEqual([30, 3]);
  });
});

describe('the range', () => {
  it('is what the highest is above the lowest, in decimals', () => {
    expect([rangeOf(aBar({ high: 0.3, low: 0.1 })), rangeOf(aBar())]).toEqual([0.2, 0]);
    expect(rangeOf(aBar({ high: -1, low: -3.5 }))).toBe(2.5);
  });
});

describe('sides', () => {
  it('are those of who crossed the spread', () => {
    expect((['buyer', 'seller', undefined] as const).map((aggressor) => sideOf(aTrade({ aggressor })))).toEqual([
      ...[1, -1, 0],
    ]);
  });

  it('add up to what is known, and to how much more buyers took', () => {
    const bar = aBar();
    addSide(bar, 1, 5);
    addSide(bar, -1, 3);
    addSide(bar, 0, 7);
    expect(bar).toEqual(aBar({ sided: 8, delta: 2 }));
  });

  it('keep what rounding took from each', () => {
    const bar = aBar();
    for (const [side, size] of [
      [1, 2 ** 53],
      [1, 1],
      [-1, 2 ** 54],
      [-1, 3],
    ] as const)
      addSide(bar, side, size);
    // 3 * 2 ** 53 + 4, and 2 ** 53 + 1 - (2 ** 54 + 3).
    expect([bar.sided, bar.sidedRest]).toEqual([3 * 2 ** 53 + 4, 0]);
    expect([bar.delta, bar.deltaRest]).toEqual([-(2 ** 53) - 4, 2]);
  });
});

describe('addTrades', () => {
  const before = aTrade({ time: 61_000, receivedAt: 61_020, price: 10, size: 0.125, aggressor: 'buyer', id: 4 });

  /** A row of time, price, size and side. What lies before and behind in it is of others. */
  const rowOf = (
    ...trades: readonly (readonly [number, number, number, number])[]
  ): readonly [Float64Array, number] => [
    Float64Array.of(9, 9e9, 9, 1, ...trades.flat(), 9, -9e9, 9, 1),
    FIELDS + trades.length * FIELDS,
  ];

  it('adds to what the bar has, and leaves the open, the receipt and the ids as they are', () => {
    const bar = aBar();
    count(bar, before);
    const [row, end] = rowOf([61_001, 12, 0.5, -1], [61_001, 9, 0.25, 0], [61_004, 11, 2, 1]);
    addTrades(bar, row, FIELDS, end);
    expect(bar).toEqual({
      ...aBar({ receivedAt: 61_020, openId: NaN, closeId: 4, openedAt: 60_000, trades: 4 }),
      ...{ open: 10, high: 12, low: 9, close: 11, time: 61_004 },
      ...{ volume: 2.875, priced: 2.875, worth: 2.75, sided: 2.625, delta: 1.625 },
    });
  });

  it('takes a trade on its own, into a bar that counted none', () => {
    const bar = aBar({ high: 11, low: 9 });
    const [row, end] = rowOf([61_001, 10, 3, -1]);
    addTrades(bar, row, FIELDS, end);
    expect(bar).toEqual(
      aBar({ high: 11, low: 9, close: 10, time: 61_001, volume: 3, priced: 3, sided: 3, delta: -3, trades: 1 }),
    );
  });

  it('keeps what rounding took from the volume and its worth, and from each side where the volume itself is exact', () => {
    const bar = aBar({ anchor: 9 });
    const [row, end] = rowOf([61_001, 10, 1, 1], [61_002, 10, 2 ** 53 - 1, 0], [61_003, 10, 2 ** 53, 1]);
    addTrades(bar, row, FIELDS, end);
    expect(bar).toMatchObject({ volume: 2 ** 54, rest: 0, sided: 2 ** 53, sidedRest: 1, delta: 2 ** 53, deltaRest: 1 });
    const [next, nextEnd] = rowOf([61_004, 10, 1, -1]);
    addTrades(bar, next, FIELDS, nextEnd);
    expect(bar).toMatchObject({
      ...{ volume: 2 ** 54, rest: 1, priced: 2 ** 54, pricedRest: 1, worth: 2 ** 54, worthRest: 1 },
      ...{ sided: 2 ** 53, sidedRest: 2, delta: 2 ** 53 - 1, deltaRest: 1 },
    });
  });
});

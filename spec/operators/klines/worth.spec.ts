import fc from 'fast-check';
import { of } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline, Trade } from '../../../lib/model/marketEvent.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { barsOf, lastWords, MINUTE, resampled, SECOND, symbol } from './aTape.js';

const runs = { numRuns: 500 };
const sides = ['buyer', 'seller', undefined] as const;

/** Trades in decimals, of two lengths of time, some of equal time and some late; with or without cumulative volume. */
const someTrades = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.record({
        wait: fc.constantFrom(0, 1, SECOND, 20 * SECOND, 2 * MINUTE),
        cents: fc.integer({ min: 990, max: 1_010 }),
        tenths: fc.integer({ min: 1, max: 40 }),
        side: fc.constantFrom(...sides),
      }),
      { minLength: 1, maxLength: 200 },
    ),
  )
  .map(([hasVolume, steps]) => {
    let time = 1;
    let tenthsSoFar = 0;
    return steps.map(({ wait, cents, tenths, side }, id) => {
      time += wait + 1;
      tenthsSoFar += tenths;
      return aTrade({
        ...{ symbol, time, receivedAt: time + (id % 3), price: cents / 100, size: tenths / 10, aggressor: side },
        volume: hasVolume ? tenthsSoFar / 10 : undefined,
      });
    });
  });

const inTenths = (trades: readonly Trade[]): number =>
  trades.reduce((sum, { size = 0 }) => sum + Math.round(size * 10), 0) / 10;

const worthOf = (trades: readonly Trade[]): number =>
  trades.reduce((sum, { price, size = 0 }) => sum + Math.round(price * 100) * Math.round(size * 10), 0) / 1_000;

const tradesOf = (trades: readonly Trade[], bar: Kline): readonly Trade[] =>
  trades.filter(({ time }) => time >= bar.openTime && time < bar.closeTime);

const heard = (...events: readonly FeedEvent[]): readonly Kline[] => {
  const bars: Kline[] = [];
  of(...events)
    .pipe(toKlines('1m', { forming: 'each', delay: 0 }))
    .subscribe((bar) => bars.push(bar));
  return bars;
};

const at = (time: number, price: number, more: Partial<Trade> = {}) =>
  aTrade({ symbol, time, receivedAt: time, price, size: 1, ...more });

describe('the worth of a bar', () => {
  it('is that of its trades: their average price, and what each side took, to the digit', () => {
    fc.assert(
      fc.property(someTrades, (trades) => {
        for (const bar of lastWords(barsOf(trades, '1m'))) {
          const own = tradesOf(trades, bar);
          const told = own.filter(({ aggressor }) => aggressor !== undefined);
          const sideOf = (side: Trade['aggressor']) => inTenths(own.filter(({ aggressor }) => aggressor === side));
          expect(bar.vwap).toBeCloseTo(worthOf(own) / inTenths(own), 9);
          expect(bar.vwap).toBeGreaterThanOrEqual(bar.low);
          expect(bar.vwap).toBeLessThanOrEqual(bar.high);
          expect([bar.buyVolume, bar.sellVolume]).toEqual(
            told.length > 0 ? [sideOf('buyer'), sideOf('seller')] : [undefined, undefined],
          );
        }
      }),
      runs,
    );
  });

  it('is the same of larger bars, made of smaller bars or of the trades', () => {
    fc.assert(
      fc.property(someTrades, (trades) => {
        const large = lastWords(barsOf(trades, '5m'));
        const joined = lastWords(resampled(lastWords(barsOf(trades, '1m')), '5m'));
        expect(joined.map(({ buyVolume, sellVolume }) => [buyVolume, sellVolume])).toEqual(
          large.map(({ buyVolume, sellVolume }) => [buyVolume, sellVolume]),
        );
        joined.forEach(({ vwap }, index) => expect(vwap).toBeCloseTo(large[index]?.vwap ?? NaN, 9));
      }),
      runs,
    );
  });

  it('has the price as its average where that stands, without noise in the last digits', () => {
    const trades = Array.from({ length: 300 }, (_, i) => at(i * 10, 10.1, { size: 0.1 + (i % 7) / 10 }));
    expect(barsOf(trades, '1m').at(-1)?.vwap).toBe(10.1);
  });

  it('knows no average without sizes, and no sides that no trade tells', () => {
    expect(heard(at(1, 10, { size: undefined })).at(-1)).toMatchObject({ vwap: undefined, buyVolume: undefined });
    expect(heard(at(1, 10, { size: undefined })).at(-1)?.sellVolume).toBeUndefined();
  });

  it('counts a trade without a size with what the figures grew by', () => {
    const growing = (time: number, price: number, volume: number) =>
      at(time, price, { size: undefined, volume, aggressor: 'seller' });
    expect(heard(growing(1, 10, 100), growing(2, 10, 130), growing(3, 14, 140)).at(-1)).toMatchObject({
      ...{ volume: 40, vwap: 11, buyVolume: 0, sellVolume: 40 },
    });
  });

  it('counts a volume-only trade for its side, and not in the average', () => {
    const odd = at(2, 90, { size: 4, volumeOnly: true, aggressor: 'buyer' });
    expect(heard(at(1, 10, { size: 2, aggressor: 'seller' }), odd).at(-1)).toMatchObject({
      ...{ volume: 6, vwap: 10, buyVolume: 4, sellVolume: 2 },
    });
  });

  it('is corrected by a late trade, and left alone where late ones are only reported', () => {
    const tape = [at(1, 10, { aggressor: 'buyer' }), at(61_000, 12), at(2, 14, { aggressor: 'seller' })];
    const first = (late: 'revise' | 'report') => lastWords(barsOf(tape, '1m', { late }))[0];
    expect(first('revise')).toMatchObject({ volume: 2, vwap: 12, buyVolume: 1, sellVolume: 1 });
    expect(first('report')).toMatchObject({ volume: 1, vwap: 10, buyVolume: 1, sellVolume: 0, missedVolume: 1 });
  });

  it.each([
    ['shares', '700.HK', 1, 11],
    ['lots', '600519.SH', 100, 11],
    ['lots', 'rb2605.SHF', 10, undefined],
    [undefined, 'BTCUSDT.BA', 1, undefined],
  ] as const)('is told by turnover and volume where quotes come in %s of %s', (sizeUnit, name, shares, vwap) => {
    const noon = Date.parse('2026-03-05T10:00+08:00');
    const quote = (ms: number, last: number, volume: number, turnover: number) =>
      aQuote({ symbol: name, time: noon + ms, receivedAt: noon + ms, last, volume, turnover, sizeUnit });
    const bars = heard(quote(0, 10, 5, 50 * shares), quote(1_000, 12, 9, 94 * shares));
    expect(bars.at(-1)).toMatchObject({ source: 'quotes', volume: 4, turnover: 44 * shares, vwap });
  });

  it('is that of the vendor where the bar is its own', () => {
    const own = aKline({ symbol, volume: 10, vwap: 10.7, buyVolume: 6, sellVolume: 4 });
    expect(heard(own).at(-1)).toMatchObject({ vwap: 10.7, buyVolume: 6, sellVolume: 4 });
    expect(heard(own, own)).toHaveLength(1);
    expect(heard(own, { ...own, sellVolume: 3 })).toHaveLength(2);
    expect(heard({ ...own, vwap: 'x' as never, buyVolume: -1, sellVolume: NaN }).at(-1)).toMatchObject({
      ...{ vwap: undefined, buyVolume: undefined, sellVolume: undefined },
    });
  });
});

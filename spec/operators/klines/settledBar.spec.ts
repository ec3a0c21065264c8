import { figures } from '../../../lib/model/kline.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { settle, takeKline, type Bar } from '../../../lib/operators/klines/Bar.js';
import { aKline } from '../../../lib/testing/builders.js';
import { aBar } from './aBar.js';

const settled = (fields: Partial<Bar>, shares?: number): Bar => {
  const bar = aBar(fields);
  settle(bar, shares);
  return bar;
};

describe('settle', () => {
  it('shows the volume with what rounding took, and keeps what showing it took', () => {
    expect(settled({ volume: 0.9999999999999999, rest: 1e-16 })).toMatchObject({
      volume: 1,
      rest: 1e-16 - 2 ** -53,
    });
    expect(settled({ volume: 2 ** 53, rest: 3 })).toMatchObject({ volume: 2 ** 53 + 4, rest: -1 });
  });

  it('shows the same again', () => {
    const bar = settled({ volume: 2 ** 53, rest: 3, priced: 4, worth: 2, sided: 3, delta: 1 });
    const shown = { ...bar };
    settle(bar, undefined);
    expect(bar).toEqual(shown);
  });

  it.each([
    ['of the trades', { priced: 4, worth: 2, high: 11 }, 10.5],
    ['of the trades, in decimals', { priced: 3, worth: 0.3 + 1e-15, high: 11 }, 10.1],
    ['of the trades, before the turnover', { priced: 4, worth: 2, high: 11, turnover: 4_400, volume: 4 }, 10.5],
    ['of the trades, in decimals, far below the first', { priced: 1, worth: -9.7, low: 0.1 }, 0.3],
    ['of the trades, with what rounding took', { priced: 3, pricedRest: 1, worth: 1, worthRest: 1, high: 11 }, 10.5],
    ['no higher than the highest', { priced: 4, worth: 2, high: 10.25 }, 10.25],
    ['no lower than the lowest', { priced: 4, worth: -2, low: 9.75 }, 9.75],
    ['of the turnover, whatever the prices', { turnover: 4_400, volume: 4 }, 11],
    ['of the turnover, in decimals', { turnover: 30.3, volume: 0.03 }, 10.1],
    ['unknown without a turnover', { volume: 4 }, undefined],
    ['unknown without a volume', { turnover: 4_400 }, undefined],
    ['unknown any more without either', { vwap: 10 }, undefined],
  ])('works out the average price, which is %s', (_, fields, vwap) => {
    expect(settled(fields, 100).vwap).toBe(vwap);
  });

  it('knows no average by the turnover where a unit of volume may be no share', () => {
    expect(settled({ turnover: 4_400, volume: 4 })).toMatchObject({ turnover: 4_400, vwap: undefined });
  });

  it.each([
    ['of both', { sided: 8, delta: 2 }, 5, 3],
    ['of buyers alone', { sided: 8, delta: 8 }, 8, 0],
    ['of sellers alone', { sided: 8, delta: -8 }, 0, 8],
    ['in decimals', { sided: 0.30000000000000004, delta: -0.1 }, 0.1, 0.2],
    [
      'with what rounding took from what is known',
      { sided: 2 ** 53, sidedRest: 4, delta: 0 },
      2 ** 52 + 2,
      2 ** 52 + 2,
    ],
    ['with what rounding took from how much more buyers took', { sided: 16, delta: 2, deltaRest: 4 }, 11, 5],
  ])('tells what each side took: %s', (_, fields, buyVolume, sellVolume) => {
    expect(settled(fields)).toMatchObject({ ...fields, buyVolume, sellVolume });
  });

  it('tells nothing of sides that no trade told', () => {
    expect(settled({ volume: 8 })).toMatchObject({ buyVolume: undefined, sellVolume: undefined });
  });

  it.each(['provider', 'backfill'] as const)('leaves the bar of a vendor as it was said: %s', (source) => {
    const said = { source, volume: 0.30000000000000004, rest: 1, vwap: 12, priced: 4, worth: 2, sided: 8, delta: 2 };
    expect(settled({ ...said, buyVolume: 1, sellVolume: 1 })).toEqual(aBar({ ...said, buyVolume: 1, sellVolume: 1 }));
  });

  it.each(['trades', 'quotes', 'empty'] as const)('works out any other: %s', (source) => {
    expect(settled({ source, volume: 0.30000000000000004, sided: 8, delta: 2 })).toMatchObject({
      ...{ volume: 0.3, buyVolume: 5, sellVolume: 3 },
    });
  });
});

const prices = { open: 10, high: 12, low: 9, close: 11 };
const counts = { volume: 8, turnover: 84, vwap: 10.5, buyVolume: 5, sellVolume: 2, trades: 6 };
const stamps = { time: 110_000, receivedAt: 110_020, missedVolume: 3 };
const said: Kline = aKline({ openTime: 60_000, ...prices, ...counts, ...stamps });

/** A bar that counted trades of its own, with all that this leaves. */
const ofTrades = (): Bar =>
  aBar({
    ...{
      high: 14,
      low: 8,
      volume: 20,
      rest: 0.5,
      trades: 3,
      priced: 19,
      worth: 7,
      pricedRest: 0.5,
      worthRest: 0.25,
      turnover: 1,
      vwap: 1,
    },
    ...{ sided: 18, sidedRest: 0.25, delta: 4, deltaRest: 0.125, buyVolume: 1, sellVolume: 1, missedVolume: 2 },
    ...{ openedAt: 61_000, openId: 1, closeId: 3, time: 62_000, receivedAt: 62_020, revision: 2, coverage: 0.5 },
  });

/** What such a bar is once the vendor said its own. */
const taken = (kline: Kline): Bar => {
  const bar = ofTrades();
  expect(takeKline(bar, kline)).toBe(true);
  return bar;
};

describe('takeKline', () => {
  it('makes the bar what the vendor says, and forgets what it counted itself', () => {
    expect(taken(said)).toEqual({
      ...{ ...ofTrades(), ...prices, ...counts, ...stamps, source: 'provider' },
      ...{
        rest: 0,
        priced: 8,
        pricedRest: 0,
        worth: 0,
        worthRest: 0,
        anchor: 10.5,
        sided: 7,
        sidedRest: 0,
        delta: 3,
        deltaRest: 0,
      },
    });
  });

  it('knows nothing that the vendor does not say', () => {
    const none = {
      turnover: undefined,
      vwap: undefined,
      buyVolume: undefined,
      sellVolume: undefined,
      trades: undefined,
    };
    expect(taken({ ...said, ...none })).toMatchObject({ ...none, priced: 0, worth: 0, anchor: 11, sided: 0, delta: 0 });
  });

  it.each([
    [5, undefined, 5, 5],
    [undefined, 2, 2, -2],
    [0.1, 0.2, 0.3, -0.1],
    [0.3, 0.1, 0.4, 0.2],
  ])(
    'adds up the sides in decimals, of which each may be unknown: %s and %s',
    (buyVolume, sellVolume, sided, delta) => {
      expect(taken({ ...said, buyVolume, sellVolume })).toMatchObject({ buyVolume, sellVolume, sided, delta });
    },
  );

  it('goes on with an average of 0 as with any other', () => {
    expect(taken({ ...said, vwap: 0 })).toMatchObject({ vwap: 0, priced: 8, anchor: 0 });
  });

  it.each(['provider', 'backfill', 'trades'] as const)('takes no notice of the same said again: %s', (source) => {
    const kline = { ...said, source };
    const bar = taken(kline);
    const before = { ...bar };
    expect(takeKline(bar, { ...kline, time: 111_000, receivedAt: 111_020 })).toBe(false);
    expect(bar).toEqual(before);
  });

  it.each(figures)('hears of another %s', (figure) => {
    const bar = taken(said);
    expect(takeKline(bar, { ...said, [figure]: 10.75 })).toBe(true);
    expect(bar[figure]).toBe(10.75);
  });

  it('hears of another source of the same figures', () => {
    const bar = taken(said);
    expect([takeKline(bar, { ...said, source: 'backfill' }), bar.source]).toEqual([true, 'backfill']);
  });

  it.each([
    ['provider', false, 3],
    ['backfill', true, 4],
    ['trades', true, 4],
  ] as const)('hears of other missed volume where bars are not the vendor’s own: %s', (source, isNew, missedVolume) => {
    const bar = taken({ ...said, source });
    expect([takeKline(bar, { ...said, source, missedVolume: 4 }), bar.missedVolume]).toEqual([isNew, missedVolume]);
  });

  it.each([
    ['a forming bar that is closed', false, true, true],
    ['a forming bar that still forms', false, false, false],
    ['a closed bar that is closed', true, true, false],
    ['a closed bar that is said to form', true, false, false],
  ])('hears of a close once: %s', (_, closed, isSaidClosed, isNew) => {
    const bar = { ...taken(said), closed };
    expect(takeKline(bar, { ...said, closed: isSaidClosed })).toBe(isNew);
    // The book closes it.
    expect(bar.closed).toBe(closed);
  });
});

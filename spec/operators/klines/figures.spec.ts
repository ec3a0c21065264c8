import { from, map, toArray } from 'rxjs';
import type { Connected, Disconnected, FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Kline, Quote, Trade } from '../../../lib/model/marketEvent.js';
import type { CountedLength } from '../../../lib/operators/klines/boundary.js';
import type { KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected, disconnected } from '../../share/linkEvents.js';

const shanghai = (text: string): number => Date.parse(`2026-03-${text}+08:00`);
const newYork = (text: string): number => Date.parse(`2026-03-${text}-05:00`);

const cn = '600519.SH';
const us = 'AAPL.US';
const crypto = 'BTCUSDT.BA';

const quote = (symbol: string, time: number, last: number, more: Partial<Quote> = {}): Quote =>
  aQuote({ symbol, time, receivedAt: time, last, ...more });
const trade = (symbol: string, time: number, price: number, more: Partial<Trade> = {}): Trade =>
  aTrade({ symbol, time, receivedAt: time, price, size: undefined, ...more });
const live = (receivedAt: number): Connected => ({ ...connected, receivedAt });
const lost = (receivedAt: number): Disconnected => ({ ...disconnected, receivedAt });
const back = (from: number, to: number): Connected => ({ ...live(to), resumed: { from, to } });

/** The last word on each bar of a public operator. */
const barsOf = (interval: Interval, events: readonly FeedEvent[], options: KlineOptions = {}): readonly Kline[] => {
  let bars: readonly Kline[] = [];
  from(events)
    .pipe(toKlines(interval, { forming: 'each', ...options }), toArray())
    .subscribe((all) => (bars = all));
  return [...new Map(bars.map((bar) => [bar.openTime, bar])).values()].sort((a, b) => a.openTime - b.openTime);
};

const countedOf = (length: CountedLength, events: readonly FeedEvent[]): readonly Kline<string>[] => {
  let bars: readonly Kline<string>[] = [];
  from(events)
    .pipe(toKlines(length, { forming: 'each' }), toArray())
    .subscribe((all) => (bars = all));
  return bars.filter(({ closed }, i) => closed || i === bars.length - 1);
};

const minutes = (...events: readonly FeedEvent[]): readonly Kline[] => barsOf('1m', events);
const days = (...events: readonly FeedEvent[]): readonly Kline[] => barsOf('1d', events);
const volumes = (bars: readonly Kline<string>[]) => bars.map(({ volume, missedVolume }) => [volume, missedVolume]);
const prices = (bars: readonly Kline<string>[]) => bars.map(({ open, high, low, close }) => [open, high, low, close]);

describe('"nothing yet" is no trade', () => {
  it.each([crypto, cn, us])('where a quote says neither a price nor a volume: %s', (symbol) => {
    const bars = minutes(quote(symbol, 0, 0, { volume: 0 }), quote(symbol, 1_000, 10, { volume: 5 }));
    expect(bars).toMatchObject([{ open: 10, high: 10, low: 10, close: 10, volume: 5, missedVolume: 0 }]);
    expect(minutes(quote(symbol, 0, 0))).toEqual([]);
  });

  it('where the last price is the close of the day before', () => {
    expect(minutes(quote(cn, shanghai('05T09:20'), 10, { previousClose: 10, volume: 0 }))).toEqual([]);
    const yesterday = quote(cn, shanghai('04T15:00'), 10, { volume: 1_000 });
    expect(minutes(yesterday, quote(cn, shanghai('05T09:20'), 10, { volume: 0 }))).toHaveLength(1);
    expect(minutes(yesterday, quote(cn, shanghai('05T09:31'), 9.9, { volume: 0 }))).toHaveLength(1);
  });

  it('and still the baseline of the volume of the day: the auction belongs to the first bar', () => {
    const auction = [
      quote(cn, shanghai('05T09:25:01'), 1854.98, { volume: 32_800 }),
      quote(cn, shanghai('05T09:30:03'), 1852, { volume: 43_100 }),
    ];
    const bar = { open: 1854.98, high: 1854.98, low: 1852, close: 1852, volume: 43_100, missedVolume: 0 };
    expect(minutes(quote(cn, shanghai('05T09:24:57'), 0, { volume: 0 }), ...auction)).toMatchObject([bar]);
    expect(minutes(live(shanghai('05T09:00')), ...auction)).toMatchObject([bar]);
    expect(minutes(live(shanghai('05T09:20')), ...auction)).toMatchObject([{ volume: 10_300 }]);
    expect(minutes(...auction)).toMatchObject([{ volume: 10_300 }]);
  });

  it('of trades with a cumulative volume neither', () => {
    const tick = (time: string, price: number, volume: number) => trade(cn, shanghai(time), price, { volume });
    const bars = minutes(tick('05T09:24:57', 0, 0), tick('05T09:25:01', 10, 500), tick('05T09:30:03', 11, 700));
    expect(bars).toMatchObject([{ open: 10, low: 10, volume: 700, trades: 2 }]);
    expect(minutes(live(shanghai('05T09:00')), tick('05T09:25:01', 10, 500))).toMatchObject([{ volume: 500 }]);
    const sized = trade(cn, shanghai('05T09:31'), 10, { size: 20, volume: 500 });
    expect(volumes(minutes(live(shanghai('05T09:00')), sized))).toEqual([[20, 480]]);
    expect(countedOf({ volume: 100 }, [tick('05T09:24:57', 0, 0), tick('05T09:25:01', 10, 500)])).toMatchObject([
      { volume: 500, open: 10, low: 10 },
    ]);
  });

  it('in the middle of a session: volumes 100, 0, 101 are a growth of 1', () => {
    for (const symbol of [cn, crypto]) {
      const at = (second: number): number => shanghai('05T10:00') + second * 1_000;
      const all = [quote(symbol, at(0), 10, { volume: 100 }), quote(symbol, at(1), 0, { volume: 0 })];
      expect(minutes(...all, quote(symbol, at(2), 10, { volume: 101 }))).toMatchObject([{ volume: 1, low: 10 }]);
      expect(
        minutes(all[0]!, quote(symbol, at(1), 11, { volume: 0 }), quote(symbol, at(2), 10, { volume: 101 })),
      ).toMatchObject([{ volume: 1, high: 10 }]);
    }
  });

  it('of a tick without a price and a size, nor of what is no number', () => {
    expect(minutes(trade(us, 0, 0))).toEqual([]);
    expect(minutes(trade(us, 0, NaN, { size: 5 }), trade(us, 1, Infinity))).toEqual([]);
    expect(minutes(quote(us, 0, NaN), quote(us, 0, Infinity, { volume: 5 }))).toEqual([]);
    const bars = minutes(trade(us, 0, 10, { size: 1 }), trade(us, 1, 0), trade(us, 2, 11, { size: 1 }));
    expect(bars).toMatchObject([{ low: 10, volume: 2, trades: 2 }]);
    expect(countedOf({ ticks: 1 }, [trade(us, 0, 0), trade(us, 1, 0, { size: 0 })])).toEqual([]);
  });

  it('and a price below zero is one, as is a price of zero that is traded at', () => {
    const bars = minutes(trade(us, 0, -37.63, { size: 1 }), trade(us, 1, 0, { size: 1 }));
    expect(prices(bars)).toEqual([[-37.63, 0, -37.63, 0]]);
    const quotes = [quote(us, 0, -1, { volume: 5 }), quote(us, 1, 0, { volume: 6 })];
    expect(prices(minutes(...quotes))).toEqual([[-1, 0, -1, 0]]);
  });
});

describe('the trading day of the figures', () => {
  const thursday = (volume: number) => quote(us, newYork('05T15:59'), 10, { volume, turnover: volume * 10 });
  const friday = (time: string, volume: number) =>
    quote(us, newYork(`06T${time}`), 10.5, { volume, turnover: volume * 10 });

  it('comes from the calendar: the figures of Friday count from zero, though none of them fell', () => {
    const all = [thursday(900), thursday(1_000), friday('09:30:05', 1_500), friday('09:31:05', 1_600)];
    expect(days(...all)).toMatchObject([
      { volume: 100, turnover: 1_000 },
      { volume: 1_600, turnover: 16_000, missedVolume: 0 },
    ]);
    expect(volumes(minutes(...all)).slice(1)).toEqual([
      [1_500, 0],
      [100, 0],
    ]);
  });

  it('is that of trades too, with a size or without', () => {
    const tick = (time: number, volume: number, size?: number) => trade(us, time, 10, { volume, size });
    const sums = [
      tick(newYork('05T15:59'), 1_000),
      tick(newYork('06T09:30:05'), 1_500),
      tick(newYork('06T09:31'), 1_600),
    ];
    expect(volumes(days(...sums))).toEqual([
      [0, 0],
      [1_600, 0],
    ]);
    const sized = [
      tick(newYork('05T15:59'), 1_000, 10),
      tick(newYork('06T09:30:05'), 1_500, 1_500),
      tick(newYork('06T09:31'), 1_600, 40),
    ];
    expect(volumes(days(...sized)).at(-1)).toEqual([1_540, 60]);
    // The first figure of the day is as much higher as its size: to a bar of a week it looks like the next one.
    const next = [tick(newYork('05T15:59'), 1_000, 10), tick(newYork('06T09:30:05'), 1_500, 500)];
    expect(volumes(barsOf('1w', next))).toEqual([[510, 1_000]]);
    expect(volumes(countedOf({ volume: 5_000 }, sized)).at(-1)).toEqual([1_540, 60]);
    expect(volumes(countedOf({ volume: 5_000 }, sums)).at(-1)).toEqual([1_600, 0]);
  });

  it('misses a night off line, and loses nothing of it', () => {
    const hole = [lost(newYork('05T18:00')), back(newYork('05T17:59'), newYork('06T10:00'))];
    const bars = days(thursday(1_000), ...hole, friday('10:00:05', 1_500), friday('10:01:05', 1_600));
    expect(bars.at(-1)).toMatchObject({ volume: 100, missedVolume: 1_500, turnover: 1_000 });
    const night = [lost(newYork('05T18:00')), back(newYork('05T17:59'), newYork('05T23:00'))];
    expect(volumes(days(thursday(1_000), ...night, friday('09:30:05', 1_500))).at(-1)).toEqual([1_500, 0]);
  });

  it('takes what comes late for what it is, also of the day before', () => {
    const tick = (time: string, volume: number) => trade(us, newYork(time), 10, { size: 10, volume });
    const all = [tick('05T15:58', 1_000), tick('05T15:59:30', 1_020), tick('06T09:30:05', 10), tick('05T15:59', 1_010)];
    expect(volumes(days(...all))).toEqual([
      [30, 0],
      [10, 0],
    ]);
    expect(volumes(days(...all, ...all))).toEqual([
      [30, 0],
      [10, 0],
    ]);
  });

  it('is told by the figures alone where the hours have no break', () => {
    const [evening, morning] = [Date.parse('2026-03-05T23:59Z'), Date.parse('2026-03-06T00:01Z')];
    const day = (volume: number) =>
      volumes(days(quote(crypto, evening, 10, { volume: 1_000 }), quote(crypto, morning, 11, { volume }))).at(-1);
    expect([day(1_500), day(990), day(40)]).toEqual([
      [500, 0],
      [0, 0],
      [40, 0],
    ]);
  });

  it('does not begin anew in its hours with one figure that fell, but with two', () => {
    const at = (second: number, volume: number) =>
      quote(us, newYork('05T10:00') + second * 1_000, 10 + second, { volume, turnover: volume * 10 });
    expect(minutes(at(0, 1_000), at(1, 3), at(2, 1_001))).toMatchObject([{ volume: 1, turnover: 10 }]);
    expect(minutes(at(0, 1_000), at(1, 3), at(2, 8))).toMatchObject([{ volume: 8, turnover: 80 }]);
    const sized = (second: number, volume: number) =>
      trade(us, newYork('05T10:00') + second * 1_000, 10, { size: 1, volume });
    expect(volumes(minutes(sized(0, 1_000), sized(1, 3), sized(2, 1_002)))).toEqual([[3, 0]]);
  });

  it('begins before the hours with the pre-market, and once', () => {
    const all = [thursday(1_000), friday('08:00', 100), friday('09:30:01', 250)];
    expect(days(...all).at(-1)).toMatchObject({ volume: 250 });
    const night = quote(us, newYork('05T20:00'), 10.1, { volume: 20 });
    expect(volumes(days(thursday(1_000), night, friday('09:30:01', 250)))).toEqual([
      [20, 0],
      [230, 0],
    ]);
  });
});

describe('a small fall of a figure', () => {
  it('is a correction, and no day begins with it', () => {
    const range = { high: 110, low: 90 };
    for (const symbol of [crypto, us]) {
      const at = (second: number, volume: number, turnover: number) =>
        quote(symbol, newYork('05T11:00') + second * 1_000, 100 + second, { volume, turnover, ...range });
      expect(minutes(at(0, 10, 100), at(1, 9, 90), at(2, 11, 110))).toMatchObject([
        { high: 102, low: 100, volume: 2, turnover: 20 },
      ]);
    }
  });

  it('of trades leaves the holes to be filled', () => {
    const tick = (time: number, size: number, volume: number) => trade(crypto, time, 10, { size, volume });
    const all = [tick(1, 10, 100), tick(3, 10, 120), tick(4, 0.5, 119.5), tick(2, 10, 110)];
    expect(volumes(minutes(...all))).toEqual([[30.5, 0]]);
  });
});

describe('the first bar of a day', () => {
  const cached = quote(us, newYork('05T15:59:59'), 9, { volume: 1_000, open: 8, high: 12, low: 7 });
  const range = { open: 10.02, high: 10.05, low: 9.95 };
  const first = quote(us, newYork('06T09:30:04'), 10, { volume: 50, ...range });

  it('made of quotes has the open, high and low of the day', () => {
    const bar = { open: 10.02, high: 10.05, low: 9.95, close: 10 };
    expect(minutes(cached, first).at(-1)).toMatchObject(bar);
    expect(days(cached, first).at(-1)).toMatchObject(bar);
    expect(minutes(first)).toMatchObject([bar]);
    expect(minutes(cached, { ...first, volume: undefined }).at(-1)).toMatchObject(bar);
    expect(days({ ...first, time: newYork('06T13:00') })).toMatchObject([bar]);
  });

  it('is the only one of the minutes that has them', () => {
    const later = { ...first, time: newYork('06T13:00'), receivedAt: newYork('06T13:00') };
    expect(prices(minutes(later))).toEqual([[10, 10, 10, 10]]);
    expect(prices(minutes(cached, later)).at(-1)).toEqual([10, 10, 10, 10]);
    expect(prices(barsOf('1h', [cached, later])).at(-1)).toEqual([10, 10, 10, 10]);
  });

  it('takes no figures that are of yesterday, missing, or at odds with the price', () => {
    const { open, high, low } = cached;
    const bar = (more: Partial<Quote>) => prices(minutes(cached, { ...first, ...more })).at(-1);
    expect(bar({ open, high, low })).toEqual([10, 10, 10, 10]);
    expect(bar({ open: 0, high: 0, low: 0 })).toEqual([10, 10, 10, 10]);
    expect(bar({ high: 9.99, low: 9.95 })).toEqual([10, 10, 10, 10]);
    expect(bar({ open: undefined, low: 0 })).toEqual([10, 10.05, 10, 10]);
  });

  it('leaves the open of a week where it was', () => {
    const week = barsOf('1w', [quote(us, newYork('05T10:00'), 9, { open: 9, high: 9, low: 9, volume: 5 }), first]);
    expect(prices(week)).toEqual([[9, 10.05, 9, 10]]);
  });
});

describe('a figure and the trade that it counts', () => {
  const pairs = Array.from({ length: 10 }, (_, i) => {
    const time = shanghai('05T10:00') + i * 1_000;
    const sized = trade(cn, time, 10, { size: 10 });
    return { quote: quote(cn, time, 10, { volume: 1_000 + (i + 1) * 10 }), sized };
  });

  it.each([
    ['first', pairs.flatMap(({ quote, sized }) => [quote, sized])],
    ['last', pairs.flatMap(({ quote, sized }) => [sized, quote])],
    ['all before', [...pairs.map(({ quote }) => quote), ...pairs.map(({ sized }) => sized)]],
  ])('are one volume where the figure comes %s', (_, events) => {
    const zero = quote(cn, shanghai('05T09:59'), 10, { volume: 1_000 });
    expect(volumes(minutes(...events))).toEqual([[100, 0]]);
    expect(volumes(minutes(zero, ...events)).at(-1)).toEqual([100, 0]);
    expect(volumes(days(...events))).toEqual([[100, 0]]);
    const dropped = events.filter((event) => event !== pairs[5]!.sized);
    expect(volumes(days(zero, ...dropped))[0]!.reduce((a, b) => a + b)).toBe(100);
  });

  it('count in the bar of the trade, whichever bar the quote was in', () => {
    const at = (text: string) => shanghai(`05T${text}`);
    const bars = minutes(
      quote(cn, at('10:00:30'), 10, { volume: 100 }),
      quote(cn, at('10:01:01'), 11, { volume: 140 }),
      trade(cn, at('10:00:59'), 11, { size: 40 }),
    );
    expect(volumes(bars)).toEqual([
      [40, 0],
      [0, 0],
    ]);
  });

  it.each([1, 20, 900])('are one volume where the quote is stamped %d ms before its trade', (before) => {
    const time = shanghai('05T10:00');
    const told = Array.from({ length: 10 }, (_, i) => [
      quote(crypto, time + i * 2_000 + 10, 10, { volume: 30_000 + (i + 1) * 0.1 }),
      trade(crypto, time + i * 2_000 + 10 + before, 10, { size: 0.1 }),
    ]).flat();
    expect(volumes(minutes(...told))).toEqual([[1, 0]]);
    expect(volumes(minutes(quote(crypto, time, 10, { volume: 30_000 }), ...told))).toEqual([[1, 0]]);
    const [, ...without] = told;
    expect(volumes(minutes(quote(crypto, time, 10, { volume: 30_000 }), ...without))).toEqual([[1, 0]]);
    expect(volumes(minutes(quote(crypto, time, 10, { volume: 30_000 }), ...told.filter((_, i) => i !== 7)))).toEqual([
      [0.9, 0.1],
    ]);
  });

  const at = (ms: number) => shanghai('05T10:00') + ms;
  const figure = (ms: number, volume: number) => quote(cn, at(ms), 10, { volume });
  const sized = (ms: number, size: number) => trade(cn, at(ms), 10, { size });
  const zero = quote(cn, shanghai('05T09:29'), 0, { volume: 0 });

  it('find each other where the trade is late and fills several holes, each too small for it', () => {
    const lost = [sized(1, 1), figure(1, 1), figure(6, 3), figure(6, 5), sized(6, 1)];
    expect(volumes(days(zero, ...lost))).toEqual([[2, 3]]);
    expect(volumes(days(zero, ...lost, sized(2, 3)))).toEqual([[5, 0]]);
  });

  it('correct each bar that a late trade was missed in', () => {
    const minute = 60_000;
    const lost = [sized(1, 1), figure(1, 1), figure(minute, 3), sized(minute, 1), figure(minute, 4)];
    expect(volumes(minutes(zero, ...lost))).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(volumes(minutes(zero, ...lost, sized(minute - 1, 2)))).toEqual([
      [3, 0],
      [1, 0],
    ]);
  });

  it('find each other where the figures lag, so that trades ahead of them hid a lost one', () => {
    const lost = [sized(1, 1), sized(3, 1), sized(4, 1), figure(1, 1), figure(3, 3), figure(4, 4)];
    expect(volumes(days(zero, ...lost))).toEqual([[3, 1]]);
    expect(volumes(days(zero, ...lost, sized(2, 1)))).toEqual([[4, 0]]);
  });

  it('find each other where a trade without a time of its own took the hole of another', () => {
    const untimed = { ...sized(9, 1), vendorTime: 0 };
    const events = [sized(1, 1), figure(1, 1), figure(3, 3), sized(3, 1), untimed, figure(9, 4)];
    expect(volumes(days(zero, ...events, sized(2, 1)))).toEqual([[4, 0]]);
  });

  it('are not mistaken for a new day where old figures come behind one without a time of its own', () => {
    const stray = { ...figure(24, 7), vendorTime: 0 };
    const events = [figure(1, 1), stray, sized(1, 1), sized(4, 4), figure(2, 2), figure(3, 3)];
    expect(volumes(days(zero, ...events, sized(2, 1), sized(3, 1)))).toEqual([[7, 0]]);
  });

  it('are two units where they count in two', () => {
    const lots = { sizeUnit: 'lots', volume: 5 } as const;
    const bars = minutes(quote(cn, 0, 10, lots), trade(cn, 1, 10, { size: 100, sizeUnit: 'shares', volume: 600 }));
    expect(bars[0]!.missedVolume).toBe(0);
  });
});

describe('the figures of a bar are exact', () => {
  it('where they are too small to be told from rounding', () => {
    const all = [30_000, 30_000.00001, 30_000.00002].map((volume, i) => quote(crypto, i, 10, { volume }));
    expect(volumes(minutes(...all))).toEqual([[0.00002, 0]]);
    const ticks = [30_000, 30_000.00001, 30_000.00002].map((volume, i) => trade(crypto, i, 10, { volume }));
    expect(volumes(minutes(...ticks))).toEqual([[0.00002, 0]]);
    expect(volumes(countedOf({ ticks: 9 }, ticks))).toEqual([[0.00002, 0]]);
    const sized = [30_000, 30_000.00002].map((volume, i) => trade(crypto, i, 10, { size: 0.00001, volume }));
    expect(volumes(minutes(...sized))).toEqual([[0.00002, 0.00001]]);
  });

  it('where a little is lost of very much', () => {
    const tick = (time: number, volume: number) => trade(crypto, time, 10, { size: 10, volume });
    expect(volumes(minutes(tick(1, 5e10), tick(2, 5e10 + 50)))).toEqual([[20, 40]]);
  });

  it('where a fraction comes late, just before the first that was seen', () => {
    const tick = (time: number, volume: number) => trade(crypto, time, 10, { size: 0.1, volume });
    expect(volumes(minutes(tick(2, 100.3), tick(1, 100.2)))).toEqual([[0.2, 0]]);
    expect(volumes(countedOf({ ticks: 9 }, [tick(2, 100.3), tick(1, 100.2)]))).toEqual([[0.2, 0]]);
  });

  it('where fractions add up', () => {
    const tenth = (i: number) => trade(crypto, i % 60_000, 10, { size: 0.1 });
    const million = Array.from({ length: 1_000_000 }, (_, i) => tenth(i));
    expect(barsOf('1m', million, { forming: false }).length).toBe(0);
    expect(volumes(barsOf('1d', [...million, trade(crypto, 86_400_000, 10)], { forming: false }))).toEqual([
      [100_000, 0],
    ]);
    const bars = [0.1, 0.2].map((size, i) => trade(crypto, i, 10, { size }));
    expect(volumes(minutes(...bars))).toEqual([[0.3, 0]]);
    const sums = [0.7, 0.8, 0.1 + 0.8].map((volume, i) => quote(crypto, i, 10, { volume, turnover: volume / 10 }));
    expect(minutes(...sums)).toMatchObject([{ volume: 0.2, turnover: 0.02 }]);
  });
});

describe('what has no price', () => {
  const sized = (time: number, price: number, size: number, more: Partial<Trade> = {}) =>
    trade(crypto, time, price, { size, ...more });

  it('is a trade of size 0, which is no execution', () => {
    const bars = minutes(sized(1, 99, 0), sized(2, 10, 1), sized(3, 50, 0), sized(4, 5, 0));
    expect(bars).toMatchObject([{ open: 10, high: 10, low: 10, close: 10, volume: 1, trades: 1 }]);
    expect(minutes(sized(1, 99, 0))).toEqual([]);
    const proof = minutes(sized(1, 10, 5, { volume: 5 }), sized(2, 99, 0, { volume: 25 }));
    expect(proof).toMatchObject([{ high: 10, volume: 5, missedVolume: 20 }]);
    const counted = [sized(1, 10, 5, { volume: 5 }), sized(2, 99, 0, { volume: 25 }), sized(3, 11, 5, { volume: 30 })];
    expect(countedOf({ ticks: 2 }, counted)).toMatchObject([{ high: 11, volume: 10, trades: 2, missedVolume: 20 }]);
  });

  it('is a trade that counts in volume only', () => {
    const late = (time: number, price: number) => sized(time, price, 5, { volumeOnly: true });
    const bar = { open: 10, high: 10, low: 10, close: 10, volume: 6, trades: 2 };
    expect(minutes(sized(1, 10, 1), late(2, 50))).toMatchObject([bar]);
    expect(minutes(late(1, 50), sized(2, 10, 1))).toMatchObject([bar]);
    expect(minutes(late(1, 50))).toEqual([]);
    const counted = countedOf({ ticks: 2 }, [late(1, 50), sized(2, 10, 1)]);
    expect(counted).toMatchObject([bar]);
    expect(countedOf({ volume: 6 }, [sized(1, 10, 1), late(2, 50)])).toMatchObject([bar]);
  });

  it('and a bar of nothing else is flat at the last close, until a price is made in it', () => {
    const late = sized(61_000, 50, 5, { volumeOnly: true });
    const flat = { open: 10, high: 10, low: 10, close: 10, volume: 5, trades: 1, source: 'empty' };
    expect(minutes(sized(1, 10, 1), late)).toMatchObject([{ volume: 1 }, flat]);
    const made = { open: 12, high: 12, low: 12, close: 12, volume: 6, trades: 2, source: 'trades' };
    expect(minutes(sized(1, 10, 1), late, sized(62_000, 12, 1))).toMatchObject([{ volume: 1 }, made]);
  });
});

describe('a trade that is sent twice to the letter', () => {
  const sent = (time: number, price: number, more: Partial<Trade> = {}) =>
    trade(crypto, time, price, { receivedAt: time + 40, size: 5, ...more });

  it('counts once, also with others in between and after a reconnection', () => {
    const [a, b] = [sent(1_000, 10), sent(2_000, 11)];
    const again = { ...a, receivedAt: 9_000 };
    expect(minutes(a, b, again, a)).toMatchObject([{ volume: 10, trades: 2, open: 10, close: 11 }]);
    expect(minutes(a, b, lost(5_000), back(4_000, 8_000), { ...b, receivedAt: 9_000 })).toMatchObject([{ volume: 10 }]);
    expect(countedOf({ ticks: 9 }, [a, b, again, a])).toMatchObject([{ volume: 10, trades: 2 }]);
    expect(minutes(a, { ...again, size: 6 }, { ...again, price: 9 }, { ...again, time: 1_001 })).toMatchObject([
      { volume: 21, trades: 4 },
    ]);
  });

  it('counts once with its cumulative volume; two of one millisecond whose volume grows are two', () => {
    const [a, b] = [sent(1_000, 10, { volume: 105 }), sent(1_000, 10, { volume: 110 })];
    expect(minutes(a, a, b, a, b)).toMatchObject([{ volume: 10, trades: 2 }]);
    const [c, d] = [a, b].map((tick) => ({ ...tick, size: undefined }));
    expect(minutes(c!, c!, d!, d!)).toMatchObject([{ volume: 5, trades: 2 }]);
  });

  it('is not known as such where the vendor sends no time, nor of another symbol or feed', () => {
    const untimed = { ...sent(1_000, 10), receivedAt: 1_000 };
    expect(minutes(untimed, untimed)).toMatchObject([{ volume: 10 }]);
    const a = sent(1_000, 10);
    expect(barsOf('1m', [a, { ...a, provider: 'other' }])).toMatchObject([{ volume: 5 }]);
  });

  it('is remembered for the next 64 of the symbol', () => {
    const tick = (i: number) => sent(1_000 + i, 10);
    const run = (count: number) => Array.from({ length: count }, (_, i) => tick(i));
    expect(minutes(...run(64), tick(0))).toMatchObject([{ trades: 64 }]);
    expect(minutes(...run(65), tick(0))).toMatchObject([{ trades: 66 }]);
  });
});

describe('a figure that comes after its bar was closed', () => {
  const at = (second: number, volume: number) =>
    quote(crypto, second * 1_000, 10 + second, { volume, turnover: volume * 10 });

  it.each([
    [
      'revise',
      [
        [20, 0, 200],
        [10, 0, 100],
      ],
    ],
    [
      'report',
      [
        [10, 10, 100],
        [10, 0, 100],
      ],
    ],
    [
      'drop',
      [
        [10, 0, 100],
        [20, 0, 200],
      ],
    ],
  ] as const)('is taken as a late trade is: %s', (late, expected) =>
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(1, 100), b: at(2, 110), c: at(3, 120), d: at(62, 130) };
      const last = hot('ab 61s c d|', values).pipe(
        toKlines('1m', { forming: 'each', late }),
        toArray(),
        map((bars) => [0, 60_000].map((openTime) => bars.filter((bar) => bar.openTime === openTime).at(-1)!)),
        map((bars) => bars.map(({ volume, missedVolume, turnover }) => [volume, missedVolume, turnover])),
      );
      expectObservable(last).toBe('-- 61s - -(k|)', { k: expected });
    })(),
  );
});

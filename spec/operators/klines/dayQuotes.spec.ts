import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Quote, Trade } from '../../../lib/model/marketEvent.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { barsOf, lastWords, symbol as crypto } from './aTape.js';

const newYork = (text: string): number => Date.parse(`2026-03-${text}-05:00`);
const us = 'AAPL.US';

const quote = (symbol: string, time: number, last: number, more: Partial<Quote> = {}): Quote =>
  aQuote({ symbol, time, receivedAt: time, last, ...more });
/** A quote and a trade of New York. */
const said = (text: string, last: number, more: Partial<Quote> = {}): Quote => quote(us, newYork(text), last, more);
const traded = (text: string, price: number, more: Partial<Trade> = {}): Trade =>
  aTrade({ symbol: us, time: newYork(text), receivedAt: newYork(text), price, size: 5, ...more });

const bars = (events: readonly FeedEvent[], interval: Interval = '1m') => lastWords(barsOf(events, interval));
const prices = (events: readonly FeedEvent[]) =>
  bars(events).map(({ open, high, low, close }) => [open, high, low, close]);
const volumes = (events: readonly FeedEvent[], interval?: Interval) =>
  bars(events, interval).map(({ volume, missedVolume }) => [volume, missedVolume]);

describe('a quote that says nothing yet', () => {
  const before = quote(crypto, 1_000, 10, { volume: 100 });
  const after = quote(crypto, 3_000, 10, { volume: 110 });

  it.each<[string, Partial<Quote>]>([
    ['whose volume is still the same', { volume: 100 }],
    ['whose day has a low above it', { volume: 105, low: 9 }],
    ['whose day has a high below it', { volume: 105, low: -3, high: -1 }],
  ])('is one of price zero %s', (_, more) => {
    const events = [before, quote(crypto, 2_000, 0, more), after];
    expect(bars(events)).toMatchObject([{ low: 10, high: 10, volume: 10 }]);
  });

  it('is not one of a price, of an instrument that never has volume', () => {
    expect(bars([quote(crypto, 1_000, 10, { volume: 0 })])).toMatchObject([{ close: 10, volume: 0 }]);
  });

  it.each<[string, Quote]>([
    ['without a price', quote(crypto, 1_000, NaN, { volume: 100 })],
    ['without a price and a volume', quote(crypto, 1_000, 0)],
  ])('does not say that the volume is zero: %s', (_, nothing) => {
    expect(volumes([nothing, before, after])).toEqual([[10, 0]]);
  });
});

describe('the same figures as before', () => {
  const figures = { volume: 1_000 };

  it('on another day are those of the new one', () => {
    expect(volumes([said('05T15:59', 10, figures), said('06T09:31', 10, figures)])).toEqual([
      [0, 0],
      [1_000, 0],
    ]);
  });

  it('on the same day say that nothing was traded, also since the moment at which the day begins', () => {
    expect(bars([said('06T04:00', 10, figures), said('06T09:31', 10, figures)])).toHaveLength(1);
  });
});

describe('a quote of a day long ago', () => {
  const days = [said('04T10:00', 10, { volume: 100 }), said('05T10:00', 11, { volume: 50 })];
  /** One without a time of its own overtakes none. */
  const today = { ...said('06T10:00', 12, { volume: 70 }), vendorTime: 'none' };

  it('has a price, and a volume that tells nothing', () => {
    const late = said('04T10:00:30', 14, { volume: 130 });
    expect(bars([...days, today, late])).toMatchObject([
      { close: 14, volume: 0, revision: 1 },
      { close: 11, volume: 50 },
      { close: 12, volume: 70 },
    ]);
  });

  it('proves nothing of trades', () => {
    const trades = ['04T10:00', '05T10:00', '06T10:00'].map((text) => traded(text, 10));
    const events = trades.flatMap((trade, i) => [trade, said(`0${4 + i}T10:00:01`, 10, { volume: 5 })]);
    expect(volumes([...events, said('04T10:00:30', 10, { volume: 500 })])).toEqual([
      [5, 0],
      [5, 0],
      [5, 0],
    ]);
  });
});

describe('the range of a day', () => {
  const yesterday = said('05T15:59:59', 9, { volume: 1_000, open: 10, high: 10.05, low: 9.95 });
  const range = { open: 10.02, high: 10.05, low: 9.95 };
  const first = (more: Partial<Quote> = {}, text = '06T09:30:04') => said(text, 10, { volume: 50, ...range, ...more });
  const firstBar = (...events: readonly Quote[]) => prices(events).at(-1);

  it.each<[string, Partial<Quote>]>([
    ['open', { open: 10.02, high: 10.05, low: 9.95 }],
    ['high', { open: 10, high: 10.06, low: 9.95 }],
    ['low', { open: 10, high: 10.05, low: 9.96 }],
  ])('is of today as soon as its %s is another one than yesterday', (_, { open, high, low }) => {
    expect(firstBar(yesterday, first({ open, high, low }))).toEqual([open, high, low, 10]);
  });

  it.each<[string, Partial<Quote>, readonly number[]]>([
    ['whose low is the price', { low: 10 }, [10.02, 10.05, 10, 10]],
    ['whose high is the opening price', { high: 10.02 }, [10.02, 10.02, 9.95, 10]],
    ['whose low is above the price', { low: 10.01 }, [10, 10, 10, 10]],
    ['whose low is above the opening price', { open: 9.9 }, [10, 10, 10, 10]],
    ['whose high is below the opening price', { open: 10.1 }, [10, 10, 10, 10]],
  ])('is taken if it fits: one %s', (_, more, expected) => {
    expect(firstBar(yesterday, first(more))).toEqual(expected);
  });

  it('is taken in the very moment in which trading begins, with its open', () => {
    expect(firstBar(yesterday, first({}, '06T09:30:00'))).toEqual([10.02, 10.05, 9.95, 10]);
  });

  it('is not taken before trading begins', () => {
    expect(firstBar(yesterday, first({}, '06T08:00'))).toEqual([10, 10, 10, 10]);
  });

  it.each(['06T08:00', '06T04:00'])('is that of a quote before the open too, if it is of today: %s', (early) => {
    const events = [first({ volume: 40 }, early), first()];
    expect(firstBar(yesterday, ...events)).toEqual([10, 10.05, 9.95, 10]);
  });

  it('opens at zero once zero is traded at', () => {
    const [one, zero] = [
      said('06T09:30:05', 1, { volume: 5, open: 0 }),
      said('06T09:30:07', 0, { volume: 6, open: 0 }),
    ];
    const spread = [one, { ...zero, high: 1, low: 0 }];
    expect(prices(spread.slice(0, 1))).toEqual([[1, 1, 1, 1]]);
    expect(prices(spread)).toEqual([[0, 1, 0, 0]]);
  });
});

describe('the figure of a day of which no trade came yet', () => {
  const yesterday = [traded('05T15:59', 10), said('05T15:59:01', 10, { volume: 900 })];
  const early = said('06T09:30:01', 10, { volume: 50 });

  it.each<Interval>(['1m', '1d'])(
    'is missed by the first bar of that day, and not by the last one before: %s',
    (to) => {
      expect(volumes([...yesterday, early], to)).toEqual([[5, 0]]);
      expect(volumes([...yesterday, early, traded('06T09:30:02', 10)], to)).toEqual([
        [5, 0],
        [5, 50],
      ]);
    },
  );

  it.each(['06T09:30:01', '06T04:00'])('is no matter of the day after: one of %s', (text) => {
    const events = [...yesterday, said(text, 10, { volume: 50 }), traded('09T09:30:02', 10)];
    expect(volumes(events)).toEqual([
      [5, 0],
      [5, 0],
    ]);
  });

  it('counts from the moment on at which the day begins', () => {
    const events = [...yesterday, said('06T04:00', 10, { volume: 50 }), traded('06T09:30:02', 10)];
    expect(volumes(events).at(-1)).toEqual([5, 50]);
  });

  it('is no matter of a bar of the day before, which comes late', () => {
    const before = [traded('04T15:59', 10), said('05T10:00', 10, { volume: 40 }), early, traded('05T09:59', 10)];
    expect(volumes(before)).toEqual([
      [5, 0],
      [5, 0],
    ]);
    expect(volumes([...before, traded('06T09:30:02', 10)]).at(-1)).toEqual([5, 50]);
  });

  it('gives way to what the trades say themselves', () => {
    const own = traded('06T09:30:02', 10, { volume: 30 });
    expect(volumes([...yesterday, early, own]).at(-1)).toEqual([5, 25]);
  });

  it('holds no late print that is later', () => {
    const print = traded('06T09:30:03', 10, { size: 7, volumeOnly: true });
    const events = [print, early, traded('06T09:30:05', 10), said('06T09:30:06', 10, { volume: 62 })];
    expect(volumes(events)).toEqual([[12, 0]]);
  });
});

describe('a day that begins in the moment in which the one before ends', () => {
  const spans = [{ from: '00:00', to: '12:00' }];
  const calendar = { zone: 'UTC', spans, weekdays: [1, 2, 3, 4, 5, 6, 7] };
  const utc = (text: string): number => Date.parse(`2026-03-${text}Z`);
  const day = (...events: readonly FeedEvent[]) =>
    lastWords(barsOf(events, '1d', { calendar })).map(({ open, high, low, volume, missedVolume }) => [
      ...[open, high, low],
      ...[volume, missedVolume],
    ]);
  const morning = (more: Partial<Trade> = {}) => aTrade({ ...at('05T10:00'), price: 10, size: 5, ...more });
  const at = (text: string) => ({ symbol: us, time: utc(text), receivedAt: utc(text) });

  it('has the open, high and low of quotes in its first bar', () => {
    const range = { open: 10.02, high: 10.05, low: 9.95 };
    expect(day(aQuote({ ...at('05T00:00:04'), last: 10, volume: 50, ...range }))).toEqual([[10.02, 10.05, 9.95, 0, 0]]);
  });

  it('has figures that the bar of the day before does not miss', () => {
    const before = [morning(), aQuote({ ...at('05T10:01'), last: 10, volume: 90 })];
    expect(day(...before, aQuote({ ...at('06T00:00:01'), last: 10, volume: 20 }))).toEqual([[10, 10, 10, 5, 0]]);
    const zero = aTrade({ ...at('06T00:00:01'), price: 10, size: 0, volume: 20 });
    expect(day(morning({ volume: 90 }), zero)).toEqual([[10, 10, 10, 5, 0]]);
  });
});

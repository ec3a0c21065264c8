import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Quote, Trade } from '../../../lib/model/marketEvent.js';
import { boundaryOf, settingsOf } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { connected, disconnected } from '../../share/linkEvents.js';
import { barsOf, lastWords } from './aTape.js';

const at = (text: string): number => Date.parse(`2026-03-${text}-05:00`);

const trade = (text: string, size: number | undefined, more: Partial<Trade> = {}): Trade =>
  aTrade({ time: at(text), receivedAt: at(text), price: 10, size, ...more });
/** A late print: it has volume, and its price counts in no bar. */
const print = (text: string, size: number | undefined, more: Partial<Trade> = {}): Trade =>
  trade(text, size, { price: 50, volumeOnly: true, ...more });
const quote = (text: string, volume: number): Quote =>
  aQuote({ time: at(text), receivedAt: at(text), last: 10, volume });

const bars = (events: readonly FeedEvent[], interval: Interval = '1m') => lastWords(barsOf(events, interval));
const figures = (...events: readonly FeedEvent[]) =>
  bars(events).map(({ volume, missedVolume, trades }) => [volume, missedVolume, trades]);

describe('a late print before the first bar', () => {
  it('waits for the first bar of its day, with others of the day', () => {
    const events = [print('05T10:00:01', 4), print('05T10:00:02', 7), trade('05T10:00:03', 1)];
    expect(figures(...events)).toEqual([[12, 0, 3]]);
  });

  it.each(['05T10:00', '05T04:00'])('has none on another day: one of %s', (text) => {
    expect(figures(print(text, 4), trade('06T10:00', 1))).toEqual([[1, 0, 1]]);
    expect(figures(print(text, 4), print('06T10:00', 7), trade('06T10:01', 1))).toEqual([[8, 0, 2]]);
  });

  it('waits from the moment on at which its day begins', () => {
    expect(figures(print('05T04:00', 4), print('05T09:31', 7), trade('05T10:00', 1))).toEqual([[12, 0, 3]]);
  });

  it('waits on where a bar of the day before is the first one', () => {
    const events = [print('06T10:00', 4), trade('05T10:00', 1), trade('06T10:01', 2)];
    expect(figures(...events)).toEqual([
      [1, 0, 1],
      [6, 0, 2],
    ]);
  });

  it('tells by its figure what is missed before the first bar', () => {
    const one = print('05T10:00:01', 5, { volume: 500 });
    const two = print('05T10:00:02', 5, { volume: 520 });
    const three = print('05T10:00:03', 5, { volume: 530 });
    expect(figures(one, trade('05T10:00:09', 1, { volume: 511 }))).toEqual([[6, 10, 2]]);
    expect(figures(one, two, trade('05T10:00:09', 1, { volume: 521 }))).toEqual([[11, 15, 3]]);
    expect(figures(one, two, three, trade('05T10:00:09', 1, { volume: 531 }))).toEqual([[16, 20, 4]]);
  });

  it('is what its figure grew by where it tells no size, if that was seen', () => {
    const [one, two] = [500, 510].map((volume, i) => print(`05T10:00:0${1 + 3 * i}`, undefined, { volume }));
    const next = trade('05T10:00:09', undefined, { volume: 511 });
    expect(figures(one!, two!, next)).toEqual([[11, 0, 3]]);
    const lost = { ...disconnected, receivedAt: at('05T10:00:02') };
    const back = {
      ...connected,
      receivedAt: at('05T10:00:03'),
      resumed: { from: lost.receivedAt, to: at('05T10:00:03') },
    };
    expect(figures(one!, lost, back, two!, next)).toEqual([[1, 10, 3]]);
  });

  it('is not missed by the next figure where it has none of its own', () => {
    const events = [print('05T10:00:01', 5, { volume: 500 }), print('05T10:00:02', 7)];
    expect(figures(...events, trade('05T10:00:09', 1, { volume: 513 }))).toEqual([[13, 5, 3]]);
  });
});

describe('a late print of a minute without a bar', () => {
  const made = ['05T10:00', '05T10:02', '05T10:04'].map((text, i) => trade(text, 1, { price: 10 + i }));

  it.each([
    ['at the close before it', '05T10:01', 10],
    ['at the close right before it', '05T10:03', 11],
    ['at the last price where there is none before it', '05T09:59', 12],
  ])('makes a flat one %s', (_, text, close) => {
    const bar = bars([...made, print(text, 5)]).find(({ openTime }) => openTime === at(text));
    expect(bar).toMatchObject({ open: close, high: close, low: close, close, volume: 5, source: 'empty' });
  });
});

describe('a late print', () => {
  const first = trade('05T10:00:01', 5, { volume: 500 });

  it('of size zero is no trade', () => {
    expect(figures(first, print('05T10:00:02', 0, { volume: 507 }))).toEqual([[5, 7, 1]]);
  });

  it('without a size is what the figure grew by', () => {
    expect(figures(first, print('05T10:00:02', undefined, { volume: 507 }))).toEqual([[12, 0, 2]]);
  });

  it('has no weight in the average price', () => {
    const events = [trade('05T10:00:01', 1), trade('05T10:00:02', 1, { price: 20 })];
    expect(bars([...events, print('05T10:00:03', 8, { price: 12 })])).toMatchObject([{ vwap: 15, volume: 10 }]);
  });

  it('is the first execution, or the last, of a counted bar', () => {
    const spans: (readonly number[])[] = [];
    const boundary = boundaryOf({ ticks: 2 });
    const builder = klineBuilder(boundary, settingsOf(boundary, { forming: false }), 0, {
      emit: ({ openTime, closeTime }) => spans.push([openTime - at('05T10:00'), closeTime - at('05T10:00')]),
      closeAt: () => undefined,
      beat: () => undefined,
    });
    const one = (second: number) => trade(`05T10:00:0${second}`, 1);
    const late = (second: number) => print(`05T10:00:0${second}`, 1);
    [one(1), late(3), late(5), one(8)].forEach(builder.accept);
    expect(spans).toEqual([
      [1_000, 3_001],
      [5_000, 8_001],
    ]);
  });
});

describe('the average price of trades without a size', () => {
  const tick = (text: string, price: number, volume: number) => trade(text, undefined, { price, volume });
  const ticks = [tick('05T10:00:01', 10, 500), tick('05T10:00:02', 12, 510)];

  it('is that of what the figures grew by, also for the first of a bar', () => {
    const averages = bars([...ticks, tick('05T10:01', 13, 530), tick('05T10:01:01', 19, 540)]).map(({ vwap }) => vwap);
    expect(averages).toEqual([12, 15]);
  });

  it('has nothing of what was missed', () => {
    const lost = { ...disconnected, receivedAt: at('05T10:00:03') };
    const back = {
      ...connected,
      receivedAt: at('05T10:00:04'),
      resumed: { from: lost.receivedAt, to: at('05T10:00:04') },
    };
    expect(bars([...ticks, lost, back, tick('05T10:00:05', 20, 530)])).toMatchObject([{ vwap: 12, missedVolume: 20 }]);
  });
});

describe('a figure of a day that is no longer remembered', () => {
  const days = [4, 5, 6].map((day) => trade(`0${day}T10:00`, 5, { volume: 100 }));

  it.each<[string, Trade, readonly number[]]>([
    ['with a trade of some size', trade('04T10:00:30', 5, { volume: 900 }), [10, 0, 2]],
    ['with a trade without a size', trade('04T10:00:30', undefined, { volume: 900 }), [5, 0, 2]],
    ['with a trade of size zero', trade('04T10:00:30', 0, { volume: 900 }), [5, 0, 1]],
  ])('proves nothing: %s', (_, late, expected) => {
    expect(figures(...days, late)).toEqual([expected, [5, 95, 1], [5, 95, 1]]);
  });

  it('proves nothing with a late print before the first bar', () => {
    const prints = [4, 5, 6].map((day) => print(`0${day}T10:00`, 5, { volume: 100 }));
    const late = print('04T10:00:30', 7, { volume: 900 });
    expect(figures(...prints, late, trade('04T10:01', 1), trade('06T10:01', 2))).toEqual([
      [1, 0, 1],
      [7, 95, 2],
    ]);
  });

  it('leaves what waits for a bar of that day as it was heard', () => {
    const prints = [print('04T10:00', 5, { volume: 100 }), print('04T10:01', 5, { volume: 110 })];
    const later = [trade('05T10:00', 0, { volume: 50 }), trade('06T10:00', 0, { volume: 60 })];
    const events = [...prints, ...later, trade('04T10:02', 1)];
    expect(figures(...events)).toEqual([[11, 0, 3]]);
  });

  it('is that of a late print, or of a quote, that waits for the first bar', () => {
    const zero = (text: string) => trade(text, 0, { volume: 50 });
    const [fifth, sixth] = [zero('05T10:00'), zero('06T10:00')];
    expect(figures(fifth, sixth, print('04T10:00', 4, { volume: 90 }), trade('04T10:01', 1))).toEqual([[5, 0, 2]]);
    const told = [trade('03T10:00', 5), quote('03T10:01', 900), quote('04T10:00', 50)];
    expect(figures(...told, fifth, sixth, trade('04T10:01', 1)).at(-1)).toEqual([1, 0, 1]);
  });
});

describe('a trade that is none', () => {
  const first = trade('05T15:59', 5, { volume: 100 });

  it.each<[string, Trade, number]>([
    ['of size zero, by its figure', trade('05T15:59:01', 0, { volume: 125 }), 25],
    ['without a price and a size, not', trade('05T15:59:01', undefined, { price: 0, volume: 125 }), 0],
    ['with a size and without a price, not', trade('05T15:59:01', 9, { price: NaN, volume: 125 }), 0],
  ])('proves what was missed: one %s', (_, none, missed) => {
    expect(figures(first, none)).toEqual([[5, missed, 1]]);
  });

  it('makes no bar, and proves nothing before there is one', () => {
    expect(figures(trade('05T10:00', 0, { volume: 25 }))).toEqual([]);
  });

  it.each<Interval>(['1m', '1d'])('is missed by no bar of the day before: %s', (interval) => {
    expect(bars([first, trade('06T09:30', 0, { volume: 50 })], interval)).toMatchObject([{ missedVolume: 0 }]);
  });

  it('is no word on a bar that misses no more than before', () => {
    expect(barsOf([first, trade('05T15:59:01', 0, { volume: 100 })], '1m')).toHaveLength(1);
  });

  it('is one without a size at the close of the day before, on a day without volume', () => {
    expect(figures(trade('05T09:20', undefined, { volume: 0 }))).toEqual([]);
  });
});

describe('a trade without a time of its own', () => {
  it('is part of the last figure, if that has room for it', () => {
    const trades = [trade('05T10:00:01', 1), { ...trade('05T10:00:09', 2), vendorTime: 'none' }];
    const events = [trades[0]!, quote('05T10:00:01', 101), quote('05T10:00:03', 103), trades[1]!];
    expect(figures(...events)).toEqual([[3, 0, 2]]);
  });
});

import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Quote, Trade } from '../../../lib/model/marketEvent.js';
import { boundaryOf } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { klineSettings } from '../../../lib/operators/klines/KlineOptions.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { MINUTE, symbol } from './aTape.js';

const TEN = Date.parse('2026-03-05T10:00Z');

/** The last word on each bar, of events that come one after the other; our clock is that of the last one that tells it. */
const bars = (events: readonly FeedEvent[]) => {
  let now = TEN;
  const last = new Map<number, object>();
  const builder = klineBuilder(boundaryOf('1m'), klineSettings({ forming: 'each' }), TEN, {
    emit: ({ openTime, ...bar }) => last.set(openTime, { openTime, ...bar }),
    closeAt: () => undefined,
    beat: () => undefined,
    now: () => now,
  });
  for (const event of events) {
    if (event.receivedAt > now) now = event.receivedAt;
    builder.accept(event);
  }
  return [...last.values()];
};

const trade = (second: number, more: object = {}): Trade => {
  const time = TEN + second * 1_000;
  return { ...aTrade({ symbol, time, receivedAt: time + 5, price: 10, size: 1 }), ...more };
};
const quote = (second: number, more: object = {}): Quote => {
  const time = TEN + second * 1_000;
  return { ...aQuote({ symbol, time, receivedAt: time + 5, last: 10, volume: 100 + second }), ...more };
};

const NONE: readonly unknown[] = ['7', null, 10n, NaN];
const each = (names: readonly string[]) => names.flatMap((name) => NONE.map((value) => [name, value] as const));

describe('what is no number', () => {
  const [first, last] = [trade(1), trade(9, { price: 12 })];

  it.each(each(['size', 'volume']))('counts as not sent, in a trade: %s %p', (name, value) => {
    const events = (sent: unknown) => [first, trade(3, { [name]: sent }), last];
    expect(bars(events(value))).toEqual(bars(events(undefined)));
    expect(bars(events(value).slice(0, 2))).toEqual(bars(events(undefined).slice(0, 2)));
  });

  it.each(NONE)('is no price of a trade: %p', (price) => {
    expect(bars([first, trade(3, { price }), last])).toMatchObject([{ volume: 2, trades: 2, low: 10 }]);
    const print = trade(3, { price, volumeOnly: true });
    expect(bars([first, print, last])).toMatchObject([{ volume: 3, trades: 3, low: 10, vwap: 11 }]);
  });

  it.each(each(['volume', 'turnover']))('counts as not sent, in a quote: %s %p', (name, value) => {
    const events = (more: object) => [quote(1), quote(3, { volume: 103, turnover: 1_030, ...more }), quote(9)];
    expect(bars(events({ [name]: value }))).toEqual(bars(events({ [name]: undefined })));
  });

  it.each([...NONE, `${TEN + 2_000}`, BigInt(TEN + 2_000)])(
    'is no time: what has %p for one happened when it came',
    (time) => {
      const receivedAt = TEN + MINUTE + 500;
      const minutes = (events: readonly FeedEvent[]) => bars(events).map((bar) => ({ ...bar, receivedAt: 0 }));
      expect(bars([first, trade(0, { time, receivedAt })])).toMatchObject([
        { openTime: TEN, trades: 1 },
        { openTime: TEN + MINUTE, trades: 1, time: receivedAt },
      ]);
      const figures = [trade(1, { volume: 100 }), trade(0, { volume: 101, time, receivedAt })];
      expect(bars(figures)).toMatchObject([{ trades: 1 }, { openTime: TEN + MINUTE, trades: 1 }]);
      expect(minutes([quote(1), quote(0, { last: 12, time, receivedAt })])).toMatchObject([
        { openTime: TEN, close: 10 },
        { openTime: TEN + MINUTE, close: 12, time: receivedAt },
      ]);
    },
  );

  it.each([...NONE, undefined])('is no time of receipt: what has %p for one came now', (receivedAt) => {
    expect(bars([trade(1, { receivedAt: TEN + 2_000 }), trade(2, { receivedAt })])).toMatchObject([
      { trades: 2, receivedAt: TEN + 2_000 },
    ]);
    expect(bars([quote(1, { receivedAt: TEN + 2_000 }), quote(2, { receivedAt })])).toMatchObject([
      { volume: 1, receivedAt: TEN + 2_000 },
    ]);
  });

  it.each([...NONE.slice(1), undefined])('is no bar of a trade that names no instrument: %p', (nameless) => {
    expect(bars([trade(1, { symbol: nameless }), trade(2, { symbol: nameless })])).toEqual([]);
  });

  it('is no bar of a vendor', () => {
    const said = (more: object): FeedEvent => ({
      ...aKline({ symbol, openTime: TEN, time: TEN, receivedAt: TEN + 1_000 }),
      ...more,
    });
    const events = [said({ open: '7' }), said({ close: null }), said({ high: 11, close: 11 })];
    expect(bars(events)).toMatchObject([{ high: 11, close: 11 }]);
  });
});

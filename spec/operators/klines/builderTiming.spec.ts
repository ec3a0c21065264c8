import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Kline, Trade } from '../../../lib/model/marketEvent.js';
import { boundaryOf } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { klineSettings, type KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { aKline, aTrade } from '../../../lib/testing/builders.js';
import { connected } from '../../share/linkEvents.js';
import { MINUTE, SECOND, symbol } from './aTape.js';

const TEN = Date.parse('2026-03-05T10:00Z');
const HOUR = 60 * MINUTE;

/** A trade that is stamped so many ms after ten, and received so many after ten. */
const trade = (time: number, receivedAt = time, more: Partial<Trade> = {}): Trade =>
  aTrade({ symbol, time: TEN + time, receivedAt: TEN + receivedAt, price: 10, ...more });
const live: FeedEvent = { ...connected, receivedAt: TEN };

/** What a builder says and asks of the clock; that is `ahead` of the one of receipt, if that was set back. */
const aBuilder = (interval: Interval, options: KlineOptions = {}, ahead = 0) => {
  let now = TEN + ahead;
  const bars: Kline[] = [];
  const asked: number[] = [];
  const { accept, closeUntil } = klineBuilder(
    boundaryOf(interval),
    klineSettings({ forming: 'each', ...options }),
    TEN - HOUR,
    {
      emit: (kline) => bars.push(kline),
      closeAt: (time) => asked.push(time - TEN),
      beat: () => undefined,
      now: () => now,
      ahead: () => ahead,
    },
  );
  return {
    bars,
    asked,
    closeUntil: (time: number) => closeUntil(TEN + time),
    accept: (...events: readonly FeedEvent[]) => {
      for (const event of events) {
        now = Math.max(now, event.receivedAt + ahead);
        accept(event);
      }
    },
    last: () => bars.at(-1),
  };
};

describe('a first word whose time is not believed', () => {
  const stray = trade(24 * HOUR, 30 * SECOND);

  it('joins when it was received, where no link tells', () => {
    const { accept, last } = aBuilder('1m');
    accept(stray);
    expect(last()).toMatchObject({ openTime: TEN, coverage: 0.5 });
  });

  it('joins by the clock that closes bars, where that of receipt was set back', () => {
    const { accept, last } = aBuilder('1m', {}, 15 * SECOND);
    accept(stray);
    expect(last()).toMatchObject({ openTime: TEN, coverage: 0.25 });
  });

  it.each([
    ['of the link', live],
    ['of the first word', trade(0)],
  ])('leaves the join where it was, if that is %s', (_, first) => {
    const { accept, last } = aBuilder('1m');
    accept(first, trade(10 * SECOND), stray);
    expect(last()).toMatchObject({ openTime: TEN, trades: first.kind === 'trade' ? 3 : 2, coverage: 1 });
  });
});

describe('a stamp ahead right after the clock closed a bar', () => {
  it('is not believed', () => {
    const { accept, closeUntil, last } = aBuilder('1m');
    accept(trade(0), trade(1_000));
    closeUntil(61_000);
    accept(trade(24 * HOUR, 70_000));
    expect(last()).toMatchObject({ openTime: TEN + MINUTE, trades: 1 });
  });
});

describe('a stamp ahead that was believed, as nothing told that it is a stray', () => {
  /** Of a clock that stands still, so that nothing tells. */
  const ahead = (time: number): Trade => ({ ...trade(time, 0), receivedAt: TEN - 2 * HOUR });

  it('is counted in the bar of its time no longer, once a word comes on time', () => {
    const { accept, bars } = aBuilder('1m');
    accept(ahead(HOUR), trade(1_000), trade(2_000), trade(61_000));
    expect(bars.filter(({ closed }) => closed)).toMatchObject([{ openTime: TEN, trades: 2 }]);
    expect(bars.at(-1)).toMatchObject({ openTime: TEN + MINUTE, trades: 1 });
  });

  it('stays in a bar that holds both', () => {
    const { accept, last } = aBuilder('1h');
    accept(ahead(50 * MINUTE), trade(0));
    expect(last()).toMatchObject({ openTime: TEN, trades: 2 });
  });

  it('stays where it is after a late word, which tells nothing of it', () => {
    const { accept, last } = aBuilder('1m');
    accept(ahead(HOUR), trade(1_000, 6 * MINUTE), trade(HOUR + 1_000));
    expect(last()).toMatchObject({ openTime: TEN + HOUR, trades: 2 });
  });
});

describe('a symbol whose first word came late', () => {
  it('has its bar closed sooner, once others come on time', () => {
    const { accept, asked } = aBuilder('1m', { grace: 0 });
    accept(trade(1_000, 21_000));
    expect(asked).toEqual([80_000]);
    accept(trade(22_000), trade(23_000), trade(24_000), trade(25_000));
    expect(asked.at(-1)).toBe(60_000);
  });
});

describe('trades that are recovered after later ones', () => {
  it('do not make a live symbol one that is behind', () => {
    const { accept, asked, closeUntil } = aBuilder('1m', { grace: 0 });
    accept(trade(0, 0, { id: 10 }), trade(50_000, 50_000, { id: 20 }));
    closeUntil(61_000);
    const recovered = Array.from({ length: 8 }, (_, i) => trade(10_000 + i, 80_000 + i, { id: 11 + i }));
    accept(...recovered, trade(81_000, 81_000, { id: 21 }));
    expect(asked.at(-1)).toBe(120_000);
  });
});

describe('a bar of the vendor', () => {
  const bar = (receivedAt: number) =>
    aKline({ symbol, time: TEN, openTime: TEN, closeTime: TEN + MINUTE, receivedAt: TEN + receivedAt });

  it.each([
    ['while it forms', 30 * SECOND, 0, MINUTE],
    ['in the moment in which it ends', MINUTE, 0, MINUTE],
    ['long after it ended, which is of a feed so far behind', 15 * MINUTE, 0, 16 * MINUTE],
    ['after it ended, by the clock that was not set back', 30 * SECOND, 45 * SECOND, MINUTE + 75 * SECOND],
  ])('is due by the feed’s own clock, if first heard of %s', (_, receivedAt, ahead, due) => {
    const { accept, asked } = aBuilder('1m', { grace: 0 }, ahead);
    accept(live, bar(receivedAt));
    expect(asked).toEqual([due]);
  });
});

describe('a trade', () => {
  it.each<[string, Partial<Trade>]>([
    ['an id, a size and a figure', { id: 1, size: 5, volume: 100 }],
    ['no size and no figure', { size: undefined }],
  ])('counts once, with %s', (_, more) => {
    const { accept, last } = aBuilder('1m');
    const told = trade(1_000, 1_040, more);
    accept(trade(0), told, told);
    expect(last()).toMatchObject({ trades: 2 });
  });
});

import type { OperatorFunction } from 'rxjs';
import type { Kline } from '../../lib/model/marketEvent.js';
import { calendars } from '../../lib/model/calendar/calendars.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { onceClosed } from '../../lib/operators/klines/onceClosed.js';
import { resampleKlines } from '../../lib/operators/klines/resampleKlines.js';
import { toKlines } from '../../lib/operators/klines/toKlines.js';
import { orderBook } from '../../lib/operators/depth/orderBook.js';
import { topOfBook } from '../../lib/operators/depth/topOfBook.js';
import { aDepth, aTrade } from '../../lib/testing/builders.js';
import { again, link, made, one, served, switched, SYMBOL, trade, two } from './across.js';

const calendar = calendars.always;
const factsOf = ({ feed, openTime, open, high, low, close, volume, missedVolume, coverage, left }: Kline) => ({
  feed,
  openTime: openTime / 60,
  prices: [open, high, low, close],
  volume,
  missedVolume,
  coverage,
  left,
});
/** The same with a minute for each second. */
const slower = (events: readonly FeedEvent[]): readonly FeedEvent[] =>
  events.map((event) => {
    const hole = event.kind === 'switched' && event.hole;
    return {
      ...event,
      receivedAt: event.receivedAt * 60,
      ...('time' in event && { time: event.time * 60 }),
      ...(hole && { hole: { from: hole.from * 60, to: hole.to * 60 } }),
    };
  });
const closed = (events: readonly FeedEvent[], operator: OperatorFunction<FeedEvent, Kline>) =>
  made(slower(events), (feed$) => feed$.pipe(operator, onceClosed()), 1_200_000).map(factsOf);
const resampled = (events: readonly FeedEvent[]) =>
  closed(events, (feed$) => feed$.pipe(toKlines('1m', { calendar }), resampleKlines('3m', { calendar })));
/** What the same bars are of the trades themselves. */
const direct = (events: readonly FeedEvent[]) => closed(events, toKlines('3m', { calendar, forming: false }));

const before = [...link(one, 0), trade(one, 100, 10, 1), trade(one, 1_100, 12, 2), trade(one, 1_400, 11, 4)];
const after = [
  trade(two, 1_600, 9, 700),
  trade(two, 2_500, 13, 900),
  trade(two, 3_100, 14, 500),
  trade(two, 4_200, 14, 100),
  trade(two, 6_100, 14, 1),
  trade(two, 9_100, 14, 1),
];

describe('resampled bars across a switch', () => {
  it('are those of the trades: prices of both vendors, the volume of one, under the name of the one that serves', () => {
    const events = [...before, switched(two, one, 1_500), served(two, 0), ...after];
    const left = { feed: 'itick', volumeOf: 'itick' };
    expect(resampled(events).slice(0, 2)).toEqual([
      { feed: 'tickflow', openTime: 0, prices: [10, 13, 9, 13], volume: 7, missedVolume: 0, coverage: 1, left },
      {
        feed: 'tickflow',
        openTime: 3_000,
        prices: [14, 14, 14, 14],
        volume: 600,
        missedVolume: 0,
        coverage: 1,
        left: undefined,
      },
    ]);
    expect(resampled(events)).toEqual(direct(events));
  });

  it('add up where both lines are of one vendor, and count what neither had', () => {
    const events = [
      ...link(one, 0),
      trade(one, 100, 10, 1, 101),
      trade(one, 1_100, 12, 2, 103),
      switched(again, one, 1_500, { hole: { from: 1_100, to: 1_400 } }),
      served(again, 0),
      trade(again, 1_600, 9, 3, 110),
      trade(again, 2_500, 13, 5, 115),
      trade(again, 3_100, 14, 5, 120),
      trade(again, 6_100, 14, 5, 125),
    ];
    const [bar] = resampled(events);
    expect(bar).toMatchObject({ feed: 'itick:2', prices: [10, 13, 9, 13], volume: 11, missedVolume: 4, coverage: 0.9 });
    expect(bar).toEqual(direct(events)[0]);
  });

  it('go on where the switch comes when no bar is open', () => {
    const quiet = [...link(one, 0), trade(one, 100, 10, 1), trade(one, 1_100, 12, 2)];
    const rest = [
      trade(two, 7_100, 9, 50),
      trade(two, 8_100, 8, 60),
      trade(two, 9_100, 8, 1),
      trade(two, 12_500, 8, 1),
    ];
    const events = [...quiet, switched(two, one, 6_800), served(two, 0), ...rest];
    const bars = resampled(events);
    expect(bars.map(({ feed, openTime, volume }) => [feed, openTime, volume])).toEqual([
      ['itick', 0, 3],
      ['tickflow', 6_000, 110],
      ['tickflow', 9_000, 1],
      ['tickflow', 12_000, 1],
    ]);
  });

  it('have the volume of the first of three, and go back as they came', () => {
    const events = [
      ...before,
      switched(two, one, 1_500),
      served(two, 0),
      trade(two, 1_600, 9, 700),
      switched(one, two, 2_200, { from: 'secondary', to: 'primary' }),
      served(one, 0),
      trade(one, 2_300, 8, 5),
      trade(one, 3_100, 7, 6),
      trade(one, 6_100, 7, 6),
    ];
    const bars = resampled(events);
    expect(bars[0]).toMatchObject({ feed: 'itick', prices: [10, 12, 8, 8] });
    expect(bars[1]).toMatchObject({ feed: 'itick', openTime: 3_000, volume: 6, left: undefined });
  });
});

describe('bars of two vendors', () => {
  it('are never added up where one counts lots and the other one shares', () => {
    const lots = (at: number, size: number): FeedEvent =>
      aTrade({ ...one, symbol: SYMBOL, time: at, receivedAt: at, price: 10, size, sizeUnit: 'lots' });
    const shares = (at: number, size: number): FeedEvent =>
      aTrade({ ...two, symbol: SYMBOL, time: at, receivedAt: at, price: 10, size, sizeUnit: 'shares' });
    const events = [
      ...link(one, 0),
      lots(100, 3),
      lots(1_100, 4),
      switched(two, one, 1_500),
      served(two, 0),
      shares(1_600, 900),
      shares(2_100, 700),
      shares(3_100, 100),
    ];
    const bars = made(events, (feed$) => feed$.pipe(toKlines('1s', { calendar }), onceClosed()));
    expect(bars.map(({ openTime, volume }) => [openTime, volume])).toEqual([
      [0, 3],
      [1_000, 4],
      [2_000, 700],
    ]);
  });
});

describe('the top of a book across a switch', () => {
  const deep = (names: typeof one | typeof two, at: number, levels: number, price: number): FeedEvent =>
    aDepth({
      ...names,
      symbol: SYMBOL,
      time: at,
      receivedAt: at,
      bids: Array.from({ length: levels }, (_, n) => ({ price: price - n, size: 1 })),
      asks: Array.from({ length: levels }, (_, n) => ({ price: price + 1 + n, size: 1 })),
    });
  const events = [...link(one, 0), deep(one, 100, 10, 50), switched(two, one, 200), deep(two, 300, 5, 51)];

  it('is not valid until the other line has said its book', () => {
    const tops = made(events, (feed$) => feed$.pipe(orderBook(), topOfBook()));
    expect(tops.map(({ feed, valid, bid, ask }) => [feed, valid, bid?.price, ask?.price])).toEqual([
      ['itick', true, 50, 51],
      ['itick', false, 50, 51],
      ['tickflow', true, 51, 52],
    ]);
  });

  it('has the levels of the line that serves, and none of the other one', () => {
    const books = made(events, orderBook());
    expect(books.map(({ bids, asks }) => [bids.length, asks.length])).toEqual([
      [10, 10],
      [10, 10],
      [5, 5],
    ]);
    expect(books.at(-1)?.bids.map(({ price }) => price)).toEqual([51, 50, 49, 48, 47]);
  });
});

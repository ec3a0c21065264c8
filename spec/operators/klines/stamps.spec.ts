import { map, of, pipe, type OperatorFunction } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { chartBars } from '../../../lib/operators/klines/chartBars.js';
import { boundaryOf } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { klineSettings } from '../../../lib/operators/klines/KlineOptions.js';
import { resampleKlines } from '../../../lib/operators/klines/resampleKlines.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { disconnected } from '../../share/linkEvents.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { barsOf, lastWords, MINUTE, SECOND, symbol } from './aTape.js';

const TEN = Date.parse('2026-03-05T10:00Z');
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;

/** An event that is stamped so many ms after ten, and received so many after ten. */
type At = (time: number, receivedAt: number, price: number, more?: object) => FeedEvent;
const quote: At = (time, receivedAt, price) =>
  aQuote({ symbol, time: TEN + time, receivedAt: TEN + receivedAt, last: price });
const trade: At = (time, receivedAt, price, more) =>
  aTrade({ symbol, time: TEN + time, receivedAt: TEN + receivedAt, price, ...more });

describe.each([
  ['quotes', quote],
  ['trades', trade],
])('one stamp in the future, of %s', (_, at) => {
  const stray = (ahead: number) => [
    ...[at(1_000, 1_000, 10), at(ahead, 2_000, 11), at(3_000, 3_000, 12), at(65_000, 65_000, 13)],
    ...[at(125_000, 125_000, 14)],
  ];
  const bars = (events: readonly FeedEvent[], options?: Parameters<typeof klineSettings>[0]) =>
    lastWords(barsOf(events, '1m', options)).map(({ openTime, open, high, close }) => [
      (openTime - TEN) / MINUTE,
      ...[open, high, close],
    ]);
  const right = [
    [0, 10, 12, 12],
    [1, 13, 13, 13],
    [2, 14, 14, 14],
  ];

  it.each([5 * MINUTE, HOUR, 6.5 * HOUR, 24 * HOUR, YEAR, 1e15, 1.795e18, Infinity, NaN])(
    'stops no symbol: %d',
    (ahead) => {
      expect(bars(stray(ahead))).toEqual(right);
      expect(bars(stray(ahead), { late: 'drop' })).toEqual(right);
      expect(bars(stray(ahead), { late: 'report', empty: 'carry' })).toEqual(right);
    },
  );

  it('closes each bar once, and no bar of another time', () => {
    const closed = barsOf(stray(HOUR), '1m', { empty: 'carry' }).filter((bar) => bar.closed);
    expect(closed.map(({ openTime, revision }) => [(openTime - TEN) / MINUTE, revision])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('does not hold the close of a long bar', () => {
    expect(lastWords(barsOf(stray(6 * HOUR), '1d'))).toMatchObject([{ open: 10, close: 14, time: TEN + 125_000 }]);
  });

  it('stops no chart', () => {
    const times: number[] = [];
    of(...stray(HOUR))
      .pipe(toKlines('1m', { forming: 'each' }), chartBars())
      .subscribe(({ time }) => times.push(time - TEN / 1_000));
    expect(times).toEqual([0, 0, 0, 0, 60, 60, 120]);
  });

  it('is none where the clock of the machine is minutes off', () => {
    const off = (minute: number) => [0, 65, 125, 190].map((s) => at(minute * MINUTE + s * SECOND, s * SECOND, 1 + s));
    expect(bars(off(10)).map(([minute]) => minute)).toEqual([10, 11, 12, 13]);
    expect(bars(off(-10)).map(([minute]) => minute)).toEqual([-10, -9, -8, -7]);
  });

  it('is none where the clock of the machine is set back', () => {
    const before = [0, 65, 125].map((s) => at(s * SECOND, s * SECOND, 1 + s));
    const after = [190, 250, 310].map((s) => at(s * SECOND, s * SECOND - HOUR, s));
    expect(bars([...before, ...after]).map(([minute]) => minute)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is none after a silence', () => {
    expect(bars([at(0, 0, 1), at(5 * HOUR, 5 * HOUR, 2)]).map(([minute]) => minute)).toEqual([0, 300]);
  });

  it('is found out also as the first word of a day', () => {
    const early = Array.from({ length: 3 }, (_, i) => at(6.5 * HOUR, i * 30 * SECOND, 9));
    const bars$ = barsOf([...early, at(90_500, 91_000, 10), at(151_000, 151_000, 11)], '1m');
    const closed = bars$.filter(({ closed }) => closed);
    expect(closed.at(-1)).toMatchObject({ openTime: TEN + MINUTE, close: 10 });
    expect(bars$.at(-1)).toMatchObject({ openTime: TEN + 2 * MINUTE, close: 11 });
  });
});

describe('events made by hand', () => {
  const times = [0, 61_000, 5 * MINUTE, 3 * HOUR, 30 * HOUR];
  const minutesOf = (bars: readonly Kline[], start = 0) =>
    lastWords(bars).map(({ openTime }) => (openTime - start) / MINUTE);
  const right = [0, 1, 5, 180, 1_800];

  it.each([
    ['without times of receipt', 0, () => 0],
    ['without times of receipt, of today', TEN, () => 0],
    ['with one time of receipt', TEN, () => TEN],
    ['with times of receipt that count', 0, (i: number) => i],
    ['with times of receipt of another clock', TEN, (i: number) => i * 2_000],
  ])('are taken at their word: %s', (_, start, receivedAt) => {
    const events = times.map((time, i) => aTrade({ symbol, time: start + time, receivedAt: receivedAt(i) }));
    expect(minutesOf(barsOf(events, '1m', { horizon: 10 }), start)).toEqual(right);
  });

  it('make no bars for a year that they leap', () => {
    const events = [0, 1_000, YEAR].map((time) => aTrade({ symbol, time }));
    const bars = barsOf(events, '1m', { empty: 'carry', horizon: 10_000 });
    expect(bars.length).toBeLessThan(1_500);
    expect(minutesOf(bars).at(-1)).toBe(YEAR / MINUTE);
  });

  it('carry through hours that passed', () => {
    const events = [0, 3 * HOUR].map((time) => aTrade({ symbol, time, receivedAt: time }));
    expect(minutesOf(barsOf(events, '1m', { empty: 'carry' }))).toHaveLength(181);
  });
});

describe('a vendor’s bar of the future', () => {
  const bar = (minute: number, at: number) =>
    aKline({ symbol, receivedAt: TEN + at, openTime: TEN + minute * MINUTE, closeTime: TEN + (minute + 1) * MINUTE });

  it('stops no symbol', () => {
    const events = [bar(0, 1_000), bar(60, 2_000), bar(NaN, 2_500), bar(1e13, 2_600), bar(1, 61_000), bar(2, 121_000)];
    expect(lastWords(barsOf(events, '1m')).map(({ openTime }) => (openTime - TEN) / MINUTE)).toEqual([0, 1, 2]);
  });
});

describe('a zero with a sign', () => {
  const zeros = { time: -0, receivedAt: -0, volume: -0 };
  const events = [
    aTrade({ symbol, ...zeros, price: -0, size: -0 }),
    aTrade({ symbol, ...zeros, price: -0, size: 1 }),
    aKline({ ...zeros, symbol: 'ETHUSDT.BA', openTime: -0, high: -0, turnover: -0, trades: -0, missedVolume: -0 }),
  ];

  it.each([
    ['toKlines', toKlines('1m', { forming: 'each' })],
    ['resampleKlines', pipe(toKlines('1m', { forming: 'each' }), resampleKlines('5m'))],
    ['toKlines by count', toKlines({ ticks: 2 }, { forming: 'each' })],
  ])('comes out as the one zero that JSON has: %s', (_, operator: OperatorFunction<FeedEvent, object>) => {
    const bars: object[] = [];
    of(...events)
      .pipe(operator)
      .subscribe((bar) => bars.push(bar));
    expect(bars.length).toBeGreaterThan(0);
    for (const bar of bars) expect(Object.entries(bar).filter(([, value]) => Object.is(value, -0))).toEqual([]);
  });
});

describe('a vendor’s bar of the seventies', () => {
  const seventies = { symbol, openTime: 60_000, closeTime: 120_000 };

  it.each([NaN, undefined, null, 'now'])('is none, whatever it says of its receipt: %p', (receivedAt) => {
    const event = { ...aKline(seventies), receivedAt } as Kline;
    const bars: Kline[] = [];
    const outlet = { emit: (kline: Kline) => bars.push(kline), closeAt: () => 0, beat: () => 0, now: () => TEN };
    const builder = klineBuilder(boundaryOf('1m'), klineSettings({ empty: 'carry' }), TEN, outlet);
    builder.accept(event);
    builder.closeUntil(TEN + HOUR);
    expect(bars).toEqual([]);
  });
});

describe('a feed that is behind', () => {
  const BEHIND = 15 * MINUTE;
  const letters = 'abdefghijklm';
  /** Twelve trades in a minute, received a quarter of an hour later. */
  const values = Object.fromEntries(
    letters
      .split('')
      .map((letter, i) => [letter, { kind: 'trade', symbol, price: 10 + i, time: 1 + i * 5_000 }] as const),
  );
  const drawing = (start: string) => `${start} c${letters.split('').join(' 4999ms ').replace('a ', 'a ')}`;
  const shown = pipe(
    map(
      ({ openTime, trades, coverage, revision }: Kline) => `${openTime / MINUTE}: ${trades} ${coverage} r${revision}`,
    ),
  );

  it(
    'closes a bar by its own clock, with all its trades',
    marbles(({ feed, expectObservable }) => {
      const feed$ = feed(drawing('899999ms'), values);
      const bars$ = feed$.pipe(toKlines('1m', { forming: false }), shown);
      expectObservable(bars$).toBe(`${BEHIND + 60_999}ms k`, { k: '0: 12 1 r0' });
    }),
  );

  it.each([BEHIND, BEHIND + 30_000])('closes it by the delay it is given: %d', (delay) =>
    marbles(({ feed, expectObservable }) => {
      const bars$ = feed(drawing('899999ms'), values).pipe(
        toKlines('1m', { forming: false, delay }),
        map(({ trades }) => trades),
      );
      expectObservable(bars$).toBe(`${delay + 61_000}ms k`, { k: 12 });
    })(),
  );

  it.each([
    ['quotes', quote],
    ['trades', trade],
  ])('is not stopped by a stamp that is ahead of its others, though not of the clock: %s', (_, at) => {
    const events = Array.from({ length: 50 }, (_, i) => at(i * 5_000, BEHIND + i * 5_000, 10));
    for (const ahead of [2, 10, 15, 30, 44, 60]) {
      const stray = at(31_000 + ahead * MINUTE, BEHIND + 31_000, 11, { size: 1 });
      const bars = barsOf([...events.slice(0, 7), stray, ...events.slice(7)], '1m', { late: 'drop' });
      const closed = bars.filter(({ closed }) => closed).map(({ openTime, high }) => [(openTime - TEN) / MINUTE, high]);
      expect(closed).toEqual([
        [0, 11],
        [1, 10],
        [2, 10],
        [3, 10],
      ]);
    }
  });

  it.each([
    ['quotes', quote],
    ['trades', trade],
  ])('may be behind no more, as a few stamps that advance show: %s', (_, at) => {
    const behind = Array.from({ length: 13 }, (_, i) => at(i * 5_000, BEHIND + i * 5_000, 10));
    const live = Array.from({ length: 30 }, (_, i) => at(BEHIND + 65_000 + i * 5_000, BEHIND + 65_000 + i * 5_000, 11));
    const closed = barsOf([...behind, ...live], '1m').filter(({ closed }) => closed);
    expect(closed.map(({ openTime }) => (openTime - TEN) / MINUTE)).toEqual([0, 1, 16, 17]);
  });

  it('has its holes where they were', () => {
    const at = (time: number) => aTrade({ symbol, time: TEN + time, receivedAt: TEN + time + BEHIND });
    const link = { provider: 'test', attempt: 1 };
    const events: FeedEvent[] = [
      { ...link, kind: 'connected', receivedAt: TEN + BEHIND - MINUTE, resumed: undefined },
      ...[at(1_000), at(60_000)],
      { ...disconnected, receivedAt: TEN + BEHIND + 70_000 },
      {
        ...link,
        kind: 'connected',
        receivedAt: TEN + BEHIND + 80_000,
        resumed: { from: TEN + BEHIND + 65_000, to: TEN + BEHIND + 80_000 },
      },
      ...[at(90_000), at(125_000)],
    ];
    expect(lastWords(barsOf(events, '1m')).map(({ coverage }) => coverage)).toEqual([1, 0.75, 1]);
  });

  it('is not told by a trade that is late, or by one that is not', () => {
    const at = (time: number, behind: number) => aTrade({ symbol, time, receivedAt: time + behind });
    const dueAfter = (...events: readonly FeedEvent[]): number => {
      const outlet = { emit: () => undefined, closeAt: () => undefined, beat: () => undefined };
      const builder = klineBuilder(boundaryOf('1m'), klineSettings(), 0, outlet);
      events.forEach(builder.accept);
      return builder.closeUntil(0) - 241_000;
    };
    const [live, behind] = [0, 1, 2, 3]
      .map((i) => at(TEN + i * MINUTE, 50 * i))
      .reduce<FeedEvent[][]>(
        ([a = [], b = []], event) => [
          [...a, event],
          [...b, { ...event, receivedAt: event.receivedAt + BEHIND }],
        ],
        [[], []],
      ) as [FeedEvent[], FeedEvent[]];
    expect(dueAfter(...live) - TEN).toBe(0);
    expect(dueAfter(...live, at(TEN + 3.5 * MINUTE, 40_000)) - TEN).toBe(0);
    expect(dueAfter(...behind) - TEN).toBe(BEHIND);
    expect(dueAfter(...behind, at(TEN + 3.5 * MINUTE, 0)) - TEN).toBe(BEHIND);
    expect(dueAfter(...behind, at(TEN + 3.5 * MINUTE, BEHIND + 40_000)) - TEN).toBe(BEHIND);
    // The last close of yesterday, said again, is no delay.
    expect(dueAfter(at(TEN - 12 * HOUR, 12 * HOUR), at(TEN + 3 * MINUTE, 0)) - TEN).toBe(0);
  });

  it.each([-1, NaN, Infinity, 'late'])('refuses a delay of %p', (delay) => {
    expect(() => toKlines('1m', { delay: delay as number })).toThrow(InvalidOption);
    expect(() => toKlines({ ticks: 2 }, { delay: delay as number })).toThrow(InvalidOption);
    expect(() => resampleKlines('5m', { delay: delay as number })).toThrow(InvalidOption);
  });
});

describe('resampleKlines', () => {
  it.each<[Interval, Interval]>([
    ['1w', '1M'],
    ['1h', '1m'],
    ['1d', '4h'],
    ['1M', '1w'],
    ['15m', '5m'],
  ])('fails at bars of %s where it makes bars of %s', (part, whole) => {
    const errors: unknown[] = [];
    of(aKline({ interval: part }))
      .pipe(resampleKlines(whole))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([
      new InvalidOption('interval', whole, `bars of ${part} do not fit into it; resample shorter ones`),
    ]);
  });

  it.each<[Interval, Interval]>([
    ['1m', '1m'],
    ['5m', '15m'],
    ['1h', '4h'],
    ['4h', '1d'],
    ['1m', '1M'],
    ['1d', '1w'],
    ['1d', '1M'],
    ['1w', '1w'],
  ])('makes of bars of %s those of %s', (part, whole) => {
    const bars: Kline[] = [];
    of(aKline({ interval: part }))
      .pipe(resampleKlines(whole))
      .subscribe((bar) => bars.push(bar));
    expect(bars).toMatchObject([{ interval: whole }]);
  });

  it(
    'closes the bars of a feed that is behind by its clock',
    marbles(({ hot, expectObservable }) => {
      const part = aKline({ symbol, time: 1_000, receivedAt: 901_000, openTime: 0, closeTime: MINUTE, closed: true });
      const bars$ = hot('901s a', { a: part }).pipe(
        resampleKlines('5m', { forming: false }),
        map(({ close }) => close),
      );
      expectObservable(bars$).toBe('1202s k', { k: 100 });
    }),
  );
});

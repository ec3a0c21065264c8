import {
  conflate,
  mergeQuotes,
  ofKind,
  quotes,
  resampleKlines,
  toKlines,
  trades,
  InvalidOption,
  type FeedEvent,
  type Interval,
  type Kline,
  type KlineOptions,
  type Quote,
} from '../../lib/index.js';
import { connectedAt, disconnectedAt, inChina, quoteAt, tradeAt } from './events.js';
import { barsOf, heard, HOUR, MINUTE, ran, SECOND, sumOf, unitsOf } from './stage.js';
import { itickSaying, tickflowSaying } from './vendors.js';

const sh = '600000.SH';
const hk = '700.HK';
const us = 'AAPL.US';
const thursday = (clock: string) => inChina(`2026-01-15 ${clock}`);
const friday = (clock: string) => inChina(`2026-01-16 ${clock}`);
const bars = (interval: Interval, events: readonly FeedEvent[], options: KlineOptions = {}) =>
  barsOf(events, toKlines(interval, { forming: 'each', ...options }));
const truths = (list: readonly Kline[]) => list.map(({ volume, missedVolume }) => volume + missedVolume);

describe('the trading day', () => {
  const night = [
    [thursday('14:00:00'), 900],
    [thursday('14:59:58'), 1_000],
    [friday('09:31:00'), 1_500],
    [friday('09:32:00'), 1_600],
  ] as const;

  it.each([sh, hk])('comes from the calendar and the time, not from the figures: quotes of %s', (symbol) => {
    const events = night.map(([at, volume]) => quoteAt(symbol, at, 10, { volume, turnover: 10 * volume }));
    expect(bars('1d', events)).toMatchObject([
      { volume: 100, turnover: 1_000 },
      { volume: 1_600, turnover: 16_000, missedVolume: 0 },
    ]);
    expect(truths(bars('1m', events))).toEqual([0, 100, 1_500, 100]);
  });

  it('comes from the calendar and the time: trades with figures, with and without sizes', () => {
    const figures = night.map(([at, volume]) => tradeAt(us, at + 13 * HOUR, 10, { volume }));
    expect(truths(bars('1d', figures))).toEqual([100, 1_600]);
    const sizes = [900, 100, 1_500, 100];
    const both = night.map(([at, volume], i) => tradeAt(sh, at, 10, { volume, size: sizes[i]! }));
    expect(truths(bars('1d', both))).toEqual([1_000, 1_600]);
  });

  it('comes from the calendar and the time in bars by volume too', () => {
    const events = night.map(([at, volume]) => tradeAt(sh, at, 10, { volume }));
    const counted = barsOf(events, toKlines({ volume: 1e9 }, { forming: 'each' }));
    expect(truths(counted as unknown as Kline[])).toEqual([100, 1_600]);
  });

  it('comes from the calendar and the time by TickFlow and by iTick', () => {
    const span = { from: thursday('14:00'), until: friday('09:40') };
    const daily = toKlines('1d', { forming: 'each' });
    const items = night.map(
      ([timestamp, volume]) =>
        [timestamp + 100, { symbol: sh, last_price: 10, volume, amount: 100 * volume, timestamp }] as const,
    );
    const rows = night.map(([t, v]) => [t + 100, { s: '600000', r: 'SH', ld: 10, v, t, type: 'tick' }] as const);
    const tickflowBars = ran((at) => tickflowSaying(at, { topics: quotes(sh) }, items).pipe(daily), span).values;
    const itickBars = ran((at) => itickSaying(at, { topics: trades(sh) }, rows).pipe(daily), span).values;
    expect(tickflowBars.at(-1)).toMatchObject({ volume: 1_600, turnover: 160_000 });
    expect(truths([itickBars.at(-1)!])).toEqual([1_600]);
  });

  it('that began off line has what it missed, and loses nothing', () => {
    const said = night.map(([at, volume]) => quoteAt(sh, at, 10, { volume }));
    const events = [
      connectedAt(thursday('09:00')),
      ...said.slice(0, 2),
      disconnectedAt(thursday('15:30')),
      connectedAt(friday('09:30:30'), { from: thursday('15:30') }),
      ...said.slice(2),
    ];
    const [first, second] = bars('1d', events);
    expect(first).toMatchObject({ volume: 1_000 });
    expect(second!.volume + second!.missedVolume).toBe(1_600);
    expect(second!.missedVolume).toBe(1_500);
  });

  it('that ends by a fall of the figures begins anew where the calendar is silent', () => {
    const symbol = 'XAUUSD.GB';
    const events = [500, 520, 3, 8].map((volume, i) => tradeAt(symbol, thursday('10:00') + i * MINUTE, 10, { volume }));
    expect(truths(bars('1m', events))).toEqual([0, 20, 3, 5]);
  });

  it('goes on over lunch', () => {
    const events = [
      quoteAt(sh, thursday('11:29:58'), 10, { volume: 500 }),
      quoteAt(sh, thursday('13:00:03'), 11, { volume: 520 }),
    ];
    expect(truths(bars('1d', events))).toEqual([20]);
    expect(truths(bars('1m', events))).toEqual([0, 20]);
  });
});

describe('a small fall of a cumulative figure', () => {
  const day = { high: 110, low: 90, open: 100 };

  it.each([
    [50, 100, 99, 101],
    [5, 10, 9, 11],
    [1, 5, 1, 6],
    [1, 3, 2, 4],
  ])('counts nothing twice: %d, %d, %d, %d', (...volumes) => {
    const growth = volumes[3] - volumes[0];
    const quoted = volumes.map((volume, i) =>
      quoteAt(sh, thursday('10:00') + i, 100, { volume, turnover: volume * 100 }),
    );
    expect(bars('1m', quoted)).toMatchObject([{ volume: growth, turnover: growth * 100, missedVolume: 0 }]);
    const traded = volumes.map((volume, i) => tradeAt(sh, thursday('10:00') + i, 100, { volume }));
    expect(truths(bars('1m', traded))).toEqual([growth]);
  });

  it.each([
    [[500, 490, 495], 5],
    [[500, 505, 490, 495], 5],
    [[500, 505, 490, 480, 495], 15],
    [[0.5, 0.7, 0.6, 0.8], 0.3],
  ])('what fell is paid by what comes, as far as it was counted: %j', (volumes, growth) => {
    const quoted = volumes.map((volume, i) => quoteAt(sh, thursday('10:00') + i, 100, { volume, turnover: volume }));
    expect(bars('1m', quoted)).toMatchObject([{ volume: growth, turnover: growth, missedVolume: 0 }]);
  });

  it('is a correction, and the minute keeps its own high and low', () => {
    const events = [10, 9].map((volume, i) => quoteAt(sh, thursday('10:00') + i, 100, { volume, ...day }));
    expect(bars('1m', events)).toMatchObject([{ high: 100, low: 100, volume: 0, missedVolume: 0 }]);
    expect(bars('5m', events)).toMatchObject([{ high: 100, low: 100, volume: 0, missedVolume: 0 }]);
  });

  it('keeps the spike of merged quotes', () => {
    const spike = quoteAt(sh, 1, 105, { volume: 10 });
    const corrected = quoteAt(sh, 2, 100, { volume: 9 });
    expect(mergeQuotes(spike, corrected)).toMatchObject({ last: 100, high: 105, low: 100 });
    const { values } = heard([spike, corrected], (feed$) =>
      feed$.pipe(ofKind('quote'), conflate<Quote>({ every: 250, merge: mergeQuotes })),
    );
    expect(values).toMatchObject([{ high: 105, low: 100, merged: 2 }]);
  });

  it('keeps no spike of the day before in merged quotes', () => {
    const yesterday = quoteAt(sh, thursday('14:59:58'), 105, { volume: 10 });
    for (const volume of [1, 9, 1_500]) {
      const today = quoteAt(sh, friday('09:30:01'), 100, { volume });
      expect(mergeQuotes(yesterday, today)).not.toMatchObject({ high: 105 });
    }
  });
});

describe('the first bar of a day made of quotes', () => {
  const day = { open: 10.02, high: 10.05, low: 9.95 };
  const cached = quoteAt(sh, thursday('15:00:00'), 9.9, { volume: 5_000, open: 9, high: 11, low: 8 });
  const first = quoteAt(sh, friday('09:30:03'), 10, { volume: 50, ...day });

  it.each(['1m', '5m', '1d'] as const)('uses its open, high and low: %s', (interval) => {
    const events = [{ ...cached, receivedAt: friday('09:20:00') }, first];
    expect(bars(interval, events).at(-1)).toMatchObject({ open: 10.02, high: 10.05, low: 9.95, close: 10, volume: 50 });
    const live = [cached, first];
    expect(bars(interval, live).at(-1)).toMatchObject({ open: 10.02, high: 10.05, low: 9.95, close: 10, volume: 50 });
  });

  it('uses its open, high and low after a zero quote', () => {
    const events = [quoteAt(sh, friday('09:20:00'), 0, { volume: 0 }), first];
    expect(bars('1m', events)).toMatchObject([{ open: 10.02, high: 10.05, low: 9.95, close: 10, volume: 50 }]);
  });

  it('uses its open, high and low by TickFlow and by iTick', () => {
    const span = { from: friday('09:20'), until: friday('09:32') };
    const minutes = toKlines('1m', { forming: 'each' });
    const item = {
      symbol: sh,
      last_price: 9.9,
      volume: 5_000,
      open: 9,
      high: 11,
      low: 8,
      timestamp: thursday('15:00'),
    };
    const fresh = { symbol: sh, last_price: 10, volume: 50, ...day, timestamp: friday('09:30:03') };
    const row = { s: '600000', r: 'SH', type: 'quote' };
    const tickflowBars = ran(
      (at) =>
        tickflowSaying(at, { topics: quotes(sh) }, [
          [friday('09:20:01'), item],
          [friday('09:30:03') + 100, fresh],
        ]).pipe(minutes),
      span,
    ).values;
    const itickBars = ran(
      (at) =>
        itickSaying(at, { topics: quotes(sh) }, [
          [friday('09:20:01'), { ...row, ld: 9.9, v: 5_000, o: 9, h: 11, l: 8, t: thursday('15:00') }],
          [friday('09:30:03') + 100, { ...row, ld: 10, v: 50, o: 10.02, h: 10.05, l: 9.95, t: friday('09:30:03') }],
        ]).pipe(minutes),
      span,
    ).values;
    for (const list of [tickflowBars, itickBars]) {
      expect(list.at(-1)).toMatchObject({ open: 10.02, high: 10.05, low: 9.95, close: 10 });
    }
  });
});

describe('a delayed feed', () => {
  const delay = 15 * MINUTE;
  const symbol = 'BTCUSDT.BA';
  const from = 1_768_442_400_000;
  const twelve = Array.from({ length: 13 }, (_, i) => ({
    ...tradeAt(symbol, from + i * 5 * SECOND, 10 + i, { size: 1 }),
    receivedAt: from + i * 5 * SECOND + delay,
  }));
  const closings = (events: readonly FeedEvent[], options?: KlineOptions) =>
    heard(events, toKlines('1m', options)).values.filter(({ closed }) => closed);

  it('has a bar of twelve trades that says 12 at its first close', () => {
    for (const options of [undefined, { forming: false as const }, { delay: 'measured' } as KlineOptions]) {
      expect(closings(twelve, options)[0]).toMatchObject({ openTime: from, trades: 12, volume: 12, revision: 0 });
      expect(closings(twelve, options).filter(({ openTime }) => openTime === from)).toHaveLength(1);
    }
    expect(closings(twelve, { delay })[0]).toMatchObject({ trades: 12, revision: 0 });
  });

  it('closes its last bar by its own clock', () => {
    const { values, times } = heard(twelve.slice(0, 12), toKlines('1m'), { wait: 20 * MINUTE });
    const index = values.findIndex(({ closed }) => closed);
    expect(values[index]).toMatchObject({ trades: 12 });
    expect(times[index]! - (from + MINUTE + delay)).toBeGreaterThanOrEqual(0);
    expect(times[index]! - (from + MINUTE + delay)).toBeLessThanOrEqual(MINUTE);
  });

  it('of quotes, and resampled, says all at its first close', () => {
    const quoted = twelve.map(({ time, receivedAt, price }, i) => ({
      ...quoteAt(symbol, time, price, { volume: 100 + i }),
      receivedAt,
    }));
    expect(closings(quoted)[0]).toMatchObject({ openTime: from, high: 21, volume: 11, revision: 0 });
    const long = Array.from({ length: 61 }, (_, i) => ({
      ...tradeAt(symbol, from + i * 5 * SECOND, 10, { size: 1 }),
      receivedAt: from + i * 5 * SECOND + delay,
    }));
    const larger = heard(long, (feed$) => feed$.pipe(toKlines('1m'), resampleKlines('5m')));
    const closed = larger.values.filter((bar) => bar.closed);
    expect(closed[0]).toMatchObject({ openTime: from, trades: 60, revision: 0 });
  });
});

describe('parts that do not nest', () => {
  const part = (interval: Interval) =>
    ({ ...bars('1m', [tradeAt('BTCUSDT.BA', 1, 10, { size: 1 })])[0]!, interval }) as Kline;

  it.each([
    ['1w', '1M'],
    ['1h', '1m'],
    ['1d', '1h'],
    ['2h', '1h'],
    ['1M', '1w'],
    ['3d', '1w'],
    ['3d', '1M'],
    ['1w', '3d'],
    ['4h', '6h'],
    ['3m', '5m'],
    ['1d', '12h'],
  ] as const)('are refused: %s to %s', (from, to) => {
    const made = heard([part(from)], resampleKlines(to) as never);
    expect(made.error).toBeInstanceOf(InvalidOption);
    expect(made.values).toEqual([]);
  });

  it.each([
    ['1m', '5m'],
    ['5m', '15m'],
    ['1d', '1w'],
    ['1d', '1M'],
    ['30m', '1h'],
    ['1s', '1m'],
    ['3m', '15m'],
    ['4h', '12h'],
    ['12h', '3d'],
    ['1d', '3d'],
  ] as const)('and those that do are not: %s to %s', (from, to) => {
    const made = heard([part(from)], resampleKlines(to) as never);
    expect(made.error).toBeUndefined();
  });
});

it('the sum over a day is exact', () => {
  const events = [0.1, 0.2, 0.3].map((size, i) => tradeAt('BTCUSDT.BA', i + 1, 10, { size }));
  expect(sumOf(bars('1m', events).map(({ volume }) => volume))).toBe(unitsOf(0.6));
});

describe('the first figure of a day, of a symbol that sends trades', () => {
  const before = [
    quoteAt(sh, thursday('14:00'), 10, { volume: 1_000 }),
    tradeAt(sh, thursday('14:00') + SECOND, 10, { size: 10 }),
  ];
  const figure = quoteAt(sh, friday('09:31'), 10, { volume: 1_500 });
  const trade = tradeAt(sh, friday('09:31'), 10, { size: 10 });

  it.each([
    ['before its trade', [figure, trade]],
    ['behind its trade', [trade, figure]],
  ])('proves what was missed, %s', (_name, events) => {
    for (const interval of ['1m', '1d'] as const)
      expect(bars(interval, [...before, ...events]).at(-1)).toMatchObject({ volume: 10, missedVolume: 1_490 });
  });

  it('holds no trade that is later', () => {
    const later = tradeAt(sh, friday('09:31') + SECOND, 10, { size: 10 });
    expect(bars('1m', [...before, figure, later]).at(-1)).toMatchObject({ volume: 10, missedVolume: 1_500 });
  });

  it.each([{ ticks: 2 }, { volume: 50 }])('counts from zero in bars by count too: %j', (length) => {
    const figured = [tradeAt(sh, thursday('14:00'), 10, { size: 10, volume: 500 }), { ...trade, volume: 1_500 }];
    expect(barsOf(figured, toKlines(length)).at(-1)).toMatchObject({ volume: 10, missedVolume: 1_490 });
  });

  it('holds what it says, though it lags the trades that were seen', () => {
    const at = friday('10:00');
    const quoted = (time: number, volume: number) => ({ ...quoteAt(sh, time, 10, { volume }), receivedAt: at + 5 });
    const traded = [0, 1, 10].map((after) => tradeAt(sh, at + after, 10, { size: 1 }));
    const lagging = [traded[0]!, traded[1]!, quoted(at, 1), quoted(at + 1, 2), traded[2]!];
    const events = [...lagging, quoteAt(sh, at + 10, 10, { volume: 3 })];
    expect(bars('1m', events)).toMatchObject([{ volume: 3, missedVolume: 0 }]);
  });

  it('holds volume without a price that came before the first bar', () => {
    const [at, later] = [friday('09:30:01'), friday('13:00:01')];
    const live = connectedAt(thursday('20:00'));
    const late = tradeAt(sh, at, 10, { size: 1, volumeOnly: true });
    const rest = [tradeAt(sh, later, 10, { size: 1 }), quoteAt(sh, later, 10, { volume: 2 })];
    const events = [live, late, quoteAt(sh, at, 10, { volume: 1 }), ...rest];
    expect(bars('1m', events)).toMatchObject([{ volume: 2, missedVolume: 0 }]);
    const yesterday = { ...late, time: thursday('14:00'), receivedAt: thursday('20:00') + 1 };
    expect(bars('1d', [live, yesterday, ...rest])).toMatchObject([{ volume: 1, missedVolume: 1 }]);
  });
});

it.each(['quotes', 'trades'])('a correction right after a loss does not use it up: %s', (kind) => {
  const say = (at: number, volume: number): FeedEvent =>
    kind === 'quotes' ? quoteAt(sh, at, 10, { volume }) : tradeAt(sh, at, 10, { volume });
  const at = thursday('10:00:00');
  const events = [
    connectedAt(at - SECOND),
    say(at, 100),
    say(at + SECOND, 120),
    disconnectedAt(at + 2 * SECOND),
    connectedAt(at + 3 * SECOND, { from: at + 2 * SECOND }),
    say(at + 4 * SECOND, 117),
    say(at + 5 * SECOND, 160),
    say(at + 6 * SECOND, 165),
  ];
  expect(bars('1m', events)).toMatchObject([{ volume: 25, missedVolume: 40 }]);
});

import { of } from 'rxjs';
import {
  chartBars,
  depths,
  imbalance,
  mergeQuotes,
  microprice,
  mid,
  orderBook,
  quotes,
  spread,
  staleness,
  sweepCost,
  toKlines,
  topOfBook,
  trades,
  type FeedEvent,
  type Kline,
  type KlineOptions,
  type Level,
} from '../../lib/index.js';
import { connectedAt, depthAt, inChina, quoteAt, tradeAt } from './events.js';
import { barsOf, DAY, heard, HOUR, MINUTE, ran, SECOND } from './stage.js';
import { itickSaying, tickflowSaying } from './vendors.js';

const sh = '600000.SH';
const btc = 'BTCUSDT.BA';
const open = inChina('2026-01-15 10:00');
const minutes = (events: readonly FeedEvent[], options: KlineOptions = {}) =>
  barsOf(events, toKlines('1m', { forming: 'each', ...options }));
const ohlcv = ({ open, high, low, close, volume }: Kline) => [open, high, low, close, volume];

describe('what is no price', () => {
  it('"nothing yet" of a quote opens no bar', () => {
    const bars = minutes([
      quoteAt(sh, open, 0, { volume: 0 }),
      quoteAt(sh, open + 1, 10, { volume: 5 }),
      quoteAt(sh, open + 2, 11, { volume: 6 }),
    ]);
    expect(bars).toMatchObject([{ open: 10, low: 10, high: 11, volume: 6 }]);
  });

  it('"nothing yet" opens no bar of five minutes, nor of a day', () => {
    for (const interval of ['5m', '1d'] as const) {
      const events = [quoteAt(sh, open, 0, { volume: 0 }), quoteAt(sh, open + 1, 10, { volume: 5 })];
      expect(barsOf(events, toKlines(interval))).toMatchObject([{ open: 10, low: 10, volume: 5 }]);
    }
  });

  it('"nothing yet" makes no bar by itself', () => {
    expect(minutes([quoteAt(sh, open, 0, { volume: 0 })])).toEqual([]);
    expect(minutes([quoteAt(btc, 1, 0, { volume: 0, open: 0, high: 0, low: 0 })])).toEqual([]);
  });

  it('the previous close with volume 0 makes no bar', () => {
    expect(minutes([quoteAt(sh, open, 9.8, { previousClose: 9.8, volume: 0 })])).toEqual([]);
    const bars = minutes([
      quoteAt(sh, open, 9.8, { previousClose: 9.8, volume: 0 }),
      quoteAt(sh, open + 1, 10, { previousClose: 9.8, volume: 5 }),
    ]);
    expect(bars).toMatchObject([{ open: 10, high: 10, low: 10, volume: 5 }]);
  });

  it('the zero quote is the baseline of the day', () => {
    const day = '2026-01-15';
    const symbol = '600519.SH';
    const events = [
      quoteAt(symbol, inChina(`${day} 09:24:57`), 0, { volume: 0 }),
      quoteAt(symbol, inChina(`${day} 09:25:01`), 1854.98, { volume: 32_800 }),
      quoteAt(symbol, inChina(`${day} 09:30:03`), 1852, { volume: 43_100 }),
    ];
    expect(minutes(events).map(ohlcv)).toEqual([[1854.98, 1854.98, 1852, 1852, 43_100]]);
    expect(minutes([connectedAt(inChina(`${day} 08:00:00`)), ...events.slice(1)]).map(ohlcv)).toEqual([
      [1854.98, 1854.98, 1852, 1852, 43_100],
    ]);
    expect(barsOf(events, toKlines('1d')).map(ohlcv)).toEqual([[1854.98, 1854.98, 1852, 1852, 43_100]]);
  });

  it('an all-zero quote in mid-session is no new day', () => {
    const [first, second] = [100, 101].map((volume, i) =>
      quoteAt(sh, open + i * 2, 10, { volume, turnover: 10 * volume }),
    );
    const zero = quoteAt(sh, open + 1, 0, { volume: 0, turnover: 0, open: 0, high: 0, low: 0 });
    expect(minutes([first!, zero, second!])).toMatchObject([{ volume: 1, turnover: 10, low: 10 }]);
    expect(barsOf([first!, zero, second!], toKlines('1d'))).toMatchObject([{ volume: 1, low: 10 }]);
  });

  it('a tick of price 0 without a size makes no bar, also one that tells the day so far', () => {
    expect(minutes([tradeAt(sh, open, 0)])).toEqual([]);
    expect(minutes([tradeAt(sh, open, 0, { volume: 0 })])).toEqual([]);
    const bars = minutes([tradeAt(sh, open, 0, { volume: 0 }), tradeAt(sh, open + 1, 10, { volume: 5 })]);
    expect(bars).toMatchObject([{ open: 10, low: 10, volume: 5 }]);
  });

  it('a tick of price 0 without a size counts in no bar of executions', () => {
    const events = [tradeAt(btc, 1, 0), tradeAt(btc, 2, 10, { size: 1 }), tradeAt(btc, 3, 11, { size: 1 })];
    expect(barsOf(events, toKlines({ ticks: 2 }))).toMatchObject([{ open: 10, low: 10, close: 11, trades: 2 }]);
  });

  it('a tick of a day without volume makes no bar, also with the close of the day before', () => {
    const ticks = [tradeAt(sh, open, 9.8, { volume: 0 }), tradeAt(sh, open + 1, 10, { volume: 5 })];
    expect(minutes(ticks.slice(0, 1))).toEqual([]);
    expect(minutes(ticks)).toMatchObject([{ open: 10, low: 10, volume: 5 }]);
    expect(barsOf(ticks, toKlines({ ticks: 1 }))).toMatchObject([{ open: 10, volume: 5 }]);
  });

  it('a tick of volume 0 in mid-session is no new day', () => {
    for (const price of [0, 10]) {
      const ticks = [100, 0, 101].map((volume, i) => tradeAt(sh, open + i, volume ? 10 : price, { volume }));
      expect(minutes(ticks)).toMatchObject([{ low: 10, volume: 1 }]);
    }
  });

  it('negative prices of futures are prices', () => {
    const cl = 'CL2605.US';
    const events = [
      tradeAt(btc, 1, -37.63, { size: 1 }),
      tradeAt(btc, 2, -40.32, { size: 1 }),
      tradeAt(btc, 3, -13.1, { size: 1 }),
    ];
    expect(minutes(events)).toMatchObject([{ open: -37.63, high: -13.1, low: -40.32, close: -13.1 }]);
    const quoted = [quoteAt(cl, open, -1, { volume: 5 }), quoteAt(cl, open + 1, -2, { volume: 6 })];
    expect(minutes(quoted)).toMatchObject([{ open: -1, low: -2, close: -2 }]);
  });

  it('"nothing yet" of TickFlow and of iTick opens no bar', () => {
    const span = { from: open - SECOND, until: open + 2 * MINUTE };
    const bars$ = (says: 'tickflow' | 'itick') =>
      ran(
        (at) =>
          (says === 'tickflow'
            ? tickflowSaying(at, { topics: quotes(sh) }, [
                [open + 1, { symbol: sh, last_price: 0, volume: 0, timestamp: open }],
                [open + 2, { symbol: sh, last_price: 10, volume: 5, timestamp: open + 1 }],
              ])
            : itickSaying(at, { topics: quotes(sh) }, [
                [open + 1, { s: '600000', r: 'SH', ld: 0, v: 0, t: open, type: 'quote' }],
                [open + 2, { s: '600000', r: 'SH', ld: 10, v: 5, t: open + 1, type: 'quote' }],
              ])
          ).pipe(toKlines('1m', { forming: false })),
        span,
      );
    for (const vendor of ['tickflow', 'itick'] as const) {
      expect(bars$(vendor).values).toMatchObject([{ open: 10, low: 10, high: 10, volume: 5 }]);
    }
  });
});

describe('a stamp that is not believed', () => {
  const stamps = [
    [1 * SECOND, 1 * SECOND],
    [2 * SECOND, HOUR],
    [3 * SECOND, 3 * SECOND],
    [65 * SECOND, 65 * SECOND],
  ] as const;
  const said = (says: 'quote' | 'trade', year = 0) =>
    stamps.map(([receivedAt, time], i) => ({
      ...(says === 'quote'
        ? quoteAt(sh, open, 10 + i, { volume: 100 + i })
        : tradeAt(sh, open, 10 + i, { size: 1, volume: 100 + i })),
      receivedAt: open + receivedAt,
      time: open + time + (time === HOUR ? year : 0),
    }));

  it.each(['quote', 'trade'] as const)('of a %s does not stop the symbol', (says) => {
    for (const late of ['revise', 'drop'] as const) {
      const bars = minutes(said(says), { late });
      expect(bars).toMatchObject([
        { openTime: open, open: 10, high: 12, close: 12 },
        { openTime: open + MINUTE, open: 13, close: 13, volume: 1 },
      ]);
    }
  });

  it('does not stop a chart, nor staleness', () => {
    const { values } = heard(said('quote'), (feed$) => feed$.pipe(toKlines('1m'), chartBars()));
    expect(values.at(-1)).toMatchObject({ time: (open + MINUTE) / SECOND, close: 13 });
    const states = heard(said('quote'), staleness({ after: 10 * SECOND })).values;
    expect(states.map(({ state }) => state)).toEqual(['fresh', 'stale', 'fresh', 'stale']);
  });

  it.each(['quote', 'trade'] as const)('a year ahead of a %s carries no bar ahead of the clock', (says) => {
    const events = said(says, 365 * 24 * HOUR).map((event) => ({ ...event, symbol: btc }));
    const { values, times } = heard(events, toKlines('1m', { empty: 'carry' }), { wait: 5 * MINUTE });
    values.forEach((bar, i) => expect(bar.openTime).toBeLessThanOrEqual(times[i]!));
    expect(values.length).toBeLessThan(60);
  });

  it.each(['trade', 'quote'] as const)('stops no %s in virtual time, which begins at 0', (kind) => {
    const at = (receivedAt: number, price: number, volume: number, time = receivedAt) =>
      kind === 'trade'
        ? { ...tradeAt(btc, receivedAt, price, { size: 1 }), time }
        : { ...quoteAt(btc, receivedAt, price, { volume }), time };
    const closes = (events: readonly FeedEvent[], options?: KlineOptions) =>
      minutes(events, options).map(({ openTime, close }) => [openTime / MINUTE, close]);
    for (const ahead of [10 * MINUTE, HOUR, 365 * DAY]) {
      const events = [at(0, 10, 1), at(SECOND, 50, 2, ahead), at(3 * SECOND, 12, 3), at(65 * SECOND, 13, 4)];
      for (const late of ['revise', 'drop'] as const)
        expect(closes(events, { late })).toEqual([
          [0, 12],
          [1, 13],
        ]);
    }
  });

  it.each(['quote', 'tick'])('stops no symbol whose first %s has it', (type) => {
    const symbol = 'AAPL.US';
    const begins = Date.UTC(2026, 0, 15, 15);
    for (const ahead of [10 * MINUTE, HOUR]) {
      const row = (seconds: number, ld: number) => ({
        s: 'AAPL',
        r: 'US',
        type,
        ld,
        v: ld,
        t: begins + seconds * SECOND,
      });
      const bars = ran(
        (at) =>
          itickSaying(at, { topics: type === 'quote' ? quotes(symbol) : trades(symbol) }, [
            [begins + SECOND, { ...row(1, 10), t: begins + ahead }],
            ...[2, 3, 65, 125].map((s, i) => [begins + s * SECOND, row(s, 11 + i)] as const),
          ]).pipe(toKlines('1m')),
        { from: begins, until: begins + 4 * MINUTE },
      ).values.filter(({ closed }) => closed);
      expect(bars.map(({ openTime, close }) => [(openTime - begins) / MINUTE, close])).toEqual([
        [0, 12],
        [1, 13],
        [2, 14],
      ]);
    }
  });

  it('of a feed whose offset is minutes is measured against that offset', () => {
    const slow = stamps.map(([at], i) => ({
      ...tradeAt(btc, open + at - 15 * MINUTE, 10 + i, { size: 1 }),
      receivedAt: open + at,
    }));
    const fast = slow.map((event) => ({ ...event, time: event.time + 20 * MINUTE }));
    for (const events of [slow, fast]) {
      const openTimes = minutes(events).map(({ openTime }) => openTime);
      expect(openTimes).toEqual([...new Set(events.map(({ time }) => Math.floor(time / MINUTE) * MINUTE))]);
    }
  });

  const behind = [
    ['in seconds', (t: number) => t / 1_000],
    ['in microseconds', (t: number) => t * 1_000],
    ['in nanoseconds', (t: number) => t * 1e6],
    ['of 0', () => 0],
    ['of -1', () => -1],
    ['a decade behind', (t: number) => t - 3_652 * DAY],
    ['two years behind', (t: number) => t - 730 * DAY],
  ] as const;

  it.each(behind)('%s, by hand, counts in the minute of receipt', (_what, write) => {
    const at = [1, 2, 3, 30, 70].map((second) => open + second * SECOND);
    for (const makes of [
      (t: number, i: number) => tradeAt(sh, t, 10 + i, { size: 1 }),
      (t: number, i: number) => tradeAt(sh, t, 10 + i, { size: 1, volume: 101 + i }),
      (t: number, i: number) => quoteAt(sh, t, 10 + i, { volume: 101 + i }),
    ]) {
      const events = at.map((t, i) => ({ ...makes(t, i), time: i === 1 ? write(t) : t }));
      const wide = { openTime: open, open: 10, high: 13, low: 10, close: 13 };
      expect(minutes(events)).toMatchObject([wide, { openTime: open + MINUTE }]);
      expect(minutes(events, { late: 'drop' })).toMatchObject([wide, { openTime: open + MINUTE }]);
    }
    const trades = at.map((t, i) => tradeAt(sh, i === 1 ? write(t) : t, 10, { size: 1, receivedAt: t }));
    const counted = heard(trades, toKlines({ ticks: 2 })).values.filter(({ closed }) => closed);
    expect(counted).toMatchObject([
      { openTime: at[0], closeTime: at[1]! + 1 },
      { openTime: at[2], closeTime: at[3]! + 1 },
    ]);
  });

  it('in seconds, by hand, counts in the minute of receipt even if it is the first', () => {
    for (const event of [tradeAt(sh, open, 10, { size: 1 }), quoteAt(sh, open, 10, { volume: 1 })]) {
      const first = { ...event, time: 1768267801.001, receivedAt: open + SECOND };
      expect(minutes([first])).toMatchObject([{ openTime: open, coverage: expect.closeTo(59 / 60, 9) as number }]);
      const byItself: number[] = [];
      of(first)
        .pipe(toKlines('1m', { forming: 'each' }))
        .subscribe(({ openTime }) => byItself.push(openTime));
      expect(byItself).toEqual([open]);
    }
  });

  it('15 minutes, a night or a week behind is a late word, or an old one', () => {
    for (const late of [15 * MINUTE, 17 * HOUR, 7 * DAY]) {
      const events = [tradeAt(btc, open - late, 10, { size: 1, receivedAt: open }), tradeAt(btc, open + 1, 11)];
      expect(minutes(events).map(({ openTime }) => openTime)).toEqual([open - late, open]);
      expect(minutes([...events].reverse().map((event, i) => ({ ...event, receivedAt: open + i })))).toHaveLength(2);
    }
  });

  it('of years ago is one where all of a feed are, as those of a history', () => {
    const years = 8 * 365 * DAY;
    const events = [1, 61, 121].map((s, i) => tradeAt(btc, open - years + s * SECOND, 10, { receivedAt: open + i }));
    expect(minutes(events).map(({ openTime }) => openTime - open + years)).toEqual([0, MINUTE, 2 * MINUTE]);
  });

  it('in seconds loses no spike of a merged quote', () => {
    const held = quoteAt(sh, open, 12, { high: 12, low: 9, volume: 10 });
    const next = quoteAt(sh, open + SECOND, 10, { high: 11, low: 9.5, volume: 11, time: open / 1_000 });
    expect(mergeQuotes(held, next)).toMatchObject({ last: 10, high: 12, low: 9 });
    expect(mergeQuotes({ ...next, last: 12 }, { ...held, last: 10 })).toMatchObject({ high: 12 });
  });

  const unitOf = [
    ['seconds', (t: number) => Math.floor(t / 1_000)],
    ['milliseconds', (t: number) => t],
    ['microseconds', (t: number) => t * 1_000],
    ['nanoseconds', (t: number) => t * 1_000_000],
    ['ISO text', (t: number) => new Date(t).toISOString()],
  ] as const;
  const stamped = (stamp: unknown, by: 'tickflow' | 'itick') =>
    ran(
      (at) =>
        by === 'tickflow'
          ? tickflowSaying(at, { topics: quotes(sh) }, [
              [open + SECOND, { symbol: sh, last_price: 9, volume: 1, timestamp: open }],
              [open + 2 * SECOND, { symbol: sh, last_price: 10, volume: 5, timestamp: stamp }],
            ])
          : itickSaying(at, { topics: trades(sh) }, [
              [open + SECOND, { s: '600000', r: 'SH', ld: 9, v: 1, t: open, type: 'tick' }],
              [open + 2 * SECOND, { s: '600000', r: 'SH', ld: 10, v: 5, t: stamp, type: 'tick' }],
            ]),
      { from: open, until: open + 3 * SECOND },
    ).values.filter((event) => event.kind === 'quote' || event.kind === 'trade');

  it.each(unitOf)('%s are understood by both vendors', (_unit, write) => {
    for (const by of ['tickflow', 'itick'] as const) {
      expect(stamped(write(open + SECOND), by)).toMatchObject([{}, { time: open + SECOND }]);
      expect(stamped(write(open + SECOND), by)[1]).not.toHaveProperty('vendorTime');
    }
  });

  it.each([
    ['an hour ahead', open + HOUR],
    ['a year ahead', open + 365 * 24 * HOUR],
    ['1e30', 1e30],
  ])('%s takes the time of receipt and says what was sent, by both vendors', (_what, stamp) => {
    for (const by of ['tickflow', 'itick'] as const) {
      expect(stamped(stamp, by)).toMatchObject([{}, { time: open + 2 * SECOND, vendorTime: stamp }]);
    }
  });

  it.each([[0], [-1], [null], [''], ['yesterday'], [1e300], ['9'.repeat(40)]])('%p ends nothing', (stamp) => {
    for (const by of ['tickflow', 'itick'] as const) {
      const [, event] = stamped(stamp, by);
      if (event) expect(event).toMatchObject({ time: open + 2 * SECOND });
    }
  });

  it.each([1.795e18, NaN, Infinity, -Infinity, 1e300, -0, 8.65e15])('%p of a hand-made event ends no bars', (time) => {
    const strange = [quoteAt(sh, open, 10, { volume: 5 }), tradeAt(btc, open, 10, { size: 1 })].map((event) => ({
      ...event,
      time,
    }));
    const events = [
      ...strange,
      quoteAt('600519.SH', open + SECOND, 10, { volume: 5 }),
      tradeAt('ETHUSDT.BA', open + SECOND, 10, { size: 1 }),
    ];
    for (const interval of ['1m', '1d', '1w', '1M'] as const) {
      const { values, error } = heard(events, toKlines(interval));
      expect(error).toBeUndefined();
      expect(values.map(({ symbol }) => symbol)).toEqual(expect.arrayContaining(['600519.SH', 'ETHUSDT.BA']));
    }
  });
});

describe('what is no level', () => {
  const nobody: Level = { price: 0, size: 0 };
  const atLimit = depthAt(sh, open, { bids: [{ price: 11, size: 500 }], asks: [nobody] });
  const inAuction = depthAt(sh, open, {
    bids: [{ price: 9.8, size: 120 }],
    asks: [
      { price: 9.8, size: 120 },
      { price: 0, size: 35 },
    ],
  });

  it('has no mid, spread, microprice or imbalance', () => {
    const atLowerLimit = { ...atLimit, bids: [nobody], asks: [{ price: 9, size: 500 }] };
    for (const depth of [atLimit, atLowerLimit]) {
      expect([mid(depth), spread(depth), microprice(depth), imbalance()(depth)]).toEqual(Array(4).fill(undefined));
      const [book] = heard([depth], orderBook()).values;
      expect([mid(book!), spread(book!), microprice(book!)]).toEqual([undefined, undefined, undefined]);
    }
  });

  it('is bought by nobody', () => {
    expect(sweepCost(100)(atLimit).buy).toBeUndefined();
    expect(sweepCost(100)(inAuction).buy).toMatchObject({ price: 9.8, worst: 9.8, filled: 100 });
    expect(sweepCost(150)(inAuction).buy).toMatchObject({ worst: 9.8, filled: 120, unfilled: 30 });
  });

  it('is not the best one of a call auction', () => {
    const [book] = heard([inAuction], orderBook()).values;
    expect(book?.asks).toEqual([{ price: 9.8, size: 120 }]);
    expect(heard([inAuction], (feed$) => feed$.pipe(orderBook({ levels: 1 }), topOfBook())).values).toMatchObject([
      { ask: { price: 9.8, size: 120 } },
    ]);
    const reversed = { ...inAuction, asks: [...inAuction.asks].reverse() };
    expect([mid(inAuction), mid(reversed)]).toEqual([9.8, 9.8]);
    expect(heard([reversed], orderBook()).values[0]?.asks).toEqual([{ price: 9.8, size: 120 }]);
  });

  it('ends a sweep exactly where the size ends', () => {
    const asks = Array.from({ length: 10 }, (_, i) => ({ price: 10 + i, size: 0.1 }));
    const extra = { price: 99, size: 1 };
    const { buy } = sweepCost(1)({ bids: [], asks: [...asks, extra] });
    expect(buy).toMatchObject({ worst: 19, filled: 1, unfilled: 0 });
    expect(sweepCost(0.3)({ bids: asks, asks: [] }).sell).toMatchObject({ worst: 12, filled: 0.3, unfilled: 0 });
  });

  it('is none of both vendors', () => {
    const span = { from: open, until: open + 3 * SECOND };
    const limitUp = ran(
      (at) =>
        tickflowSaying(at, { topics: depths(sh) }, [
          [
            open + SECOND,
            {
              symbol: sh,
              timestamp: open,
              bid_prices: [11, 10.99],
              bid_volumes: [5, 6],
              ask_prices: [0, 0],
              ask_volumes: [0, 0],
            },
          ],
        ]),
      span,
    ).values.filter((event) => event.kind === 'depth');
    expect(limitUp).toHaveLength(1);
    expect([mid(limitUp[0]!), spread(limitUp[0]!)]).toEqual([undefined, undefined]);
    const auction = ran(
      (at) =>
        itickSaying(at, { topics: depths(sh) }, [
          [
            open + SECOND,
            {
              s: '600000',
              r: 'SH',
              b: [{ po: 1, p: 9.8, v: 120 }],
              a: [
                { po: 1, p: 9.8, v: 120 },
                { po: 2, p: 0, v: 35 },
              ],
              type: 'depth',
            },
          ],
        ]).pipe(orderBook()),
      span,
    ).values;
    expect(auction[0]?.asks.map(({ price }) => price)).toEqual([9.8]);
  });
});

describe('a byte order mark', () => {
  const bom = '\uFEFF';
  it('costs no frame, text or binary', () => {
    const row = { code: 1, data: { s: 'BTCUSDT', r: 'BA', ld: 9, v: 1, t: open, type: 'tick' } };
    const item = { op: 'quotes', data: [{ symbol: sh, last_price: 9, volume: 1, timestamp: open }] };
    const binary = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
    const span = { from: open, until: open + 3 * SECOND };
    for (const write of [(text: string) => text, binary]) {
      const ticks = ran(
        (at) =>
          itickSaying(at, { market: 'crypto', topics: trades(btc) }, [
            [open + SECOND, ({ connections }) => connections[0]?.say(write(bom + JSON.stringify(row)))],
          ]),
        span,
      ).values;
      expect(ticks.filter(({ kind }) => kind === 'trade' || kind === 'undecodable')).toMatchObject([{ price: 9 }]);
      const items = ran(
        (at) =>
          tickflowSaying(at, { topics: quotes(sh) }, [
            [open + SECOND, ({ connections }) => connections[0]?.say(write(bom + JSON.stringify(item)))],
          ]),
        span,
      ).values;
      expect(items.filter(({ kind }) => kind === 'quote' || kind === 'undecodable')).toMatchObject([{ last: 9 }]);
    }
  });
});

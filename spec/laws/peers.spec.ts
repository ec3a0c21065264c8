import {
  consolidateDepth,
  depths,
  flattenError,
  keepBook,
  klines,
  microprice,
  mid,
  mutableBook,
  orderBook,
  quotes,
  reviveError,
  spread,
  toKlines,
  topOfBook,
  trades,
  AuthTimeout,
  ConnectionLost,
  ConnectTimeout,
  HandshakeRefused,
  HeartbeatMissed,
  InvalidOption,
  InvalidTopic,
  Unauthorized,
  type FeedEvent,
  type Kline,
  type KlineOptions,
} from '../../lib/index.js';
import { scriptedVendor, type ScriptedVendor } from '../../lib/testing/index.js';
import { depthAt, inChina, klineAt, quoteAt, tradeAt } from './events.js';
import { barsOf, heard, MINUTE, ran, SECOND } from './stage.js';
import { itickSaying, tickflowSaying } from './vendors.js';

const btc = 'BTCUSDT.BA';
const eur = 'EURUSD.GB';
const start = inChina('2026-01-15 10:00');
const s = (seconds: number): number => start + seconds * SECOND;
const span = { from: start, until: s(30) };
const minutes = (events: readonly FeedEvent[], options: KlineOptions = {}) =>
  barsOf(events, toKlines('1m', { forming: 'each', ...options }));

describe('the depth of a vendor that gives no sizes', () => {
  const row = { s: 'EURUSD', r: 'GB', a: [{ p: 1.143, v: 0 }], b: [{ p: 1.1428, v: 0 }], type: 'depth' };
  const forex = (says: object) =>
    ran((at) => itickSaying(at, { market: 'forex', topics: depths(eur) }, [[s(1), says]]), span).values;

  it('has prices that stand, without a size', () => {
    const [depth] = forex(row).filter((event) => event.kind === 'depth');
    expect(depth).toMatchObject({ asks: [{ price: 1.143 }], bids: [{ price: 1.1428 }] });
    expect([depth!.asks[0]?.size, depth!.bids[0]?.size]).toEqual([undefined, undefined]);
    expect(mid(depth!)).toBeCloseTo(1.1429, 9);
    expect(spread(depth!)).toBeCloseTo(0.0002, 9);
    expect(microprice(depth!)).toBeUndefined();
  });

  it('has a book and a touch', () => {
    const depth = forex(row).filter((event) => event.kind === 'depth');
    const [book] = heard(depth, orderBook()).values;
    expect(mid(book!)).toBeCloseTo(1.1429, 9);
    const [top] = heard(depth, (feed$) => feed$.pipe(orderBook({ levels: 1 }), topOfBook())).values;
    expect(top).toMatchObject({ bid: { price: 1.1428 }, ask: { price: 1.143 } });
    const [ladder] = heard(depth, consolidateDepth()).values;
    expect(mid(ladder!)).toBeCloseTo(1.1429, 9);
  });

  it('moves when the price does', () => {
    const depth = [1.1428, 1.1427].map((price, i) =>
      depthAt(eur, s(i), {
        bids: [{ price, size: undefined }],
        asks: [{ price: 1.143, size: undefined }],
      }),
    );
    const tops = heard(depth, (feed$) => feed$.pipe(orderBook(), topOfBook())).values;
    expect(tops.map(({ bid }) => bid?.price)).toEqual([1.1428, 1.1427]);
  });

  it.each([
    ['forex', 'EURUSD', 'GB'],
    ['indices', 'SPX', 'GB'],
  ] as const)('has ticks whose price stands: %s', (market, s0, r) => {
    const ticks = [1.143, 1.1428].map((ld, i) => [s(1 + i), { s: s0, r, ld, v: 0, type: 'tick' }] as const);
    const events = ran((at) => itickSaying(at, { market, topics: trades(`${s0}.${r}`) }, ticks), span).values;
    const [tick] = events.filter((event) => event.kind === 'trade');
    expect([tick?.price, tick?.size]).toEqual([1.143, undefined]);
    expect(minutes(events)).toMatchObject([{ open: 1.143, high: 1.143, low: 1.1428, close: 1.1428, volume: 0 }]);
  });

  it('a zero size is a placeholder where sizes are given', () => {
    const stock = { s: '700', r: 'HK', a: [{ p: 10, v: 0 }], b: [{ p: 9, v: 5 }], type: 'depth' };
    const { values } = ran((at) => itickSaying(at, { topics: depths('700.HK') }, [[s(1), stock]]), span);
    const [depth] = values.filter((event) => event.kind === 'depth');
    expect(mid(depth!)).toBeUndefined();
    const [book] = heard([depth!], orderBook()).values;
    expect(book).toMatchObject({ asks: [], bids: [{ price: 9, size: 5 }] });
  });
});

describe('every event', () => {
  const itickEvents = (act: (vendor: ScriptedVendor) => void) => {
    const vendor = scriptedVendor('itick', { unserved: trades('NOPE.US') });
    return ran(
      (at) =>
        itickSaying(
          at,
          {
            topics: [
              ...trades('AAPL.US', 'NOPE.US'),
              ...quotes('AAPL.US'),
              ...depths('AAPL.US'),
              ...klines('1m', 'AAPL.US'),
            ],
            heartbeat: { every: 2_000 },
          },
          [
            [s(3), { s: 'AAPL', r: 'US', ld: 1, v: 1, t: s(3), type: 'tick' }],
            [s(3), { s: 'AAPL', r: 'US', ld: 1, v: 1, t: 1e30, type: 'quote' }],
            [s(3), { s: 'AAPL', r: 'US', a: [], b: [{ p: 1, v: 2 }], type: 'depth' }],
            [s(3), { s: 'AAPL', r: 'US', o: 1, h: 1, l: 1, c: 1, v: 1, t: s(3), type: 'kline@1' }],
            [s(4), '{"nonsense'],
            [s(4), { s: 'MSFT', r: 'US', ld: 1, v: 1, t: s(3), type: 'tick' }],
            [s(5), act],
          ],
          vendor,
        ),
      span,
    ).values;
  };
  const acts: readonly ((vendor: ScriptedVendor) => void)[] = [
    ({ drop }) => drop(),
    ({ close }) => close(1008, 'policy'),
    ({ refuse, drop }) => (refuse(429, '3'), drop()),
    ({ refuse, drop }) => (refuse(503), drop()),
    ({ mute }) => mute(),
  ];

  it('survives structured clone and JSON with all its fields', () => {
    const events = acts.flatMap(itickEvents);
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of [
      'trade',
      'quote',
      'depth',
      'kline',
      'connected',
      'disconnected',
      'refused',
      'undecodable',
      'latency',
    ] as const)
      expect(kinds).toContain(kind);
    for (const event of events) {
      expect(structuredClone(event)).toEqual(event);
      expect(Object.keys(structuredClone(event)).sort()).toEqual(Object.keys(event).sort());
      const json = JSON.parse(JSON.stringify(event)) as object;
      expect(json).toEqual(JSON.parse(JSON.stringify(structuredClone(event))));
      for (const [key, value] of Object.entries(event)) {
        if (value !== undefined) expect(json).toHaveProperty([key]);
      }
    }
    const causes = events.flatMap((event) => (event.kind === 'disconnected' ? [event.cause] : []));
    for (const cause of causes) {
      expect(cause).not.toBeInstanceOf(Error);
      expect(structuredClone(cause)._tag).toBe(cause._tag);
      expect(reviveError(structuredClone(cause))).toMatchObject({ _tag: cause._tag, message: cause.message });
      expect(reviveError(JSON.parse(JSON.stringify(cause)))).toBeInstanceOf(Error);
    }
  });

  it('of TickFlow survives structured clone and JSON too', () => {
    const { values } = ran(
      (at) =>
        tickflowSaying(at, { topics: [...quotes('600000.SH'), ...depths('600000.SH')] }, [
          [s(1), { symbol: '600000.SH', last_price: 1, volume: 1, timestamp: 1.795e18 * 1e3 }],
          [s(1), { symbol: '600000.SH', bid_prices: [1], bid_volumes: [1], ask_prices: [], ask_volumes: [] }],
          [s(2), '{"op":"error","message":"no permission for channel: depth"}'],
          [s(5), ({ drop }) => drop()],
        ]),
      span,
    );
    for (const event of values) expect(structuredClone(event)).toEqual(event);
    expect(values.length).toBeGreaterThan(4);
  });

  it('and every error makes the round trip', () => {
    const errors = [
      new AuthTimeout(1),
      new ConnectionLost(1006),
      new ConnectTimeout(1),
      new HandshakeRefused(503),
      new HeartbeatMissed(1),
      new InvalidOption('a', 1, 'b'),
      new InvalidTopic('x', 'y'),
      new Unauthorized('no'),
    ];
    for (const error of errors) {
      const data = JSON.parse(JSON.stringify(structuredClone(flattenError(error)))) as never;
      const back = reviveError(data) as Error & { readonly _tag: string };
      expect(back).toBeInstanceOf(error.constructor);
      expect([back._tag, back.message]).toEqual([error._tag, error.message]);
    }
  });
});

describe('the same tick sent twice to the letter', () => {
  const tick = tradeAt(btc, s(1), 10, { size: 2 });

  it('counts once, though its first one has the time of its receipt', () => {
    const events = [tick, { ...tick, receivedAt: s(1) + 200 }, tradeAt(btc, s(2), 11, { size: 1 })];
    expect(minutes(events)).toMatchObject([{ volume: 3, trades: 2 }]);
    expect(barsOf(events, toKlines({ ticks: 2 }))).toMatchObject([{ volume: 3, trades: 2 }]);
    expect(barsOf(events, toKlines({ volume: 3 }))).toMatchObject([{ volume: 3, trades: 2 }]);
  });

  it('counts once also when others come between, and when it tells the day so far', () => {
    const between = [tick, tradeAt(btc, s(1), 11, { size: 1 }), { ...tick, receivedAt: s(2) }];
    expect(minutes(between)).toMatchObject([{ volume: 3, trades: 2 }]);
    const later = [tradeAt(btc, s(0.5), 11, { size: 1 }), ...between];
    expect(minutes(later)).toMatchObject([{ volume: 4, trades: 3 }]);
    const figured = { ...tick, volume: 100 };
    expect(minutes([figured, { ...figured, receivedAt: s(2) }])).toMatchObject([{ volume: 2, trades: 1 }]);
  });

  it('counts once though its time is none', () => {
    const stray = { ...tick, time: s(1) + 5 * 3_600_000, receivedAt: s(4) };
    const events = [tradeAt(btc, s(2), 11, { size: 1 }), stray, { ...stray, receivedAt: s(4) + 100 }];
    expect(minutes(events)).toMatchObject([{ volume: 3, trades: 2 }]);
  });

  it('without a time of the vendor it cannot be told from another execution', () => {
    expect(minutes([tick, tick, { ...tick, time: s(2), receivedAt: s(2) }])).toMatchObject([{ volume: 6, trades: 3 }]);
  });

  it('counts once by iTick', () => {
    const row = { s: 'BTCUSDT', r: 'BA', ld: 9, v: 2, t: s(1), type: 'tick' };
    const { values } = ran(
      (at) =>
        itickSaying(at, { market: 'crypto', topics: trades(btc) }, [
          [s(1), row],
          [s(1) + 50, row],
          [s(2), { ...row, t: s(2) }],
        ]).pipe(toKlines('1m', { forming: 'each' })),
      { from: start, until: s(120) },
    );
    expect(values.at(-1)).toMatchObject({ volume: 4, trades: 2 });
  });

  it('two executions of one millisecond whose figures grow stay two', () => {
    const two = [100, 102].map((volume) => ({ ...tick, volume }));
    expect(minutes(two)).toMatchObject([{ volume: 4, trades: 2, missedVolume: 0 }]);
    const other = [tick, { ...tick, size: 3 }, { ...tick, price: 11 }, { ...tick, time: s(1) + 1 }];
    expect(minutes(other)).toMatchObject([{ volume: 9, trades: 4 }]);
  });
});

describe('a trade that is no price', () => {
  it('of size 0 sets no open, high or low', () => {
    const events = [
      tradeAt(btc, s(1), 99, { size: 0 }),
      tradeAt(btc, s(2), 10, { size: 1 }),
      tradeAt(btc, s(3), 1, { size: 0 }),
      tradeAt(btc, s(4), 11, { size: 1 }),
      tradeAt(btc, s(5), 12, { size: 0 }),
    ];
    expect(minutes(events)).toMatchObject([{ open: 10, high: 11, low: 10, volume: 2 }]);
    expect(barsOf(events, toKlines({ volume: 2 }))).toMatchObject([{ open: 10, high: 11, low: 10, volume: 2 }]);
    expect(barsOf(events, toKlines('1d'))).toMatchObject([{ open: 10, high: 11, low: 10 }]);
  });

  it('that is `volumeOnly` counts in volume alone', () => {
    const events = [
      tradeAt(btc, s(1), 99, { size: 5, volumeOnly: true }),
      tradeAt(btc, s(2), 10, { size: 1 }),
      tradeAt(btc, s(3), 1, { size: 5, volumeOnly: true }),
      tradeAt(btc, s(4), 11, { size: 1 }),
      tradeAt(btc, s(5), 12, { size: 5, volumeOnly: true }),
    ];
    for (const [bar] of [
      minutes(events),
      barsOf(events, toKlines('5m')),
      barsOf(events, toKlines({ volume: 17 })),
    ] as Kline[][]) {
      expect(bar).toMatchObject({ open: 10, high: 11, low: 10, close: 11, volume: 17 });
    }
  });

  it('that is `volumeOnly` and tells the day so far is not missed', () => {
    const events = [
      tradeAt(btc, s(1), 10, { size: 1, volume: 100 }),
      tradeAt(btc, s(2), 99, { size: 5, volume: 105, volumeOnly: true }),
      tradeAt(btc, s(3), 11, { size: 1, volume: 106 }),
    ];
    expect(minutes(events)).toMatchObject([{ high: 11, volume: 7, missedVolume: 0 }]);
  });

  it('that is `volumeOnly` alone makes no bar with its price', () => {
    for (const bar of minutes([tradeAt(btc, s(1), 99, { size: 5, volumeOnly: true })])) {
      expect(bar.high).not.toBe(99);
    }
    const late = [
      tradeAt(btc, s(1), 10, { size: 1 }),
      tradeAt(btc, s(61), 10, { size: 1 }),
      { ...tradeAt(btc, s(2), 99, { size: 5, volumeOnly: true }), receivedAt: s(62) },
    ];
    expect(minutes(late)[0]).toMatchObject({ high: 10, volume: 6 });
  });
});

describe('a snapshot that names a price twice', () => {
  const twice = depthAt(btc, s(1), {
    bids: [
      { price: 9, size: 1 },
      { price: 9, size: 5 },
      { price: 8, size: 2 },
    ],
    asks: [
      { price: 10, size: 1 },
      { price: 11, size: 3 },
      { price: 10, size: 7 },
    ],
  });

  it('keeps the last row', () => {
    const books = [heard([twice], orderBook()).values[0], keepBook().apply(twice)];
    for (const book of books) {
      expect(book?.bids).toMatchObject([
        { price: 9, size: 5 },
        { price: 8, size: 2 },
      ]);
      expect(book?.asks).toMatchObject([
        { price: 10, size: 7 },
        { price: 11, size: 3 },
      ]);
    }
    expect(heard([twice], consolidateDepth()).values[0]?.bids[0]).toMatchObject({ price: 9, size: 5 });
    const mutable = mutableBook();
    mutable.apply(twice);
    expect([mutable.bids.depth(), mutable.bids.sizeAt(0), mutable.asks.sizeAt(0)]).toEqual([2, 5, 7]);
  });

  it('and then with size 0 takes it away', () => {
    const gone = {
      ...twice,
      bids: [
        { price: 9, size: 1 },
        { price: 9, size: 0 },
        { price: 8, size: 2 },
      ],
    };
    expect(heard([gone], orderBook()).values[0]?.bids).toMatchObject([{ price: 8, size: 2 }]);
  });
});

describe("iTick's interval code 3", () => {
  const row = (t: number, code = 3) => ({
    s: 'BTCUSDT',
    r: 'BA',
    o: 1,
    h: 1,
    l: 1,
    c: 1,
    v: 1,
    t,
    type: `kline@${code}`,
  });
  const from = Math.floor(start / (30 * MINUTE)) * 30 * MINUTE - 60 * MINUTE;
  const run = (interval: string, opens: readonly number[]) =>
    ran(
      (at) =>
        itickSaying(
          at,
          { market: 'crypto', topics: klines(interval as '15m', btc) },
          opens.map((minute, i) => [s(2 + i), row(from + minute * MINUTE)] as const),
        ),
      span,
    ).values;

  it('is 15 minutes until proven otherwise', () => {
    expect(run('15m', [0, 15, 30]).filter(({ kind }) => kind === 'kline')).toMatchObject([
      { interval: '15m' },
      { interval: '15m' },
      { interval: '15m' },
    ]);
  });

  it.each([10, 20, 40, 50])('is ten minutes once a bar opens at :%d', (minute) => {
    const events = run('15m', [minute]);
    expect(events.filter((event) => event.kind === 'kline' && event.interval === '15m')).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'refused')).toMatchObject([{ topics: klines('15m', btc) }]);
    const reason = events.find((event) => event.kind === 'refused')?.reason;
    expect(reason).toContain('resampleKlines');
  });

  it('serves a topic of ten minutes', () => {
    const bars = run('10m', [10, 20]).filter((event) => event.kind === 'kline');
    expect(bars).toMatchObject([{ interval: '10m', openTime: from + 10 * MINUTE, closeTime: from + 20 * MINUTE }, {}]);
  });
});

describe("a vendor's bar", () => {
  it('of ten minutes is one in the model', () => {
    const bar = klineAt(btc, start, { interval: '10m' as never, closeTime: start + 10 * MINUTE });
    const { values, error } = heard([bar], toKlines('10m' as never));
    expect(error).toBeUndefined();
    expect(values[0]).toMatchObject({ interval: '10m', closeTime: start + 10 * MINUTE });
  });

  it('of another interval is none of these', () => {
    expect(minutes([klineAt(btc, start, { interval: '5m', closeTime: start + 5 * MINUTE })])).toEqual([]);
    expect(minutes([quoteAt(btc, start, 10)])).toHaveLength(1);
  });
});

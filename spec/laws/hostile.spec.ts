import fc from 'fast-check';
import { map, Observable, timer, type OperatorFunction } from 'rxjs';
import {
  addOrReplace,
  batchTrades,
  bounded,
  chartBars,
  chartEdits,
  conflate,
  consolidateDepth,
  gaps,
  imbalance,
  isMarketEvent,
  linkState,
  mergeQuotes,
  microprice,
  mid,
  ofKind,
  ofSymbol,
  onceClosed,
  orderBook,
  perConnection,
  perSymbol,
  resampleKlines,
  spread,
  staleness,
  sweepCost,
  toKlines,
  topOfBook,
  type Depth,
  type FeedEvent,
  type Kline,
  type Quote,
  type Topic,
} from '../../lib/index.js';
import {
  connectedAt,
  depthAt,
  disconnectedAt,
  klineAt,
  quoteAt,
  subscribedAt,
  tradeAt,
  unsubscribedAt,
} from './events.js';
import { MINUTE, ran, SECOND, type Ran } from './stage.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 25);
const start = Date.parse('2026-01-15T10:00+08:00');
const symbols: readonly unknown[] = [
  'BTCUSDT.BA',
  '600000.SH',
  '700.HK',
  '00700.HK',
  'NQ.US',
  '',
  '.',
  'x'.repeat(5_000),
  '0'.repeat(2_000) + '.HK',
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty.US'],
  // What is no text is of no instrument.
  ...[undefined, null, 7, NaN, true, {}, ['700.HK'], { toString: null }],
];

/** Numbers that are none, and texts that are no numbers. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    NaN,
    Infinity,
    -Infinity,
    -0,
    0,
    -1,
    1e300,
    -1e300,
    5e-324,
    1e21,
    2 ** 53,
    1e-9,
    '',
    ' ',
    'x',
    '1',
    undefined,
    null,
  ),
  fc.constant('9'.repeat(10_000)),
  fc.double(),
  fc.integer({ min: -5, max: 200 }),
);
const strangeTime = fc.oneof(
  fc.integer({ min: start, max: start + 5 * MINUTE }),
  fc.constantFrom<unknown>(
    ...[NaN, Infinity, -Infinity, -0, -1, 1e300, 8.64e15, -8.64e15, 8.65e15, 1.795e18],
    ...[start / 1_000, start * 1e6, start + 365 * 86_400_000, `${start}`, '', null, undefined],
  ),
);
const record = <T>(make: (fields: Record<string, unknown>) => T, ...names: readonly string[]): fc.Arbitrary<T> =>
  fc
    .record(Object.fromEntries(names.map((name) => [name, strange])), { requiredKeys: [] })
    .map((fields) => make(fields as Record<string, unknown>));
const usual = fc.integer({ min: 1, max: 50 });
/** Of any other type than it should be. */
const odd = fc.constantFrom<unknown>(
  ...[undefined, null, 0, NaN, true, '', '__proto__', 'constructor', {}, [], [null], { length: 3 }],
);
const levels = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ price: usual, size: usual }) },
    { weight: 2, arbitrary: fc.record({ price: strange, size: strange }) },
    { weight: 1, arbitrary: fc.record({ price: odd, size: odd }) as fc.Arbitrary<never> },
    { weight: 1, arbitrary: odd as fc.Arbitrary<never> },
  ),
  { maxLength: 6 },
);

type Made = (symbol: string) => FeedEvent;
/** Any event with one of its fields of another type. */
const twisted = (make: (symbol: string) => FeedEvent): fc.Arbitrary<Made> =>
  fc
    .tuple(fc.constantFrom(...Object.keys(make(''))), odd)
    .map(([field, value]): Made => (symbol) => ({ ...make(symbol), [field]: value }));
const topicsOf = (symbol: string): Topic[] => [
  { channel: 'trade', symbol },
  { channel: 'quote', symbol },
];
const refusedAt = (receivedAt: number, topics: readonly Topic[]): FeedEvent => ({
  kind: 'refused',
  provider: 'test',
  receivedAt,
  topics,
  reason: 'no',
});
const event: fc.Arbitrary<Made> = fc.oneof(
  fc.oneof(
    twisted((symbol) => tradeAt(symbol, 0, 10, { size: 1, volume: 5 })),
    twisted((symbol) => quoteAt(symbol, 0, 10, { volume: 5, turnover: 50, status: 'normal' })),
    twisted((symbol) => depthAt(symbol, 0, { bids: [{ price: 1, size: 1 }], sequence: { first: 1, last: 1 } })),
    twisted((symbol) => klineAt(symbol, start, { turnover: 1, trades: 1 })),
    twisted(() => connectedAt(0, { from: start })),
    twisted(() => disconnectedAt(0)),
    twisted((symbol) => subscribedAt(0, topicsOf(symbol))),
    twisted((symbol) => unsubscribedAt(0, topicsOf(symbol))),
    twisted((symbol) => refusedAt(0, topicsOf(symbol))),
  ),
  fc.tuple(fc.constantFrom(subscribedAt, unsubscribedAt, refusedAt), fc.array(odd, { maxLength: 3 })).map(
    ([make, topics]): Made =>
      () =>
        make(0, topics as Topic[]),
  ),
  fc.constantFrom('backfilled', 'switched', '__proto__', 'constructor', '').map(
    (kind): Made =>
      (symbol) =>
        ({ ...tradeAt(symbol, 0, 10), kind }) as unknown as FeedEvent,
  ),
  fc.tuple(usual, usual).map(
    ([price, size]): Made =>
      (symbol) =>
        tradeAt(symbol, 0, price, { size }),
  ),
  fc.tuple(usual, usual).map(
    ([last, volume]): Made =>
      (symbol) =>
        quoteAt(symbol, 0, last, { volume }),
  ),
  record(
    (fields): Made =>
      (symbol) => ({ ...tradeAt(symbol, 0, 10), ...fields }),
    'price',
    'size',
    'volume',
  ),
  record(
    (fields): Made =>
      (symbol) => ({ ...quoteAt(symbol, 0, 10), ...fields }),
    'last',
    'open',
    'high',
    'low',
    'volume',
    'turnover',
    'previousClose',
  ),
  record(
    (fields): Made =>
      (symbol) => ({ ...klineAt(symbol, start), ...fields }),
    'openTime',
    'closeTime',
    'open',
    'high',
    'low',
    'close',
    'volume',
    'turnover',
    'coverage',
    'missedVolume',
    'revision',
  ),
  fc.tuple(levels, levels, fc.constantFrom('snapshot' as const, 'update' as const), strange).map(
    ([bids, asks, type, sequence]): Made =>
      (symbol) =>
        depthAt(symbol, 0, { type, bids, asks, sequence } as Partial<Depth>),
  ),
  fc.constant<Made>(() => connectedAt(0)),
  fc
    .record({ from: strangeTime, to: strangeTime }, { requiredKeys: [] })
    .map((resumed): Made => () => ({ ...connectedAt(0), resumed: resumed as never })),
  fc.constant<Made>(() => disconnectedAt(0)),
  fc.constantFrom(subscribedAt, unsubscribedAt).map(
    (make): Made =>
      (symbol) =>
        make(0, topicsOf(symbol)),
  ),
);
/** Times of receipt are of our own clock: they may be none, but not of another day. */
const noTime = fc.constantFrom<unknown>(NaN, Infinity, -Infinity, 1e300, 8.65e15, `${start}`, '', null, undefined);

interface Word {
  readonly at: number;
  readonly event: FeedEvent;
}
const seldom = { freq: 4, nil: undefined } as const;
const tape = fc
  .array(
    fc.record({
      event,
      time: fc.option(fc.record({ is: strangeTime }), seldom),
      receivedAt: fc.option(fc.record({ is: noTime }), seldom),
      symbol: fc.constantFrom(...symbols),
      wait: fc.integer({ min: 0, max: 20 * SECOND }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((words) => {
    let at = start;
    return words.map(({ event, time, receivedAt, symbol, wait }): Word => {
      at += wait;
      const said = event(symbol as string);
      const times = {
        ...('time' in said && { time: time ? time.is : at }),
        receivedAt: receivedAt ? receivedAt.is : at,
      };
      return { at, event: { ...said, ...times } as FeedEvent };
    });
  });

/** What an operator makes of it, left three minutes after the last word. */
const heard = <T>(
  words: readonly Word[],
  operator: OperatorFunction<FeedEvent, T>,
  until = words.at(-1)?.at ?? start,
): Ran<T> =>
  ran(
    (at) =>
      new Observable<FeedEvent>((subscriber) =>
        words.forEach((word) => at(word.at, () => subscriber.next(word.event))),
      ).pipe(operator),
    { from: start, until: until + 3 * MINUTE },
  );

type Operators = readonly (readonly [string, OperatorFunction<FeedEvent, object>])[];

const kept = { horizon: 50 } as const;
const vendorBars = (feed$: Observable<FeedEvent>) => feed$.pipe(ofKind('kline'));
const makers: Operators = [
  ['toKlines 1m', toKlines('1m', { forming: 'each' })],
  ['toKlines 1m, carry', toKlines('1m', { empty: 'carry', late: 'drop' })],
  ['toKlines 5m, report', toKlines('5m', { late: 'report', ...kept })],
  ['toKlines 1d', toKlines('1d', kept)],
  ['toKlines 1w, carry', toKlines('1w', { empty: 'carry' })],
  ['toKlines 1M', toKlines('1M')],
  ['toKlines by ticks', toKlines({ ticks: 2 }, { forming: 'each' })],
  ['toKlines by volume', toKlines({ volume: 5 }, { forming: 'each' })],
  ['resampleKlines', (feed$) => feed$.pipe(toKlines('1m'), resampleKlines('5m'))],
  ['resampleKlines of any bars', (feed$) => vendorBars(feed$).pipe(resampleKlines('5m'))],
  ['onceClosed', (feed$) => feed$.pipe(toKlines('1m'), onceClosed())],
  ['perSymbol', perSymbol<FeedEvent, object>(toKlines('1m'))],
];
const operators: Operators = [
  ...makers,
  ['chartBars', (feed$) => feed$.pipe(toKlines('1m'), chartBars())],
  ['chartBars of any bars', (feed$) => vendorBars(feed$).pipe(chartBars())],
  ['chartEdits', (feed$) => feed$.pipe(toKlines('1m'), chartEdits())],
  ['chartEdits of any bars', (feed$) => vendorBars(feed$).pipe(chartEdits({ maxBars: 50 }))],
  ['addOrReplace', (feed$) => vendorBars(feed$).pipe(addOrReplace())],
  ['conflate', conflate<FeedEvent>({ every: 250 })],
  ['mergeQuotes', (feed$) => feed$.pipe(ofKind('quote'), conflate<Quote>({ every: 250, merge: mergeQuotes }))],
  ['batchTrades', batchTrades({ every: 250 })],
  [
    'bounded',
    bounded<FeedEvent, FeedEvent>((event) => timer(400).pipe(map(() => event)), {
      capacity: 3,
      policy: 'latestPerKey',
    }),
  ],
  ['orderBook', orderBook({ levels: 3 })],
  ['topOfBook', (feed$) => feed$.pipe(orderBook(), topOfBook())],
  ['consolidateDepth', consolidateDepth({ maxAge: 10 * SECOND })],
  ['staleness', staleness({ after: 10 * SECOND })],
  [
    'staleness, adaptive',
    staleness({ after: 10 * SECOND, adaptive: { factor: 3, minAfter: SECOND, maxAfter: MINUTE } }),
  ],
  ['gaps', gaps()],
  ['linkState', linkState()],
  ['perConnection', perConnection<FeedEvent, object>(toKlines('1m'))],
  ['ofSymbol', (feed$) => feed$.pipe(ofSymbol('700.HK'))],
];

describe('no operator ends on any event, and none spins', () => {
  it.each(operators)('%s', (_name, operator) => {
    fc.assert(
      fc.property(tape, (words) => {
        const { error, values } = heard(words, operator);
        expect(error).toBeUndefined();
        expect(values.length).toBeLessThan(500);
      }),
      { numRuns },
    );
  });
});

/** A symbol about which all is well. */
const good = 'ETHUSDT.BA';
const ofGood = (values: readonly object[]): readonly object[] =>
  values
    .filter((value) =>
      [value, (value as { kline?: object }).kline].some((one) => (one as Kline | undefined)?.symbol === good),
    )
    // One timer says of all symbols how bars form, so others decide when.
    .filter((value) => (value as Partial<Kline>).closed !== false)
    // What the link and other symbols of its feed say is of the coverage.
    .map((value) => ({ ...value, coverage: undefined }));
const goodWords = fc
  .array(fc.record({ wait: fc.integer({ min: 1, max: 20 * SECOND }), price: usual, size: usual }), { maxLength: 20 })
  .map((words) => {
    let at = start;
    return words.flatMap(({ wait, price, size }): Word[] => {
      at += wait;
      const levels = { bids: [{ price, size }], asks: [{ price: price + 1, size }] };
      return [
        { at, event: tradeAt(good, at, price, { size }) },
        { at, event: depthAt(good, at, levels) },
      ];
    });
  });
const alone: Operators = operators.filter(([name]) =>
  /^(toKlines|resampleKlines$|perSymbol|topOfBook|batchTrades)/.test(name),
);

describe('what is well-formed comes out as it does alone', () => {
  it.each(alone)('%s', (_name, operator) => {
    fc.assert(
      fc.property(tape, goodWords, (strangers, words) => {
        const market = strangers.filter(({ event }) => isMarketEvent(event));
        const all = [...market, ...words].sort((a, b) => a.at - b.at);
        const until = all.at(-1)?.at;
        expect(ofGood(heard(all, operator, until).values)).toEqual(ofGood(heard(words, operator, until).values));
      }),
      { numRuns },
    );
  });
});

const numbers = [
  ...['time', 'receivedAt', 'openTime', 'closeTime', 'open', 'high', 'low', 'close'],
  ...['volume', 'missedVolume', 'coverage', 'revision'],
] as const;

describe('every number of a bar is one', () => {
  it.each(makers)('%s', (_name, operator) => {
    fc.assert(
      fc.property(tape, (words) => {
        for (const made of heard(words, operator).values as Kline[]) {
          // Its provider is what the events say.
          const bar: Kline = { ...made, provider: 'test', feed: 'test' };
          expect(numbers.filter((field) => !Number.isFinite(bar[field]))).toEqual([]);
          expect([bar.turnover ?? 0, bar.trades ?? 0].every(Number.isFinite)).toBe(true);
          expect(bar.coverage >= 0 && bar.coverage <= 1 && bar.volume >= 0 && bar.missedVolume >= 0).toBe(true);
          expect(structuredClone(bar)).toEqual(bar);
          expect(JSON.parse(JSON.stringify(bar))).toEqual(bar);
        }
      }),
      { numRuns },
    );
  });
});

it('no hole of a feed has an end that is no time, or one before it began', () => {
  fc.assert(
    fc.property(tape, (words) => {
      for (const { from, to } of heard(words, gaps()).values) expect(from <= to).toBe(true);
    }),
    { numRuns: 4 * numRuns },
  );
});

it('no measure of any book throws, or is no number', () => {
  fc.assert(
    fc.property(levels, levels, strange, (bids, asks, size) => {
      const sides = { bids, asks } as Pick<Depth, 'bids' | 'asks'>;
      for (const number of [mid(sides), spread(sides), microprice(sides), imbalance(3)(sides)]) {
        expect(number === undefined || Number.isFinite(number)).toBe(true);
      }
      sweepCost(size as number)(sides);
    }),
    { numRuns: 10 * numRuns },
  );
});

describe('an event of no instrument', () => {
  const nameless = [undefined, null, 7, NaN, true, {}, ['700.HK'], { toString: null }] as unknown as string[];
  const at = start + SECOND;
  const said = (symbol: string): readonly FeedEvent[] => [
    tradeAt(symbol, at, 99, { size: 5 }),
    quoteAt(symbol, at, 99, { volume: 50 }),
    depthAt(symbol, at, { bids: [{ price: 9, size: 1 }] }),
    klineAt(symbol, at, { volume: 7 }),
    subscribedAt(at, [{ channel: 'trade', symbol }]),
    unsubscribedAt(at, [{ channel: 'trade', symbol }]),
    refusedAt(at, [{ channel: 'trade', symbol }]),
  ];
  const good = (symbol: string): readonly FeedEvent[] => [
    tradeAt(symbol, start + 2 * SECOND, 10, { size: 3 }),
    depthAt(symbol, start + 2 * SECOND, { bids: [{ price: 8, size: 1 }], asks: [{ price: 9, size: 1 }] }),
    tradeAt(symbol, start + 3 * SECOND, 12, { size: 4 }),
  ];
  const played = (events: readonly FeedEvent[]): readonly Word[] =>
    events.map((event) => ({ at: event.receivedAt, event }));

  it.each(nameless)('whose symbol is %p is in no bar, no book and no staleness; the others go on', (symbol) => {
    const all = played([connectedAt(start), ...said(symbol), ...good('600000.SH')]);
    const without = played([connectedAt(start), ...good('600000.SH')]);
    const some = operators.filter(([name]) =>
      /^(toKlines|resampleKlines|perSymbol|orderBook|topOf|conso|stale)/.test(name),
    );
    for (const [name, operator] of some) {
      expect({ name, ...heard(all, operator) }).toEqual({ name, ...heard(without, operator) });
    }
    const closed = heard(all, toKlines('1m', { forming: false })).values;
    expect(closed).toMatchObject([{ symbol: '600000.SH', open: 10, close: 12, volume: 7, trades: 2 }]);
  });
});

import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import type { HistoryQuery } from '../../../lib/history/History.js';
import { InvalidOption, InvalidTopic } from '../../../lib/model/errors.js';
import type { Interval } from '../../../lib/model/interval.js';
import { binanceHistory, type BinanceHistoryOptions } from '../../../lib/providers/binance/index.js';
import { atTime } from '../../history/atTime.js';
import { fakeRest, heard, type Asked, type Reply } from '../../history/fakeRest.js';
import { served } from '../../history/loopback.js';
import { rowOf, trueBar } from '../../history/vendors.js';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const NOW = Date.UTC(2026, 6, 1, 9);
const OPEN = Date.UTC(2026, 6, 1, 2);

const query: HistoryQuery = { interval: '1m', symbols: ['BTCUSDT.BA'], from: OPEN, to: OPEN + 3 * MINUTE };
const rows = (count: number, first = OPEN) =>
  Array.from({ length: count }, (_, i) => rowOf(trueBar(first + i * MINUTE)));

type Rest = ReturnType<typeof fakeRest>;
type History = ReturnType<typeof binanceHistory>;

const asking = (
  answer: (asked: Asked) => Reply,
  check: (history: History, flush: () => void, rest: Rest) => void,
  options: BinanceHistoryOptions = {},
) =>
  atTime(NOW, (flush) => {
    const rest = fakeRest(answer);
    check(binanceHistory({ fetch: rest.fetch, ...options }), flush, rest);
  });

describe('binanceHistory', () => {
  it('is of the public interface, unless it says otherwise', () => {
    const { provider, feed, budget, settle, quotes, depths } = binanceHistory();
    expect({ provider, feed, budget, settle, quotes, depths }).toEqual({
      provider: 'binance',
      feed: 'binance',
      budget: { calls: 6_000, per: 60_000 },
      settle: 3_000,
    });
  });

  it.each<[string, Partial<Record<keyof BinanceHistoryOptions, unknown>>]>([
    ['restUrl', { restUrl: 'wss://data-api.binance.vision' }],
    ['restUrl', { restUrl: 'https://me:pass@data-api.binance.vision' }],
    ['budget.calls', { budget: { calls: 1.5, per: 1 } }],
    ['budget.per', { budget: { calls: 1, per: Infinity } }],
    ['fetch', { fetch: 7 }],
  ])('refuses at once what makes no sense: %s', (option, options) => {
    const wrong = options as unknown as BinanceHistoryOptions;
    expect(() => binanceHistory(wrong)).toThrow(InvalidOption);
    expect(() => binanceHistory(wrong)).toThrow(expect.objectContaining({ option }) as Error);
  });

  it('refuses a query at once that nobody could answer, with a remedy', () => {
    const { klines } = binanceHistory();
    expect(() => klines({ ...query, interval: '10m' })).toThrow(/resampleKlines\('10m'\) from bars of 5m/);
    expect(() => klines({ ...query, interval: '7m' as Interval })).toThrow(InvalidOption);
    expect(() => klines({ ...query, from: NaN })).toThrow(InvalidOption);
    for (const symbol of ['BTCUSDT', 'AAPL.US', 'btcusdt.BA']) {
      expect(() => klines({ ...query, symbols: [symbol] })).toThrow(InvalidTopic);
    }
  });
});

describe('the requests of binanceHistory', () => {
  it(
    'say all that the vendor has defaults for, and no credential',
    asking(
      () => ({ json: [] }),
      (history, flush, { asked }) => {
        heard(history.klines({ ...query, interval: '1h' }));
        flush();
        expect(asked).toMatchObject([
          {
            path: '/api/v3/klines',
            params: { symbol: 'BTCUSDT', interval: '1h', limit: '4', endTime: String(query.to + 60 * MINUTE - 1) },
          },
        ]);
        expect(Object.keys(asked[0]!.request.headers)).toEqual(['accept']);
      },
    ),
  );

  it(
    'ask for a thousand rows at most',
    asking(
      () => ({ json: [] }),
      (history, flush, { asked }) => {
        heard(history.klines({ ...query, from: 0 }));
        flush();
        expect(asked[0]?.params['limit']).toBe('1000');
      },
    ),
  );

  it(
    'weigh 2 each, of the budget of the address',
    asking(
      () => ({ json: rows(3) }),
      (history, flush, { asked }) => {
        const seen = [1, 2, 3].map(() => heard(history.klines(query)));
        flush();
        expect(seen.map(({ values }) => values.length)).toEqual([3, 3, 3]);
        expect(asked.map(({ at }) => at - NOW)).toEqual([0, 0, MINUTE]);
      },
      { budget: { calls: 5, per: MINUTE } },
    ),
  );

  it('go over a real connection', () =>
    served(
      (request, response) => {
        response.setHeader('content-type', 'application/json;charset=UTF-8');
        response.end(JSON.stringify(request.url?.startsWith('/api/v3/klines?symbol=BTCUSDT&') ? rows(3) : {}));
      },
      async (restUrl) => {
        const bars = await lastValueFrom(binanceHistory({ restUrl }).klines(query).pipe(toArray()));
        expect(bars.map(({ openTime }) => openTime)).toEqual([0, 1, 2].map((i) => OPEN + i * MINUTE));
      },
    ));
});

describe('a bar of binanceHistory', () => {
  // rest-api.md, "Kline/Candlestick data"
  const documented = [
    1499040000000,
    '0.01634790',
    '0.80000000',
    '0.01575800',
    '0.01577100',
    '148976.11427815',
    1499644799999,
    '2434.19055334',
    308,
    '1756.87402397',
    '28.46694368',
    '0',
  ];

  it(
    'has all that the vendor says of it',
    asking(
      () => ({ json: [documented] }),
      (history, flush) => {
        const span = { from: 1499040000000, to: 1499040000001 };
        const { values } = heard(history.klines({ ...query, interval: '1w', ...span }));
        flush();
        expect(values).toMatchObject([
          {
            kind: 'kline',
            provider: 'binance',
            feed: 'binance',
            symbol: 'BTCUSDT.BA',
            interval: '1w',
            openTime: 1499040000000,
            closeTime: 1499040000000 + 7 * DAY,
            open: 0.0163479,
            high: 0.8,
            low: 0.015758,
            close: 0.015771,
            volume: 148976.11427815,
            turnover: 2434.19055334,
            trades: 308,
            buyVolume: 1756.87402397,
            sellVolume: 147219.24025418,
            vwap: 2434.19055334 / 148976.11427815,
            closed: true,
            source: 'provider',
          },
        ]);
      },
    ),
  );

  it(
    'without trades is one all the same, with the price before it and no average',
    asking(
      () => ({ json: [[OPEN, '5', '5', '5', '5', '0.00000000', OPEN + MINUTE - 1, '0.00000000', 0, '0', '0', '0']] }),
      (history, flush) => {
        const { values } = heard(history.klines(query));
        flush();
        expect(values).toMatchObject([{ open: 5, close: 5, volume: 0, trades: 0, buyVolume: 0, sellVolume: 0 }]);
        expect(values[0]?.vwap).toBeUndefined();
      },
    ),
  );

  it.each<[string, readonly unknown[]]>([
    ['is short', [OPEN, '1', '2', '1']],
    ['has a price that is none', [OPEN, 'NaN', '2', '1', '1', '1', 0, '1', 1, '1', '1', '0']],
    ['has no stamp', ['x', '1', '2', '1', '1', '1', 0, '1', 1, '1', '1', '0']],
  ])('that %s costs itself, and not the others', (_, row) =>
    asking(
      () => ({ json: [row, null, 7, {}, ...rows(2, OPEN + MINUTE)] }),
      (history, flush) => {
        const { values, end } = heard(history.klines(query));
        flush();
        expect(values.map(({ openTime }) => openTime)).toEqual([OPEN + MINUTE, OPEN + 2 * MINUTE]);
        expect(end.complete).toBe(true);
      },
    )(),
  );

  it.each(['-1', '101', 'x', null])('says nothing of sides where buyers took %p of 100', (bought) =>
    asking(
      () => ({ json: [[OPEN, '5', '5', '5', '5', '100', OPEN + MINUTE - 1, '500', -1, bought, '0', '0']] }),
      (history, flush) => {
        const { values } = heard(history.klines(query));
        flush();
        expect(values).toMatchObject([{ volume: 100, vwap: 5 }]);
        for (const figure of ['buyVolume', 'sellVolume', 'trades'] as const)
          expect(values[0]?.[figure]).toBeUndefined();
      },
    )(),
  );

  it.each<[string, unknown]>([
    ['an object', {}],
    ['an object with rows', { data: rows(3) }],
    ['rows that are none', [null, 7, {}, []]],
    ['null', null],
  ])('cannot be had of %s', (_, json) =>
    asking(
      () => ({ json }),
      (history, flush) => {
        const { end } = heard(history.klines(query));
        flush();
        expect(end.error).toMatchObject({ _tag: 'HistoryUnavailable' });
      },
    )(),
  );

  it('of an unknown symbol is refused in the vendor’s words', async () => {
    const { fetch } = fakeRest(() => ({ status: 400, json: { code: -1121, msg: 'Invalid symbol.' } }));
    await expect(firstValueFrom(binanceHistory({ fetch }).klines(query))).rejects.toMatchObject({
      _tag: 'HistoryRefused',
      status: 400,
      code: '-1121',
      reason: 'Invalid symbol.',
    });
  });
});

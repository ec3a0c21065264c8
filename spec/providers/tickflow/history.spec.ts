import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import type { HistoryQuery } from '../../../lib/history/History.js';
import { InvalidOption, InvalidTopic } from '../../../lib/model/errors.js';
import type { Interval } from '../../../lib/model/interval.js';
import * as browser from '../../../lib/providers/tickflow/browser.js';
import { tickflowHistory, type TickflowHistoryOptions } from '../../../lib/providers/tickflow/index.js';
import { atTime } from '../../history/atTime.js';
import { fakeRest, heard, ownCredential, type Asked, type Reply } from '../../history/fakeRest.js';
import { served } from '../../history/loopback.js';
import { columnsOf, trueBar, vendors, type TrueBar } from '../../history/vendors.js';
import { formOf } from '../../secrets/formOf.cjs';
import { SECRET } from '../../secrets/secret.cjs';

const MINUTE = 60_000;
/** Half past three in the afternoon of a Wednesday in Shanghai and in Hong Kong. */
const NOW = Date.UTC(2026, 6, 1, 9);
const OPEN = Date.UTC(2026, 6, 1, 2);

const query: HistoryQuery = { interval: '1m', symbols: ['600000.SH'], from: OPEN, to: OPEN + 3 * MINUTE };
const bars = (count: number, first = OPEN): readonly TrueBar[] =>
  Array.from({ length: count }, (_, i) => trueBar(first + i * MINUTE));

type Rest = ReturnType<typeof fakeRest>;
type History = ReturnType<typeof tickflowHistory>;

const asking = (
  answer: (asked: Asked) => Reply,
  check: (history: History, flush: () => void, rest: Rest) => void,
  options: Partial<TickflowHistoryOptions> = {},
) =>
  atTime(NOW, (flush) => {
    const rest = fakeRest(answer);
    const apiKey = ownCredential(SECRET);
    check(tickflowHistory({ apiKey, fetch: rest.fetch, budget: { calls: 500, per: 1 }, ...options }), flush, rest);
  });

describe('tickflowHistory', () => {
  it('is one of a small plan, unless it says otherwise', () => {
    const { provider, budget, settle } = tickflowHistory({ apiKey: 'k' });
    expect({ provider, budget, settle }).toEqual({
      provider: 'tickflow',
      budget: { calls: 60, per: 60_000 },
      settle: 5_000,
    });
    expect(browser.tickflowHistory).toBe(tickflowHistory);
  });

  it.each<[string, Partial<Record<keyof TickflowHistoryOptions, unknown>>]>([
    ['apiKey', { apiKey: ' ' }],
    ['url', { url: 'wss://api.tickflow.org' }],
    ['url', { url: 'https://me:pass@api.tickflow.org' }],
    ['budget.calls', { budget: { calls: 1.5, per: 1 } }],
    ['budget.per', { budget: { calls: 1, per: Infinity } }],
    ['fetch', { fetch: 7 }],
  ])('refuses at once what makes no sense: %s', (option, options) => {
    const wrong = { apiKey: 'k', ...options } as unknown as TickflowHistoryOptions;
    expect(() => tickflowHistory(wrong)).toThrow(InvalidOption);
    expect(() => tickflowHistory(wrong)).toThrow(expect.objectContaining({ option }) as Error);
  });

  it('refuses a query at once that nobody could answer, with a remedy', () => {
    const { klines, quotes } = tickflowHistory({ apiKey: 'k' });
    expect(() => klines({ ...query, interval: '4h' })).toThrow(/resampleKlines\('4h'\) from bars of 1h/);
    expect(() => klines({ ...query, interval: '2h' })).toThrow(InvalidOption);
    expect(() => klines({ ...query, interval: '3m' })).toThrow(/resampleKlines\('3m'\) from bars of 1m/);
    expect(() => klines({ ...query, interval: '3d' })).toThrow(/resampleKlines\('3d'\) from bars of 1d/);
    expect(() => klines({ ...query, interval: '1s' })).toThrow(/no bars of 1s, nor shorter ones; .* toKlines\('1s'\)/);
    expect(() => klines({ ...query, interval: '7m' as Interval })).toThrow(InvalidOption);
    expect(() => klines({ ...query, from: NaN })).toThrow(InvalidOption);
    expect(() => klines({ ...query, symbols: ['600000'] })).toThrow(InvalidTopic);
    expect(() => quotes!(['600000'])).toThrow(InvalidTopic);
  });
});

describe('the requests of tickflowHistory', () => {
  it(
    'say all that the vendor has defaults for',
    asking(
      () => ({ json: { data: columnsOf([]) } }),
      (history, flush, { asked }) => {
        heard(history.klines({ ...query, symbols: ['700.HK'], interval: '1h' }));
        flush();
        expect(asked[0]).toMatchObject({
          path: '/v1/klines',
          params: {
            symbol: '00700.HK',
            period: '60m',
            count: '4',
            adjust: 'none',
            start_time: String(OPEN - 60 * MINUTE),
            end_time: String(query.to + 60 * MINUTE),
          },
        });
      },
    ),
  );

  it(
    'ask for a hundred symbols together',
    asking(vendors.tickflow.answer(new Map([['600000.SH', bars(5)]])), (history, flush, { asked }) => {
      const symbols = Array.from({ length: 101 }, (_, i) => `${600_000 + i}.SH`);
      const { values, end } = heard(history.klines({ ...query, symbols }));
      flush();
      expect(
        asked.map(({ path, params }) => [path, params['symbols']?.split(',').length, params['symbol']]).slice(0, 2),
      ).toEqual([
        ['/v1/klines/batch', 100, undefined],
        ['/v1/klines', undefined, '600100.SH'],
      ]);
      expect([values.length, end.complete, asked.length]).toEqual([3, true, 2]);
    }),
  );

  it(
    'ask for fewer rows of many symbols',
    asking(
      () => ({ json: { data: {} } }),
      (history, flush, { asked }) => {
        const symbols = Array.from({ length: 100 }, (_, i) => `${600_000 + i}.SH`);
        for (const some of [symbols, symbols.slice(0, 1)]) heard(history.klines({ ...query, from: 0, symbols: some }));
        flush();
        expect(asked.map(({ params }) => params['count'])).toEqual(['1000', '5000']);
      },
    ),
  );
});

describe('the bars of tickflowHistory', () => {
  it(
    'are in the unit of the vendor, and without what is no bar',
    asking(
      () => {
        const columns = columnsOf(bars(5));
        const close = columns['close']!.map((price, i) => (i === 1 ? null : price));
        return {
          json: { data: { ...columns, close, prev_close: [1], amount: [...columns['amount']!.slice(1), 'x'] } },
        };
      },
      (history, flush) => {
        const { values } = heard(history.klines({ ...query, to: NOW }));
        flush();
        expect(values.map(({ openTime, volume, turnover }) => [(openTime - OPEN) / MINUTE, volume, turnover])).toEqual(
          [0, 2, 3, 4].map((i) => [
            i,
            trueBar(OPEN + i * MINUTE).v,
            i === 4 ? undefined : trueBar(OPEN + (i + 1) * MINUTE).tu,
          ]),
        );
      },
    ),
  );

  it(
    'are none of a halted day, whose row repeats the close before',
    asking(
      () => ({ json: { data: { timestamp: [OPEN], open: [0], high: [0], low: [0], close: [9.8], volume: [0] } } }),
      (history, flush) => {
        const { values, end } = heard(history.klines({ ...query, interval: '1d', to: NOW + 86_400_000 }));
        flush();
        expect([values, end.complete]).toEqual([[], true]);
      },
    ),
  );

  it.each(['timestamp', 'open', 'high', 'low', 'close', 'volume'])(
    'are not guessed where the column of %s is shorter: no value may shift to another row',
    (name) =>
      asking(
        ({ path }) => {
          const columns = columnsOf(bars(5));
          const cut = { ...columns, [name]: columns[name]!.slice(1) };
          return { json: { data: path.endsWith('batch') ? { '600000.SH': columns, '000001.SZ': cut } : cut } };
        },
        (history, flush) => {
          const all = [
            heard(history.klines(query)),
            heard(history.klines({ ...query, symbols: ['000001.SZ', '600000.SH'] })),
          ];
          flush();
          expect(all.map(({ values }) => values.length)).toEqual([0, 3]);
          for (const { end } of all)
            expect(end.error).toMatchObject({
              _tag: 'HistoryUnavailable',
              reason: expect.stringMatching(/differ in length/) as string,
            });
        },
      )(),
  );

  it(
    'have no turnover where its column is shorter',
    asking(
      () => ({ json: { data: { ...columnsOf(bars(3)), amount: [1, 2] } } }),
      (history, flush) => {
        const { values } = heard(history.klines(query));
        flush();
        expect(values.map(({ turnover }) => turnover)).toEqual([undefined, undefined, undefined]);
      },
    ),
  );

  it.each([
    ['600000.SH', '1m', Date.UTC(2026, 6, 1, 7), 1],
    ['600000.SH', '5m', Date.UTC(2026, 6, 1, 7), 5],
    ['000001.SZ', '1h', Date.UTC(2026, 6, 1, 7), 60],
    ['700.HK', '1m', Date.UTC(2026, 6, 1, 8), 1],
    ['AAPL.US', '1m', Date.UTC(2026, 5, 30, 20), 1],
  ] as const)('of %s have the closing auction in the last one: %s', (symbol, interval, close, length) => {
    const last = { ...trueBar(close - length * MINUTE), o: 10, h: 11, l: 9, c: 10, v: 5.1, tu: 51 };
    const auction = { t: close, o: 12, h: 12, l: 12, c: 12, v: 7.2, tu: 84 };
    asking(
      () => ({ json: { data: columnsOf([auction, last]) } }),
      (history, flush) => {
        const asked = { interval, symbols: [symbol], from: close - 3_600_000 } as const;
        const [until, beyond, after] = [
          heard(history.klines({ ...asked, to: close })),
          heard(history.klines({ ...asked, to: NOW })),
          heard(history.klines({ ...asked, from: close, to: NOW })),
        ];
        flush();
        const merged = {
          openTime: last.t,
          closeTime: close,
          time: last.t,
          open: 10,
          high: 12,
          low: 9,
          close: 12,
          volume: 12.3,
          turnover: 135,
          closed: true,
          coverage: 1,
          revision: 0,
          source: 'provider',
        };
        expect(until.values).toEqual([expect.objectContaining(merged)]);
        expect(beyond.values).toEqual(until.values);
        expect(after.values).toEqual([]);
      },
    )();
  });

  it.each([
    ['the auction', 7, 0, { open: 10, high: 11, low: 9, close: 10, volume: 7, turnover: 51 }],
    ['the last one', 0, 7, { open: 12, high: 12, low: 12, close: 12, volume: 7, turnover: 135 }],
  ])('have the prices of the other where nothing was traded in %s', (_name, before, after, merged) => {
    const close = Date.UTC(2026, 6, 1, 7);
    const last = { t: close - MINUTE, o: 10, h: 11, l: 9, c: 10, v: before, tu: 51 };
    const auction = { t: close, o: 12, h: 12, l: 12, c: 12, v: after, tu: 84 };
    asking(
      () => ({ json: { data: columnsOf([last, auction]) } }),
      (history, flush) => {
        const { values } = heard(history.klines({ ...query, from: close - MINUTE, to: close }));
        flush();
        expect(values).toEqual([expect.objectContaining(merged)]);
      },
    )();
  });

  it(
    'stay as they are at other full hours, and where the last one is missing',
    asking(
      () => ({ json: { data: columnsOf([...bars(3, OPEN - MINUTE), trueBar(Date.UTC(2026, 6, 1, 7))]) } }),
      (history, flush) => {
        const { values } = heard(history.klines({ ...query, from: OPEN - MINUTE, to: NOW }));
        flush();
        expect(values.map(({ openTime }) => (openTime - OPEN) / MINUTE)).toEqual([-1, 0, 1, 300]);
      },
    ),
  );

  it.each([
    [
      'HTTP 404',
      { status: 404, json: { code: 'NOT_FOUND', message: 'no such symbol' } },
      { status: 404, code: 'NOT_FOUND', reason: 'no such symbol' },
    ],
    ['HTTP 400', { status: 400, json: { code: 'INVALID', message: 'bad period' } }, { status: 400, code: 'INVALID' }],
    [
      'HTTP 200 and a code',
      { json: { code: 'UNAUTHORIZED', message: 'invalid api key' } },
      { status: undefined, code: 'UNAUTHORIZED' },
    ],
  ])('are refused by %s', (_name, reply, error) =>
    asking(
      () => reply,
      (history, flush) => {
        const { end } = heard(history.klines(query));
        flush();
        expect(end.error).toMatchObject({ _tag: 'HistoryRefused', ...error });
      },
    )(),
  );
});

describe('what HTTP 200 of TickFlow says against a request', () => {
  it.each([
    [{ code: 429, message: 'slow down' }, { retryAfter: 8_000 }],
    [{ code: 'TOO_MANY_REQUESTS', message: '请 9000 ms 后重试' }, { retryAfter: 9_000 }],
    [{ error: 'no' }, { code: undefined, reason: 'no', retryAfter: undefined }],
    [
      { code: 'X', message: '' },
      { code: 'X', reason: 'refused without a reason' },
    ],
    [
      { code: {}, message: 'odd' },
      { code: undefined, reason: 'odd' },
    ],
  ])('is an error: %j', (json, error) =>
    asking(
      () => ({ json }),
      (history, flush) => {
        const { end } = heard(history.klines(query));
        flush();
        expect(end.error).toMatchObject({ _tag: 'HistoryRefused', status: undefined, ...error });
      },
    )(),
  );

  it.each([{ data: null }, {}, { data: { timestamp: [], open: [], high: [], low: [], close: [], volume: [] } }])(
    'is nothing where there are no data: %j',
    (json) =>
      asking(
        () => ({ json }),
        (history, flush) => {
          const { values, end } = heard(history.klines(query));
          flush();
          expect([values, end.complete]).toEqual([[], true]);
        },
      )(),
  );

  it.each([{ data: [1] }, { data: { timestamp: [OPEN] } }])('is garbage where the data are no bars: %j', (json) =>
    asking(
      () => ({ json }),
      (history, flush) => {
        const all = [
          heard(history.klines(query)),
          heard(history.klines({ ...query, symbols: ['600000.SH', '700.HK'] })),
        ];
        flush();
        expect(all[0]?.end.error).toMatchObject({ _tag: 'HistoryUnavailable' });
        expect(all.flatMap(({ values }) => values)).toEqual([]);
      },
    )(),
  );

  it(
    'leaves a row out whose time cannot be one',
    asking(
      () => ({ json: { data: { ...columnsOf(bars(3)), timestamp: [OPEN, 'noon', OPEN + 2 * MINUTE] } } }),
      (history, flush) => {
        const { values } = heard(history.klines(query));
        flush();
        expect(values.map(({ openTime }) => openTime - OPEN)).toEqual([0, 2 * MINUTE]);
      },
    ),
  );
});

describe('the newest of tickflowHistory', () => {
  it.each([null, 'none', { '600000.SH': 7 }])('are none where the answer has none: %j', (data) =>
    asking(
      () => ({ json: { data } }),
      (history, flush) => {
        const all = [heard(history.quotes!(['600000.SH'])), heard(history.depths!([]))];
        flush();
        for (const { values, end } of all) expect([values, end.complete]).toEqual([[], true]);
      },
    )(),
  );

  const quote = (symbol: string) => ({
    symbol,
    last_price: 9.72,
    prev_close: 9.78,
    volume: 426_585,
    amount: 1,
    timestamp: NOW - 800,
    session: 'regular',
  });

  it(
    'are quotes, more than twenty of them by POST',
    asking(
      ({ params, request: { body } }) => {
        const { symbols = params['symbols']?.split(',') ?? [] } = JSON.parse(body ?? '{}') as {
          symbols?: readonly string[];
        };
        return { json: { data: [...symbols.map(quote), quote('999999.SH'), { symbol: '600000.SH' }, 7] } };
      },
      (history, flush, { asked }) => {
        const many = Array.from({ length: 21 }, (_, i) => `${600_000 + i}.SH`);
        const [few, more] = [heard(history.quotes!(['700.HK', '600000.SH'])), heard(history.quotes!(many))];
        flush();
        expect(asked.map(({ path, request }) => [path, request.method, request.headers['content-type']])).toEqual([
          ['/v1/quotes', 'GET', undefined],
          ['/v1/quotes', 'POST', 'application/json'],
        ]);
        expect(few.values.map(({ symbol, sizeUnit }) => [symbol, sizeUnit])).toEqual([
          ['700.HK', 'shares'],
          ['600000.SH', 'lots'],
        ]);
        expect(few.values[1]).toMatchObject({
          kind: 'quote',
          provider: 'tickflow',
          feed: 'tickflow',
          last: 9.72,
          volume: 426_585,
          time: NOW - 800,
        });
        expect(more.values.map(({ symbol }) => symbol)).toEqual(many);
      },
    ),
  );

  it(
    'are depths, of one symbol or of several',
    asking(
      ({ path, params }) => {
        const depth = { timestamp: NOW, bid_prices: [9.7], bid_volumes: [100], ask_prices: [], ask_volumes: [] };
        if (path === '/v1/depth') return { json: { data: { symbol: params['symbol'], ...depth } } };
        return {
          json: { data: Object.fromEntries((params['symbols'] ?? '').split(',').map((symbol) => [symbol, depth])) },
        };
      },
      (history, flush, { asked }) => {
        const [one, two] = [heard(history.depths!(['600000.SH'])), heard(history.depths!(['600000.SH', '700.HK']))];
        flush();
        expect(asked.map(({ path }) => path)).toEqual(['/v1/depth', '/v1/depth/batch']);
        expect(one.values).toEqual([
          expect.objectContaining({
            kind: 'depth',
            symbol: '600000.SH',
            bids: [{ price: 9.7, size: 100, orders: undefined }],
            asks: [],
          }),
        ]);
        expect(two.values.map(({ symbol }) => symbol)).toEqual(['600000.SH', '700.HK']);
      },
    ),
  );

  it(
    'have no stamp that cannot be one, and no credential in it',
    asking(
      () => ({ json: { data: [{ ...quote('600000.SH'), timestamp: `at ${SECRET}` }] } }),
      (history, flush) => {
        const { values } = heard(history.quotes!(['600000.SH']));
        flush();
        expect(values).toEqual([expect.objectContaining({ time: NOW, vendorTime: 'at ***', feed: 'tickflow' })]);
      },
    ),
  );
});

describe('tickflowHistory over a real connection', () => {
  it('reads bars, quotes, depths and errors', () =>
    served(
      (request, response, body) => {
        const { pathname } = new URL(request.url ?? '', 'http://x');
        if (formOf(SECRET, String(request.headers['x-api-key'])) !== 'plain') {
          return void response.writeHead(403).end('{"code":"FORBIDDEN","message":"who?"}');
        }
        const data = pathname.startsWith('/v1/klines')
          ? columnsOf(bars(3))
          : request.method === 'POST'
            ? (JSON.parse(body) as { symbols: readonly string[] }).symbols.map((symbol) => ({ symbol, last_price: 5 }))
            : { symbol: '600000.SH', bid_prices: [1], bid_volumes: [2] };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
      },
      async (url) => {
        const { klines, quotes, depths } = tickflowHistory({ apiKey: SECRET, url, budget: { calls: 100, per: 1 } });
        expect(await lastValueFrom(klines(query).pipe(toArray()))).toHaveLength(3);
        expect(await firstValueFrom(depths!(['600000.SH']))).toMatchObject({ bids: [{ price: 1, size: 2 }] });
        const many = Array.from({ length: 30 }, (_, i) => `${600_000 + i}.SH`);
        expect(await lastValueFrom(quotes!(many).pipe(toArray()))).toHaveLength(30);
        const stranger = tickflowHistory({ apiKey: 'x', url });
        await expect(lastValueFrom(stranger.klines(query))).rejects.toMatchObject({
          _tag: 'HistoryRefused',
          status: 403,
          code: 'FORBIDDEN',
        });
      },
    ));
});

import { once } from 'node:events';
import { EMPTY, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import type { HistoryQuery } from '../../../lib/history/History.js';
import { InvalidOption, InvalidTopic } from '../../../lib/model/errors.js';
import type { Interval } from '../../../lib/model/interval.js';
import { pastKlines } from '../../../lib/providers/itick/bars.js';
import * as browser from '../../../lib/providers/itick/browser.js';
import { itickHistory, type ItickHistoryOptions } from '../../../lib/providers/itick/index.js';
import { atTime } from '../../history/atTime.js';
import { fakeRest, heard, ownCredential, type Asked, type Reply } from '../../history/fakeRest.js';
import { served } from '../../history/loopback.js';
import { trueBar } from '../../history/vendors.js';
import { formOf } from '../../secrets/formOf.cjs';
import { SECRET } from '../../secrets/secret.cjs';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 6, 1, 3);
const OPEN = NOW - 60 * MINUTE;

const query: HistoryQuery = { interval: '1m', symbols: ['AAPL.US'], from: OPEN, to: OPEN + 3 * MINUTE };
const ok = (data: unknown): Reply => ({ json: { code: 0, msg: null, data } });
const bars = (step: number, count: number) =>
  Array.from({ length: count }, (_, i) => trueBar(OPEN + i * step * MINUTE));

type Rest = ReturnType<typeof fakeRest>;
type History = ReturnType<typeof itickHistory>;

const asking = (
  answer: (asked: Asked) => Reply,
  check: (history: History, flush: () => void, rest: Rest) => void,
  options: Partial<ItickHistoryOptions> = {},
) =>
  atTime(NOW, (flush) => {
    const rest = fakeRest(answer);
    const token = ownCredential(SECRET);
    const history = itickHistory({
      token,
      market: 'stock',
      fetch: rest.fetch,
      budget: { calls: 500, per: 1 },
      ...options,
    });
    check(history, flush, rest);
  });

describe('itickHistory', () => {
  it('is one of the free plan, unless it says otherwise', () => {
    const { provider, budget, settle } = itickHistory({ token: 'k', market: 'stock' });
    expect({ provider, budget, settle }).toEqual({
      provider: 'itick',
      budget: { calls: 5, per: 60_000 },
      settle: 30_000,
    });
    expect(browser.itickHistory).toBe(itickHistory);
  });

  it.each<[string, Partial<Record<keyof ItickHistoryOptions, unknown>>]>([
    ['market', { market: 'stonks' }],
    ['token', { token: '' }],
    ['url', { url: 'wss://api.itick.org' }],
    ['url', { url: 'https://api.itick.org?token=1' }],
    ['url', { url: 'api.itick.org' }],
    ['budget.calls', { budget: { calls: 0, per: 1 } }],
    ['budget.per', { budget: { calls: 1, per: 0 } }],
    ['fetch', { fetch: 'fetch' }],
  ])('refuses at once what makes no sense: %s', (option, options) => {
    const wrong = { token: 'k', market: 'stock', ...options } as unknown as ItickHistoryOptions;
    expect(() => itickHistory(wrong)).toThrow(InvalidOption);
    expect(() => itickHistory(wrong)).toThrow(expect.objectContaining({ option }) as Error);
  });

  it('refuses a query at once that nobody could answer', () => {
    const { klines, quotes } = itickHistory({ token: 'k', market: 'stock' });
    expect(() => klines({ ...query, interval: '3m' })).toThrow(InvalidOption);
    expect(() => klines({ ...query, from: NaN })).toThrow(InvalidOption);
    expect(() => klines({ ...query, to: NaN })).toThrow(InvalidOption);
    expect(() => klines({ ...query, symbols: ['AAPL'] })).toThrow(InvalidTopic);
    expect(() => quotes!(['AAPL'])).toThrow(InvalidTopic);
  });

  it('refuses bars at once that the vendor has not, also where others have them', () => {
    const klines = (): unknown => pastKlines(() => EMPTY, 'itick:stock', { ...query, interval: '3m' });
    expect(klines).toThrow(InvalidOption);
    expect(klines).toThrow(/no bars of 3m; make them with resampleKlines\('3m'\) from bars of 1m/);
  });
});

describe('the requests of itickHistory', () => {
  it.each<[string, string, Record<string, string>]>([
    ['AAPL.US', '1m', { region: 'US', code: 'AAPL', kType: '1' }],
    ['00700.HK', '1h', { region: 'HK', code: '700', kType: '5' }],
    ['BRK.B.US', '1d', { region: 'US', code: 'BRK.B', kType: '8' }],
    ['RELIANCE.NSE.IN', '1M', { region: 'IN', code: 'RELIANCE', exchange: 'NSE', kType: '10' }],
  ])('name %s as the vendor does, with the code of %s', (symbol, interval, params) =>
    asking(
      () => ok([]),
      (history, flush, { asked }) => {
        heard(history.klines({ ...query, symbols: [symbol], interval: interval as Interval }));
        flush();
        expect(asked[0]).toMatchObject({
          path: '/stock/kline',
          params: { ...params, limit: expect.any(String) as string },
        });
      },
    )(),
  );

  it(
    'ask for one bar beyond the end, and for no more rows than the vendor allows',
    asking(
      () => ok([]),
      (history, flush, { asked }) => {
        heard(history.klines(query));
        heard(history.klines({ ...query, from: 0 }));
        flush();
        expect(asked.map(({ params }) => [Number(params['et']) - OPEN, params['limit']])).toEqual([
          [4 * MINUTE, '6'],
          [4 * MINUTE, '500'],
        ]);
      },
    ),
  );

  it(
    'go to the host of the account, and to the market',
    asking(
      () => ok([]),
      (history, flush, { asked }) => {
        heard(history.klines(query));
        flush();
        expect(asked[0]?.path).toBe('/itick/crypto/kline');
      },
      { market: 'crypto', url: 'https://proxy.example/itick/' },
    ),
  );
});

describe('the bars of itickHistory', () => {
  it(
    'are emitted without those that are no bars, and zeros before the first trade',
    asking(
      () =>
        ok([
          ...bars(1, 3),
          { ...trueBar(OPEN + MINUTE), c: 'x' },
          null,
          7,
          { t: OPEN },
          { ...trueBar(OPEN), o: 0, h: 0, l: 0, c: 0, v: 0 },
        ]),
      (history, flush) => {
        const { values } = heard(history.klines(query));
        flush();
        expect(values.map(({ openTime }) => openTime)).toEqual([0, 1, 2].map((i) => OPEN + i * MINUTE));
      },
    ),
  );

  it.each([
    ['seconds', (time: number) => time / 1_000],
    ['text', String],
    ['ISO', (time: number) => new Date(time).toISOString()],
  ])('may have their times in %s', (_name, form) =>
    asking(
      () => ok(bars(1, 3).map((bar) => ({ ...bar, t: form(bar.t) }))),
      (history, flush) => {
        const { values } = heard(history.klines(query));
        flush();
        expect(values.map(({ openTime }) => openTime)).toEqual([0, 1, 2].map((i) => OPEN + i * MINUTE));
      },
    )(),
  );

  it.each([
    [
      'E001',
      { code: 'E001', msg: 'not found this produce', data: null },
      { code: 'E001', reason: 'not found this produce' },
      2,
    ],
    ['E002', { code: 'E002', msg: 'auth failed' }, { code: 'E002', reason: 'auth failed' }, 1],
    ['E003', { code: 'E003', msg: 'exceeding the maximum subscription limit' }, { code: 'E003' }, 2],
    ['no words', { code: 'E009' }, { code: 'E009', reason: 'refused without a reason' }, 2],
    ['a code that is none', { code: {}, msg: 'no' }, { code: undefined, reason: 'no' }, 2],
    ['another number', { code: 1, msg: 'no' }, { code: '1', reason: 'no' }, 2],
    [
      'a message of the gateway',
      { message: 'Invalid API key in request' },
      { code: undefined, reason: 'Invalid API key in request' },
      1,
    ],
  ])('are refused by HTTP 200 with %s', (_name, json, error, requests) =>
    asking(
      () => ({ json }),
      (history, flush, { asked }) => {
        const first = heard(history.klines(query));
        flush();
        const second = heard(history.klines(query));
        flush();
        for (const { end } of [first, second])
          expect(end.error).toMatchObject({ _tag: 'HistoryRefused', status: undefined, ...error });
        expect(asked.length).toBe(requests);
      },
    )(),
  );

  it(
    'wait where the vendor says with HTTP 200 that there were too many',
    asking(
      ({ at }) => (at === NOW ? { json: { code: 429, msg: 'too many requests' } } : ok(bars(1, 3))),
      (history, flush) => {
        const { values } = heard(history.klines(query));
        flush();
        expect(values.map(({ receivedAt }) => receivedAt - NOW)).toEqual([1_000, 1_000, 1_000]);
      },
    ),
  );

  describe('of code 3', () => {
    const ten = { ...query, interval: '10m', to: NOW } as const;
    const fifteen = { ...ten, interval: '15m' } as const;

    it.each([
      [10, ten],
      [15, fifteen],
    ])('are emitted where they are as long as was asked: %d', (step, asked) =>
      asking(
        () => ok(bars(step, 60 / step)),
        (history, flush) => {
          const { values, end } = heard(history.klines(asked));
          flush();
          expect([values.length, values[0]?.interval, end.complete]).toEqual([60 / step, asked.interval, true]);
        },
      )(),
    );

    it.each([
      [10, fifteen],
      [15, ten],
    ])('are refused, with a remedy, where they are not: %d', (step, asked) =>
      asking(
        () => ok(bars(step, 60 / step)),
        (history, flush) => {
          const { values, end } = heard(history.klines(asked));
          flush();
          expect(values).toEqual([]);
          expect(end.error).toMatchObject({
            _tag: 'HistoryRefused',
            reason: expect.stringMatching(/resampleKlines\('1[05]m'\) from bars of 5m/) as string,
          });
        },
      )(),
    );

    it(
      'are judged by their neighbours, where one was asked for',
      asking(
        () => ok(bars(10, 6)),
        (history, flush, { asked }) => {
          const { values } = heard(history.klines({ ...ten, from: OPEN + 30 * MINUTE, to: OPEN + 40 * MINUTE }));
          flush();
          expect([values.length, asked[0]?.params['limit']]).toEqual([1, '20']);
        },
      ),
    );

    it(
      'are taken for fifteen minutes where nothing tells',
      asking(
        () => ok(bars(15, 1)),
        (history, flush) => {
          const all = [heard(history.klines(fifteen)), heard(history.klines(ten))];
          flush();
          expect(all.map(({ values }) => values.length)).toEqual([1, 0]);
          expect(all[1]?.end.error).toMatchObject({ _tag: 'HistoryRefused' });
        },
      ),
    );
  });
});

describe('the newest of itickHistory', () => {
  const quote = (s: string, more: object = {}) => ({
    s,
    ld: 616,
    o: 608,
    p: 608,
    h: 616,
    l: 601.5,
    t: NOW - 500,
    v: 17_825_495,
    tu: 1,
    ts: 0,
    ...more,
  });

  it(
    'are quotes, ten of a region with one request, in the caller’s spelling',
    asking(
      ({ path, params }) => {
        const codes = params['codes']?.split(',') ?? [];
        if (path === '/stock/quote') return ok(quote(params['code'] ?? ''));
        return ok(Object.fromEntries(codes.map((code) => [code, quote(code)])));
      },
      (history, flush, { asked }) => {
        const many = Array.from({ length: 11 }, (_, i) => `${i + 1}.HK`);
        const { values, end } = heard(history.quotes!(['AAPL.US', 'RELIANCE.NSE.IN', 'TSLA.US', '00700.HK', ...many]));
        flush();
        expect(
          asked.map(({ path, params }) => [
            path,
            params['region'],
            params['codes'] ?? params['code'],
            params['exchange'],
          ]),
        ).toEqual([
          ['/stock/quotes', 'US', 'AAPL,TSLA', undefined],
          ['/stock/quote', 'IN', 'RELIANCE', 'NSE'],
          ['/stock/quotes', 'HK', '700,1,2,3,4,5,6,7,8,9', undefined],
          ['/stock/quotes', 'HK', '10,11', undefined],
        ]);
        expect(values.map(({ symbol }) => symbol).slice(0, 3)).toEqual(['AAPL.US', 'TSLA.US', 'RELIANCE.NSE.IN']);
        expect(values.map(({ symbol }) => symbol).sort()).toEqual(
          ['AAPL.US', 'RELIANCE.NSE.IN', 'TSLA.US', '00700.HK', ...many].sort(),
        );
        expect([values.length, end.complete]).toEqual([15, true]);
        expect(values[0]).toMatchObject({
          kind: 'quote',
          provider: 'itick',
          feed: 'itick:stock',
          last: 616,
          time: NOW - 500,
          receivedAt: NOW,
          sizeUnit: 'shares',
          status: 'normal',
        });
      },
    ),
  );

  it(
    'are depths',
    asking(
      () => ok({ '700': { s: '700', a: [{ po: 1, p: 567, v: 13_400, o: 3 }], b: [] }, '9': { s: '9', a: [], b: [] } }),
      (history, flush, { asked }) => {
        const { values } = heard(history.depths!(['700.HK', '9988.HK']));
        flush();
        expect(asked[0]?.path).toBe('/stock/depths');
        expect(values).toEqual([
          expect.objectContaining({
            kind: 'depth',
            symbol: '700.HK',
            type: 'snapshot',
            asks: [{ price: 567, size: 13_400, orders: 3 }],
            bids: [],
            time: NOW,
          }),
        ]);
      },
    ),
  );

  it(
    'have no stamp that cannot be one, and no credential in it',
    asking(
      () => ok(quote('AAPL', { t: `${SECRET}, at noon` })),
      (history, flush) => {
        const { values } = heard(history.quotes!(['AAPL.US']));
        flush();
        expect(values).toEqual([
          expect.objectContaining({ time: NOW, vendorTime: '***, at noon', feed: 'itick:stock' }),
        ]);
      },
    ),
  );

  it.each([null, 'none', { AAPL: 7, TSLA: { s: 'TSLA' }, MSFT: { s: 'MSFT', ld: 1 } }])(
    'are none where the answer has none that was asked for: %j',
    (data) =>
      asking(
        () => ok(data),
        (history, flush) => {
          const all = [heard(history.quotes!(['AAPL.US', 'TSLA.US'])), heard(history.quotes!(['AAPL.US']))];
          flush();
          for (const { values, end } of all) expect([values, end.complete]).toEqual([[], true]);
        },
      )(),
  );

  it(
    'of currencies have no sizes and no unit of them',
    asking(
      () => ok({ EURUSD: { s: 'EURUSD', ld: 1.14, b: [{ p: 1.1, v: 0 }], a: [] } }),
      (history, flush) => {
        const symbols = ['EURUSD.GB', 'GBPUSD.GB'];
        const [quotes, depths] = [heard(history.quotes!(symbols)), heard(history.depths!(symbols))];
        flush();
        expect([...quotes.values, ...depths.values]).toEqual([
          expect.objectContaining({ feed: 'itick:forex', symbol: 'EURUSD.GB', sizeUnit: undefined }),
          expect.objectContaining({ bids: [{ price: 1.1, size: undefined, orders: undefined }] }),
        ]);
      },
      { market: 'forex' },
    ),
  );

  it(
    'are not asked for one by one where the credential is refused',
    asking(
      () => ({ status: 401, text: 'who?' }),
      (history, flush, { asked }) => {
        const { end } = heard(history.quotes!(['AAPL.US', 'TSLA.US']));
        flush();
        expect(end.error).toMatchObject({ status: 401 });
        expect(asked.length).toBe(1);
      },
    ),
  );

  it(
    'are asked for one by one where one of them is refused',
    asking(
      ({ params }) => {
        const said = params['codes'] ?? params['code'] ?? '';
        return said.includes('NONE') ? { json: { code: 'E001', msg: 'not found this produce' } } : ok(quote(said));
      },
      (history, flush, { asked }) => {
        const { values, end } = heard(history.quotes!(['AAPL.US', 'NONE.US', 'TSLA.US']));
        flush();
        expect(values.map(({ symbol }) => symbol)).toEqual(['AAPL.US', 'TSLA.US']);
        expect(end.error).toMatchObject({ code: 'E001' });
        expect(asked.length).toBe(4);
      },
    ),
  );
});

describe('itickHistory over a real connection', () => {
  it('reads bars, quotes and errors', () =>
    served(
      (request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
        const isKnown = formOf(SECRET, String(request.headers['token'])) === 'plain';
        if (!isKnown) return void response.writeHead(401).end('{"message":"who?"}');
        const code = searchParams.get('code');
        if (code === 'GONE') return void response.destroy();
        const data = pathname === '/stock/kline' ? bars(1, 3) : { s: code, ld: 5, t: OPEN };
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ code: 0, msg: null, data }));
      },
      async (url) => {
        const { klines, quotes } = itickHistory({
          token: SECRET,
          market: 'stock',
          url,
          budget: { calls: 100, per: 1 },
        });
        expect(await lastValueFrom(klines(query).pipe(toArray()))).toHaveLength(3);
        expect(await firstValueFrom(quotes!(['AAPL.US']))).toMatchObject({ symbol: 'AAPL.US', last: 5 });
        await expect(lastValueFrom(klines({ ...query, symbols: ['GONE.US'] }))).rejects.toMatchObject({
          _tag: 'HistoryUnavailable',
        });
        const stranger = itickHistory({ token: 'x', market: 'stock', url });
        await expect(lastValueFrom(stranger.klines(query))).rejects.toMatchObject({
          _tag: 'HistoryRefused',
          status: 401,
          reason: 'who?',
        });
      },
    ));

  it('follows no redirect with the token, and reads no endless answer', () =>
    served(
      (request, response) => {
        if (request.url?.includes('AAPL')) return void response.writeHead(302, { location: '/elsewhere' }).end();
        const chunk = Buffer.alloc(1 << 20, 'x');
        const more = (): void => {
          if (!response.destroyed && response.write(chunk)) setImmediate(more);
        };
        response.on('drain', more);
        more();
      },
      async (url) => {
        const { klines } = itickHistory({ token: 'k', market: 'stock', url, budget: { calls: 100, per: 1 } });
        await expect(lastValueFrom(klines(query))).rejects.toMatchObject({
          reason: expect.stringMatching(/redirect/) as string,
        });
        const endless = lastValueFrom(klines({ ...query, symbols: ['TSLA.US'] }));
        await expect(endless).rejects.toMatchObject({ reason: 'the answer is larger than 33554432 bytes' });
      },
    ));

  it('ends the request when it is unsubscribed', () => {
    let closed: Promise<unknown> = Promise.resolve();
    let arrived = (): void => undefined;
    const arrives = new Promise<void>((resolve) => (arrived = resolve));
    return served(
      (_request, response) => {
        closed = once(response, 'close');
        arrived();
      },
      async (url) => {
        const { klines } = itickHistory({ token: 'k', market: 'stock', url, budget: { calls: 100, per: 1 } });
        const subscription = klines(query).subscribe();
        await arrives;
        subscription.unsubscribe();
        await closed;
      },
    );
  });
});

import { asyncScheduler } from 'rxjs';
import { HistoryRefused, HistoryUnavailable } from '../../../lib/history/errors.js';
import { depths } from '../../../lib/model/topic.js';
import { binance, binanceHistory } from '../../../lib/providers/binance/index.js';
import { binanceRest, isUnknownSymbol, wholeBook } from '../../../lib/providers/binance/rest.js';
import { dataReader } from '../../../lib/providers/binance/readData.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import { atTime } from '../../history/atTime.js';
import { fakeRest, heard, type Asked, type Reply } from '../../history/fakeRest.js';

const NOW = Date.UTC(2026, 6, 1, 9);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const URL = 'https://data-api.binance.vision';
const limits = { calls: 6_000, per: MINUTE };
const book: Reply = { json: { lastUpdateId: 7, bids: [['1', '2']], asks: [['3', '4']] } };

type Rest = ReturnType<typeof fakeRest>;

const asking = (
  answer: (asked: Asked, count: number) => Reply,
  check: (
    bookOf: (symbol: string, levels?: number) => ReturnType<typeof wholeBook>,
    rest: Rest,
    flush: () => void,
  ) => void,
  own = limits,
) =>
  atTime(
    NOW,
    (flush) => {
      let count = 0;
      const rest = fakeRest((asked) => answer(asked, (count += 1)));
      const ask = binanceRest(URL, own, rest.fetch);
      check((symbol, levels = 1_000) => wholeBook(ask, dataReader({ feed: 'f' }), levels, symbol), rest, flush);
    },
    4,
  );

const after = (rest: Rest): readonly number[] => rest.asked.map(({ at }) => at - NOW);

describe('the whole book', () => {
  it(
    'is asked for by the code of its symbol, without a credential',
    asking(
      () => book,
      (bookOf, rest, flush) => {
        const { values } = heard(bookOf('BTCUSDT.BA', 100));
        flush();
        expect(values).toMatchObject([{ kind: 'depth', type: 'snapshot', sequence: { first: 7, last: 7 } }]);
        expect(rest.asked).toMatchObject([{ path: '/api/v3/depth', params: { symbol: 'BTCUSDT', limit: '100' } }]);
        const [{ request }] = rest.asked as [Asked];
        expect(request).toMatchObject({ method: 'GET', headers: { accept: 'application/json' }, credentials: 'omit' });
        expect(Object.keys(request.headers)).toEqual(['accept']);
      },
    ),
  );

  it.each([
    [1, 5],
    [100, 5],
    [101, 25],
    [500, 25],
    [501, 50],
    [1_000, 50],
    [1_001, 250],
    [5_000, 250],
  ])('of %d levels weighs %d', (levels, weight) =>
    asking(
      () => book,
      (bookOf, rest, flush) => {
        for (let i = 0; i < 3; i += 1) heard(bookOf('BTCUSDT.BA', levels));
        flush();
        expect(after(rest)).toEqual([0, 0, MINUTE]);
      },
      { calls: 2 * weight + weight - 1, per: MINUTE },
    )(),
  );

  it.each<[string, Reply]>([
    ['an array', { json: [] }],
    ['no book', { json: { lastUpdateId: 1, bids: [] } }],
    ['a book with a price that is none', { json: { lastUpdateId: 1, bids: [['x', '1']], asks: [] } }],
    ['HTML', { text: '<html>' }],
    ['a server error', { status: 500, json: { code: -1000, msg: 'An unknown error occurred.' } }],
    ['a timeout of the vendor', { status: 504, json: { code: -1007, msg: 'Timeout waiting for response.' } }],
    ['an overloaded vendor', { status: 503, json: { code: -1008, msg: 'Server is currently overloaded.' } }],
    ['nothing', new Error('ECONNRESET')],
  ])('cannot be had where the answer is %s', (_, reply) =>
    asking(
      () => reply,
      (bookOf, rest, flush) => {
        const { end } = heard(bookOf('BTCUSDT.BA'));
        flush();
        expect(end.error).toBeInstanceOf(HistoryUnavailable);
        expect(isUnknownSymbol(end.error)).toBe(false);
        expect(rest.asked).toHaveLength(1);
      },
    )(),
  );

  it.each([
    [-1121, true],
    [-1100, true],
    [-1102, false],
    [-1104, false],
    [-1130, false],
  ])('refused with %d: the symbol is unknown: %p', (code, isUnknown) =>
    asking(
      () => ({ status: 400, json: { code, msg: 'no' } }),
      (bookOf, _, flush) => {
        const { end } = heard(bookOf('BTCUSDT.BA'));
        flush();
        expect(end.error).toBeInstanceOf(HistoryRefused);
        expect(isUnknownSymbol(end.error)).toBe(isUnknown);
      },
    )(),
  );
});

const slow = (more: { status?: number; headers?: Readonly<Record<string, string>>; json: unknown }): Reply => more;
const tooMuch =
  'Too much request weight used; current limit is 6000 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.';
const bannedUntil = (time: number): string =>
  `Way too much request weight used; IP banned until ${time}. Please use WebSocket Streams for live updates to avoid bans.`;

describe('a vendor that is asked too much', () => {
  it.each<[string, Reply, number]>([
    [
      '429 with a Retry-After',
      slow({ status: 429, headers: { 'retry-after': '30' }, json: { code: -1003, msg: tooMuch } }),
      30 * SECOND,
    ],
    [
      '418 with a Retry-After',
      slow({
        status: 418,
        headers: { 'retry-after': '120' },
        json: { code: -1003, msg: bannedUntil(NOW + 120 * SECOND) },
      }),
      120 * SECOND,
    ],
    [
      '418 whose text alone says until when',
      slow({ status: 418, json: { code: -1003, msg: bannedUntil(NOW + 95_500) } }),
      95_500,
    ],
    ['a ban with the status of a success', slow({ json: { code: -1003, msg: bannedUntil(NOW + 50_000) } }), 50_000],
    [
      'a ban whose text is later than its header',
      slow({ status: 418, headers: { 'retry-after': '5' }, json: { code: -1003, msg: bannedUntil(NOW + 60_000) } }),
      60_000,
    ],
    [
      'a ban of three days',
      slow({
        status: 418,
        headers: { 'retry-after': '259200' },
        json: { code: -1003, msg: bannedUntil(NOW + 259_200_000) },
      }),
      259_200_000,
    ],
    ['429 that says nothing', slow({ status: 429, json: {} }), 1_000],
    ['418 in HTML', { status: 418, text: '<html>teapot</html>' }, 1_000],
    ['a ban that is over', slow({ status: 418, json: { code: -1003, msg: bannedUntil(NOW - 5) } }), 1_000],
    ['400 with the code of it', slow({ status: 400, json: { code: -1003, msg: 'Too many requests queued.' } }), 1_000],
  ])('is left alone for as long as it says: %s', (_, reply, wait) =>
    asking(
      (_asked, count) => (count === 1 ? reply : book),
      (bookOf, rest, flush) => {
        const seen = [heard(bookOf('BTCUSDT.BA')), heard(bookOf('ETHUSDT.BA'))];
        const later = asyncScheduler.schedule(() => seen.push(heard(bookOf('SOLUSDT.BA'))), 10);
        flush();
        later.unsubscribe();
        // The second was under way already; the third waits.
        expect(after(rest).slice(0, 2)).toEqual([0, 0]);
        expect(after(rest).slice(2)).toEqual([wait, wait]);
        expect(seen.map(({ values }) => values.length)).toEqual([1, 1, 1]);
      },
    )(),
  );

  it(
    'that says it again and again refuses the request in the end, and is left alone longer each time',
    asking(
      () => slow({ status: 429, json: { code: -1003, msg: tooMuch } }),
      (bookOf, rest, flush) => {
        const { end } = heard(bookOf('BTCUSDT.BA'));
        flush();
        expect(end.error).toMatchObject({ _tag: 'HistoryRefused', status: 429, code: '-1003' });
        expect(after(rest)).toEqual([0, 1_000, 3_000, 7_000]);
      },
    ),
  );
});

describe('a wall before the vendor', () => {
  it.each([401, 403])('of HTTP %d pauses all, and is no refusal that lasts', (status) =>
    asking(
      (_, count) => (count === 1 ? { status, text: '<html>blocked</html>' } : book),
      (bookOf, rest, flush) => {
        const first = heard(bookOf('BTCUSDT.BA'));
        const second = heard(bookOf('BTCUSDT.BA'));
        asyncScheduler.schedule(() => heard(bookOf('BTCUSDT.BA')), 10);
        flush();
        expect(first.end.error).toMatchObject({ _tag: 'HistoryUnavailable', status, reason: '<html>blocked</html>' });
        expect(second.values).toHaveLength(1);
        expect(after(rest)).toEqual([0, 0, 1_000]);
      },
    )(),
  );

  it('does not end a feed: its book comes once the wall is gone', () =>
    atTime(NOW, (flush) => {
      const vendor = scriptedVendor('binance', { every: 100 });
      const rest = fakeRest(({ path, at }) =>
        at < NOW + 20 * SECOND
          ? { status: 403, text: 'no' }
          : path.endsWith('depth')
            ? book
            : { json: { symbols: [{ symbol: 'BTCUSDT' }] } },
      );
      const { values, end, subscription } = heard(
        binance({ topics: depths('BTCUSDT.BA'), openSocket: vendor.openSocket, fetch: rest.fetch }),
      );
      asyncScheduler.schedule(() => subscription.unsubscribe(), 100 * SECOND);
      flush();
      expect(end.error).toBeUndefined();
      expect(values.map(({ kind }) => kind).slice(0, 2)).toEqual(['connected', 'subscribed']);
      const whole = values.find((event) => event.kind === 'depth');
      expect(whole).toMatchObject({ type: 'snapshot' });
      expect(whole?.receivedAt).toBeGreaterThanOrEqual(NOW + 20 * SECOND);
      expect(rest.asked.filter(({ at }) => at < NOW + 20 * SECOND).length).toBeLessThan(12);
    })());
});

describe('the budget', () => {
  it(
    'is one for all feeds and histories of the process, by weight',
    atTime(NOW, (flush) => {
      const vendor = scriptedVendor('binance');
      const rest = fakeRest(({ path }) =>
        path.endsWith('depth') ? book : path.endsWith('klines') ? { json: [] } : { json: {} },
      );
      const budget = { calls: 55, per: MINUTE };
      const from = { fetch: rest.fetch, budget };
      const feed$ = binance({ topics: depths('BTCUSDT.BA'), openSocket: vendor.openSocket, ...from });
      const { subscription } = heard(feed$);
      asyncScheduler.schedule(() => subscription.unsubscribe(), 3 * MINUTE);
      const query = { interval: '1m', symbols: ['BTCUSDT.BA'], from: NOW - 5 * MINUTE, to: NOW } as const;
      for (let i = 0; i < 2; i += 1) {
        asyncScheduler.schedule(() => heard(binanceHistory({ ...from }).klines(query)), 100);
      }
      flush();
      // exchangeInfo weighs 20 and the book 50: together they are too much. What came later waits behind.
      const said = rest.asked.map(({ at, path }) => [Math.floor((at - NOW) / MINUTE), path.slice('/api/v3/'.length)]);
      expect(said.slice(0, 4)).toEqual([
        [0, expect.stringMatching(/depth|exchangeInfo/)],
        [1, expect.stringMatching(/depth|exchangeInfo/)],
        [1, 'klines'],
        [1, 'klines'],
      ]);
    }),
  );
});

import { asyncScheduler, interval, Subject, take } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { depths, quotes, topicKey, trades, type Topic } from '../../../lib/model/topic.js';
import { binance, type BinanceOptions } from '../../../lib/providers/binance/index.js';
import { marbles } from '../../../lib/testing/marbles.js';
import type { ScriptedVendor } from '../../../lib/testing/server/Dialect.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import { fakeRest, heard, type Asked, type Reply } from '../../history/fakeRest.js';

const invalid: Reply = { status: 400, json: { code: -1121, msg: 'Invalid symbol.' } };
const book: Reply = { json: { lastUpdateId: 0, bids: [], asks: [] } };
const codes = (some: number, prefix = 'X'): readonly string[] =>
  Array.from({ length: some }, (_, i) => `${prefix}${i}`);
const symbols = (some: readonly string[]): readonly string[] => some.map((code) => `${code}.BA`);
const namedIn = ({ params }: Asked): readonly string[] => JSON.parse(params['symbols'] ?? '[]') as readonly string[];

/** REST of a vendor that lists all but some, and has no book of these either. */
const listing =
  (...unlisted: readonly string[]) =>
  (asked: Asked): Reply => {
    if (asked.path === '/api/v3/depth') return unlisted.includes(asked.params['symbol'] ?? '') ? invalid : book;
    const named = namedIn(asked);
    return named.some((code) => unlisted.includes(code))
      ? invalid
      : { json: { symbols: named.map((symbol) => ({ symbol })) } };
  };

/** A feed that is heard for some virtual milliseconds. */
const run = (
  flush: () => void,
  topics: BinanceOptions['topics'],
  answer: (asked: Asked) => Reply,
  {
    lasts = 2_000,
    latency = 1,
    unserved = [] as readonly Topic[],
    every = 50,
    during = undefined as ((vendor: ScriptedVendor) => void) | undefined,
  } = {},
) => {
  const vendor = scriptedVendor('binance', { unserved, every });
  const rest = fakeRest(answer, latency);
  const { values, end, subscription } = heard(
    binance({ topics, openSocket: vendor.openSocket, fetch: rest.fetch, backoff: () => 10 }),
  );
  asyncScheduler.schedule(() => subscription.unsubscribe(), lasts);
  during?.(vendor);
  flush();
  return {
    vendor,
    refused: values.flatMap((event) =>
      event.kind === 'refused' ? event.topics.map((topic) => [topicKey(topic), event.reason]) : [],
    ),
    seen: new Set(values.flatMap((event) => ('symbol' in event ? [event.symbol] : []))),
    kinds: values.map(({ kind }: FeedEvent) => kind),
    end,
    infos: rest.asked.filter(({ path }) => path === '/api/v3/exchangeInfo'),
    books: rest.asked.filter(({ path }) => path === '/api/v3/depth'),
    aborted: rest.aborted,
  };
};

describe('a symbol that does not exist', () => {
  it(
    'is found by halving, and refused by name, while the others stream on',
    marbles(({ flush }) => {
      const wanted = codes(100);
      const unserved = trades('X37.BA');
      const { refused, seen, infos, vendor } = run(flush, trades(...symbols(wanted)), listing('X37'), { unserved });
      expect(refused).toEqual([['trade X37.BA', 'Invalid symbol.']]);
      expect(vendor.unsubscribed).toEqual(['trade X37.BA']);
      expect(seen.size).toBe(99);
      // The whole, and two halves of each that holds it.
      expect(infos.length).toBeLessThanOrEqual(1 + 2 * 7);
      expect(infos[0]?.params['showPermissionSets']).toBe('false');
    }),
  );

  it(
    'is refused on all of its topics at once, each once',
    marbles(({ flush }) => {
      const topics = [...trades('X.BA', 'NOPE.BA'), ...quotes('NOPE.BA', 'X.BA'), ...depths('NOPE.BA')];
      const { refused, seen } = run(flush, topics, listing('NOPE'), { unserved: trades('NOPE.BA') });
      expect(refused.map(([key]) => key).sort()).toEqual(['depth NOPE.BA', 'quote NOPE.BA', 'trade NOPE.BA']);
      expect([...seen]).toEqual(['X.BA']);
    }),
  );

  it(
    'is found however many there are',
    marbles(({ flush }) => {
      const bad = codes(7, 'NOPE');
      const topics = trades(...symbols([...codes(150), ...bad]));
      const { refused, seen } = run(flush, topics, listing(...bad), { unserved: trades(...symbols(bad)) });
      expect(refused.map(([key]) => key).sort()).toEqual(bad.map((code) => `trade ${code}.BA`));
      expect(seen.size).toBe(150);
    }),
  );

  it(
    'is refused where an answer leaves it out',
    marbles(({ flush }) => {
      const answer = (): Reply => ({ json: { symbols: [{ symbol: 'X0' }, null, 7, {}] } });
      const { refused } = run(flush, trades('X0.BA', 'X1.BA'), answer, { unserved: trades('X1.BA') });
      expect(refused).toEqual([['trade X1.BA', 'Binance does not list the symbol; check the code']]);
    }),
  );

  it(
    'is refused for characters that no symbol has',
    marbles(({ flush }) => {
      const illegal = { status: 400, json: { code: -1100, msg: "Illegal characters found in parameter 'symbols'." } };
      const answer = (asked: Asked): Reply => (namedIn(asked).includes('A~B') ? illegal : listing()(asked));
      const { refused } = run(flush, trades('A~B.BA', 'X.BA'), answer, { unserved: trades('A~B.BA') });
      expect(refused).toEqual([['trade A~B.BA', "Illegal characters found in parameter 'symbols'."]]);
    }),
  );

  it(
    'is not asked about again after a lost link, nor are those that exist; what is new is',
    marbles(({ flush }) => {
      const topics$ = new Subject<readonly Topic[]>();
      const all = trades('X0.BA', 'NOPE.BA', 'X1.BA');
      asyncScheduler.schedule(() => topics$.next(all.slice(0, 2)));
      asyncScheduler.schedule(() => topics$.next(all), 900);
      const { infos, refused, kinds } = run(flush, topics$, listing('NOPE'), {
        unserved: trades('NOPE.BA'),
        during: ({ drop }) => asyncScheduler.schedule(drop, 500),
      });
      expect(kinds.filter((kind) => kind === 'connected')).toHaveLength(2);
      expect(infos.map(namedIn)).toEqual([['X0', 'NOPE'], ['X0'], ['NOPE'], ['X1']]);
      expect(refused).toHaveLength(1);
    }),
  );

  it(
    'is asked about again when it was withdrawn and is back',
    marbles(({ flush }) => {
      const topics$ = new Subject<readonly Topic[]>();
      const [there, none] = trades('X0.BA', 'NOPE.BA');
      [[there, none], [there], [there, none]].forEach((some, i) =>
        asyncScheduler.schedule(() => topics$.next(some as Topic[]), 300 * i),
      );
      const { refused } = run(flush, topics$, listing('NOPE'), { unserved: trades('NOPE.BA') });
      expect(refused.map(([key]) => key)).toEqual(['trade NOPE.BA', 'trade NOPE.BA']);
    }),
  );
});

describe('nothing is refused', () => {
  it.each<[string, Reply]>([
    ['fails', new Error('ECONNRESET')],
    ['has a server error', { status: 503, text: 'busy' }],
    ['is behind a wall', { status: 403, text: '<html>' }],
    ['answers with garbage', { text: '<html>' }],
    ['answers with an array', { json: [] }],
    ['answers without symbols', { json: { symbols: {} } }],
    [
      'refuses the request for another reason',
      { status: 400, json: { code: -1104, msg: 'Not all sent parameters were read.' } },
    ],
    ['says nothing', 'never'],
  ])('where REST %s', (_, reply) =>
    marbles(({ flush }) => {
      const { refused, seen, end } = run(flush, trades('X0.BA', 'NOPE.BA'), () => reply, {
        unserved: trades('NOPE.BA'),
        lasts: 40_000,
        every: 1_000,
      });
      expect(refused).toEqual([]);
      expect([...seen]).toEqual(['X0.BA']);
      expect(end.error).toBeUndefined();
    })(),
  );
});

describe('topics that change while REST does not answer', () => {
  it(
    'are asked about once it does: the last list, and not each of them',
    marbles(({ flush }) => {
      const topics$ = new Subject<readonly Topic[]>();
      for (let i = 0; i < 100; i += 1)
        asyncScheduler.schedule(() => topics$.next(trades(...symbols(codes(i + 1)))), i * 10);
      const { infos, aborted } = run(flush, topics$, listing(), { latency: 5_000, lasts: 16_000, every: 1_000 });
      expect(infos.map((asked) => namedIn(asked).length)).toEqual([1, 99]);
      expect(aborted).toEqual([]);
    }),
  );

  it(
    'give their question up with the session',
    marbles(({ flush }) => {
      const { infos, aborted } = run(flush, trades('X.BA'), () => 'never', { lasts: 100 });
      expect([infos.length, aborted.length]).toEqual([1, 1]);
    }),
  );
});

describe('a book that does not exist', () => {
  it(
    'has its depth refused, and that alone',
    marbles(({ flush }) => {
      const answer = (asked: Asked): Reply => (asked.path === '/api/v3/depth' ? invalid : listing()(asked));
      const { refused, books } = run(flush, [...depths('X.BA'), ...trades('X.BA')], answer, {
        unserved: trades('X.BA'),
      });
      expect(refused).toEqual([['depth X.BA', 'Invalid symbol.']]);
      expect(books).toHaveLength(1);
    }),
  );

  it(
    'is asked for less and less often where updates come all the same',
    marbles(({ flush }) => {
      const answer = (asked: Asked): Reply => (asked.path === '/api/v3/depth' ? invalid : listing()(asked));
      // A vendor that does not heed the unsubscribe.
      const during = ({ connections }: ScriptedVendor): void => {
        const update = (n: number): string =>
          JSON.stringify({ stream: 'x@depth@100ms', data: { e: 'depthUpdate', s: 'X', U: n, u: n, b: [], a: [] } });
        interval(100)
          .pipe(take(1_000))
          .subscribe((n) => connections.forEach(({ say }) => say(update(n + 1))));
      };
      const lasts = 120_000;
      const { refused, books, kinds, vendor } = run(flush, depths('X.BA'), answer, { lasts, every: lasts, during });
      expect(refused.length).toBe(1);
      expect(vendor.unsubscribed).toEqual(['depth X.BA']);
      expect(vendor.asked).toEqual(['depth X.BA', 'depth X.BA']);
      // The update that shows that it is served after all passes, and is of no book.
      expect(kinds.filter((kind) => kind === 'depth')).toHaveLength(1);
      expect(books.length).toBeGreaterThan(3);
      expect(books.length).toBeLessThan(40);
    }),
  );
});

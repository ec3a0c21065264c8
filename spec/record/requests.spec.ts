import {
  asyncScheduler,
  catchError,
  defer,
  delay,
  EMPTY,
  from,
  lastValueFrom,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import type { HistoryAnswer, HistoryFetch, HistoryRequest } from '../../lib/history/HistoryFetch.js';
import { entryLine } from '../../lib/record/format.js';
import {
  BadCassette,
  memorySink,
  NotRecorded,
  parseCassette,
  record,
  replay,
  type Cassette,
  type FeedConnection,
} from '../../lib/record/index.js';
import { steady } from '../../lib/record/steady.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import { formOf } from '../secrets/formOf.cjs';
import { SECRET } from '../secrets/secret.cjs';
import { entriesOf } from './aTape.js';

const request = (more: Partial<HistoryRequest> = {}): HistoryRequest => ({
  method: 'GET',
  headers: { accept: 'application/json', 'x-api-key': SECRET },
  signal: new AbortController().signal,
  redirect: 'error',
  credentials: 'omit',
  cache: 'no-store',
  ...more,
});
const answer = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): HistoryAnswer => ({
  status,
  headers: { get: (name) => headers[name] ?? null },
  text: () => of(text),
});

/** What comes of one request, as a word and when. */
const outcome$ = (fetch: HistoryFetch, url: string, more?: Partial<HistoryRequest>): Observable<string> =>
  defer(() => from(fetch(url, request(more)))).pipe(
    mergeMap(({ status, headers, text }) =>
      from(text()).pipe(
        mergeMap((body) => {
          const seen = ['content-type', 'retry-after', 'etag'].map((name) => headers?.get(name) ?? '-').join(' ');
          return of(`${status} ${seen} ${body} at ${asyncScheduler.now()}`);
        }),
      ),
    ),
    catchError((error: unknown) => of(`${String(error)} at ${asyncScheduler.now()}`)),
  );

type Feed = (connection: FeedConnection) => Observable<string>;

const recorded = (flush: () => void, feed: Feed, fetch: HistoryFetch) => {
  const memory = memorySink();
  const live: string[] = [];
  record(feed, memory, { fetch }).subscribe((word) => live.push(word));
  flush();
  return { live, cassette: memory.cassette() };
};

const replayed = (flush: () => void, feed: Feed, cassette: Cassette, from_?: number): readonly string[] => {
  const heard: string[] = [];
  replay(cassette, feed, { speed: Infinity, from: from_ }).subscribe({
    next: (word) => heard.push(word),
    error: (error: unknown) => heard.push(String(error)),
  });
  flush();
  return heard;
};

const linesOf = (cassette: Cassette): readonly unknown[] =>
  entriesOf(cassette)
    .slice(1)
    .map((entry) => JSON.parse(entryLine(entry)) as unknown);

const tapeOf = (...lines: readonly unknown[]): Cassette =>
  parseCassette(
    [{ rxtape: 1, wall: 0, mono: 0, standing: [] }, ...lines].map((line) => JSON.stringify(line)).join('\n'),
  );

describe('a request that is recorded', () => {
  it(
    'goes onto the tape with its answer, without headers of ours and without a credential',
    marbles(({ flush }) => {
      const key = encodeURIComponent(SECRET);
      const url = `https://user:${key}@host/bars?from=1&api_key=${key}&symbol=A%2FB&flag#${key}`;
      const said = { 'content-type': 'application/json', 'retry-after': '2', etag: 'no', 'x-trace': SECRET };
      const body = JSON.stringify({ mine: SECRET });
      const feed: Feed = ({ fetch }) => outcome$(fetch, url, { method: 'POST', body });
      const { live, cassette } = recorded(flush, feed, (address, { headers }) => {
        expect(address).toBe(url);
        expect(headers['x-api-key']).toBe(SECRET);
        return of(answer(200, `{"you":"${SECRET}"}`, said)).pipe(delay(5));
      });
      expect(live).toEqual([`200 application/json 2 - {"you":"${SECRET}"} at 5`]);
      const address = 'https://host/bars?from=1&api_key=***&symbol=A%2FB&flag';
      expect(linesOf(cassette)).toEqual([
        ['request', 0, 0, 1, 'POST', address, '{"mine":"***"}'],
        ['answer', 5, 5, 1, 200, { 'content-type': 'application/json', 'retry-after': '2' }, '{"you":"***"}'],
      ]);
      expect(formOf(SECRET, entriesOf(cassette).map(entryLine).join('\n'))).toBeUndefined();
      expect(replayed(flush, feed, cassette)).toEqual(['200 application/json 2 - {"you":"***"} at 5']);
    }),
  );

  it(
    'fails on the tape as it failed, when it fails, ends without an answer or is answered with too much',
    marbles(({ flush }) => {
      const cause = new Error('ECONNRESET');
      const fetches: Readonly<Record<string, () => ReturnType<HistoryFetch>>> = {
        failed: () => throwError(() => new TypeError('fetch failed', { cause })).pipe(),
        thrown: () => {
          throw new TypeError('thrown');
        },
        empty: () => EMPTY,
        large: () => of(answer(200, '', { 'content-length': '99999999999' })),
      };
      const feed: Feed = ({ fetch }) =>
        merge(...Object.keys(fetches).map((name) => outcome$(fetch, `https://host/${name}`)));
      const { live, cassette } = recorded(flush, feed, (url) => fetches[url.slice('https://host/'.length)]!());
      expect(live).toEqual([
        'TypeError: fetch failed at 0',
        'TypeError: thrown at 0',
        'Error: the request ended without an answer at 0',
        expect.stringContaining('the answer is larger than 33554432 bytes'),
      ]);
      expect(replayed(flush, feed, cassette)).toEqual([
        'TypeError: fetch failed: ECONNRESET at 0',
        'TypeError: thrown at 0',
        'TypeError: the request ended without an answer at 0',
        'TypeError: the answer is larger than 33554432 bytes at 0',
      ]);
    }),
  );

  it(
    'is given up on the tape when it is unsubscribed, and hangs there as it hung',
    marbles(({ flush }) => {
      const feed: Feed = ({ fetch }) => outcome$(fetch, 'https://host/bars').pipe(takeUntil(timer(40)));
      const { live, cassette } = recorded(flush, feed, () => NEVER);
      expect(live).toEqual([]);
      expect(linesOf(cassette)).toEqual([
        ['request', 0, 0, 1, 'GET', 'https://host/bars', ''],
        ['aborted', 40, 40, 1],
      ]);
      expect(replayed(flush, feed, cassette)).toEqual([]);
    }),
  );

  it('uses the `fetch` of the platform where none is given', async () => {
    const memory = memorySink();
    const feed: Feed = ({ fetch }) => outcome$(fetch, 'data:application/json,[1]');
    const said = await lastValueFrom(record(feed, memory));
    expect(said).toMatch(/^200 application\/json - - \[1\] at /);
    expect(linesOf(memory.cassette())).toMatchObject([
      ['request', expect.anything(), expect.anything(), 1, 'GET', 'data:application/json,[1]', ''],
      ['answer', expect.anything(), expect.anything(), 1, 200, { 'content-type': 'application/json' }, '[1]'],
    ]);
  });
});

describe('a request of a replay', () => {
  const url = 'https://host/bars?a=1';
  const at =
    (wait: number, feed: Feed): Feed =>
    (connection) =>
      timer(wait).pipe(mergeMap(() => feed(connection)));
  const asks: Feed = ({ fetch }) => outcome$(fetch, url);
  const both =
    (...feeds: readonly Feed[]): Feed =>
    (connection) =>
      merge(...feeds.map((feed) => feed(connection)));

  it(
    'has the next answer to an equal request, when that came; late ones have it at once, early ones wait',
    marbles(({ flush }) => {
      const tape = tapeOf(
        ['request', 100, 100, 1, 'GET', url, ''],
        ['request', 110, 110, 2, 'GET', url, ''],
        ['request', 120, 120, 3, 'POST', url, '{}'],
        ['answer', 130, 130, 2, 200, {}, 'second'],
        ['answer', 140, 140, 1, 200, {}, 'first'],
        ['answer', 150, 150, 3, 200, {}, 'posted'],
        ['request', 300, 300, 4, 'GET', url, ''],
        ['answer', 310, 310, 4, 200, {}, 'third'],
        ['request', 400, 400, 5, 'GET', 'https://host/other', ''],
      );
      const posts: Feed = ({ fetch }) => outcome$(fetch, url, { method: 'POST', body: '{}' });
      expect(replayed(flush, both(asks, at(105, asks), at(200, posts), at(205, asks)), tape)).toEqual([
        '200 - - - second at 130',
        '200 - - - first at 140',
        '200 - - - posted at 200',
        '200 - - - third at 310',
      ]);
    }),
  );

  it(
    'may name another host and another credential',
    marbles(({ flush }) => {
      const tape = tapeOf(
        ['request', 1, 1, 1, 'GET', 'http://127.0.0.1:1/***/bars?a=1&token=***', ''],
        ['answer', 2, 2, 1, 200, {}, 'yes'],
      );
      const feed: Feed = ({ fetch }) => outcome$(fetch, 'https://vendor/any/bars?a=1&token=mine');
      expect(replayed(flush, feed, tape)).toEqual(['200 - - - yes at 2']);
    }),
  );

  it(
    'fails at once when it is not on the tape, or not once more, and nothing else does',
    marbles(({ flush }) => {
      const tape = tapeOf(
        ['request', 1, 1, 1, 'GET', url, ''],
        ['answer', 2, 2, 1, 200, {}, 'once'],
        ['failed', 900, 900, 1, 'a second answer'],
        ['answer', 900, 900, 7, 200, {}, 'to no request'],
        ['aborted', 900, 900, 8],
      );
      const other: Feed = ({ fetch }) => outcome$(fetch, 'https://host/bars?a=2&key=mine');
      const message = (what: string): string => String(new NotRecorded(what));
      expect(replayed(flush, both(asks, asks, other, at(500, other)), tape)).toEqual([
        `${message('GET /bars?a=1')} at 0`,
        `${message('GET /bars?a=2&key=***')} at 0`,
        '200 - - - once at 2',
        `${message('GET /bars?a=2&key=***')} at 500`,
      ]);
      expect(message('GET /bars?a=2&key=***')).toBe(
        'NotRecorded: the cassette has no answer to GET /bars?a=2&key=***; ' +
          'replay from its beginning the feed that was recorded, with its topics and options',
      );
    }),
  );

  it(
    'has nothing of before the passage that is replayed',
    marbles(({ flush }) => {
      const tape = tapeOf(
        ['request', 1, 1, 1, 'GET', url, ''],
        ['answer', 2, 2, 1, 200, {}, 'before'],
        ['request', 3, 3, 2, 'GET', url, ''],
        ['answer', 20, 20, 2, 200, {}, 'under way'],
        ['request', 30, 30, 3, 'GET', url, ''],
        ['answer', 31, 31, 3, 200, {}, 'after'],
      );
      expect(replayed(flush, both(asks, at(15, asks)), tape, 10)).toEqual([
        '200 - - - under way at 20',
        '200 - - - after at 31',
      ]);
    }),
  );

  it(
    'has no answer that came long before',
    marbles(({ flush }) => {
      const tape = tapeOf(
        ['request', 1, 1, 1, 'GET', url, ''],
        ['answer', 2, 2, 1, 200, {}, 'long ago'],
        ['request', 20_000, 20_000, 2, 'GET', url, ''],
        ['answer', 20_001, 20_001, 2, 200, {}, 'now'],
      );
      expect(replayed(flush, at(20_000, asks), tape)).toEqual(['200 - - - now at 20001']);
    }),
  );

  it(
    'is one of its own for each of several recordings that are merged',
    marbles(({ flush }) => {
      const one = tapeOf(['request', 1, 1, 1, 'GET', url, ''], ['answer', 9, 9, 1, 200, {}, 'one']);
      const other = tapeOf(['request', 2, 2, 1, 'GET', 'https://host/x', ''], ['answer', 5, 5, 1, 200, {}, 'other']);
      const heard: string[] = [];
      const feed = both(asks, ({ fetch }) => outcome$(fetch, 'https://host/x'));
      replay([one, other], feed, { speed: Infinity }).subscribe((word) => heard.push(word));
      flush();
      expect(heard).toEqual(['200 - - - other at 5', '200 - - - one at 9']);
    }),
  );

  it('has the time of day again after a sleep where nothing is connected', () => {
    const hour = 3_600_000;
    const tape = tapeOf(
      ['request', 10, 10, 1, 'GET', url, ''],
      ['answer', 20, 20, 1, 200, {}, 'before'],
      ['request', hour, 30, 2, 'GET', url, ''],
      ['answer', hour + 10, 40, 2, 200, {}, 'after'],
    );
    const times = [0, 10, 20, hour, hour + 10];
    expect(entriesOf(steady(tape)).map(({ wall }) => wall)).toEqual(times);
    const some = [...(steady(tape).blocks('request') as Iterable<readonly { readonly wall: number }[]>)].flat();
    expect(some.map(({ wall }) => wall)).toEqual([0, 10, hour]);
  });
});

describe('a feed that needs a request for its book', () => {
  /** Asks for the book when the first change comes, and says the changes that it does not hold yet. */
  const book: Feed = ({ fetch, openSocket }) =>
    new Observable((subscriber) => {
      const socket = openSocket('wss://host/changes', { headers: {}, maxFrameBytes: 99, compress: false });
      const changes: string[] = [];
      let held: number | undefined;
      const say = (): void => {
        for (const change of changes.splice(0)) if (Number(change) > Number(held)) subscriber.next(`change ${change}`);
      };
      socket.onmessage = ({ data }: { readonly data: string }) => {
        if (changes.push(data) === 1 && held === undefined) {
          const asked$ = from(fetch('https://host/book?limit=10', request()));
          subscriber.add(
            asked$.pipe(mergeMap(({ text }) => text())).subscribe((text) => {
              held = Number(text);
              subscriber.next(`book ${text} at ${asyncScheduler.now()}`);
              say();
            }),
          );
        } else if (held !== undefined) say();
      };
      return () => socket.close();
    });

  it(
    'has the same book at the same change in its replay',
    marbles(({ flush }) => {
      const { openSocket } = fakeNetwork((connection) => {
        connection.open();
        for (const change of [1, 2, 3, 4, 5]) asyncScheduler.schedule(() => connection.say(`${change}`), change * 10);
      });
      const memory = memorySink();
      const live: string[] = [];
      const fetch: HistoryFetch = () => of(answer(200, '2')).pipe(delay(25));
      const feed: Feed = (connection) => book(connection).pipe(takeUntil(timer(99)));
      record(feed, memory, { fetch, openSocket }).subscribe((word) => live.push(word));
      flush();
      expect(live).toEqual(['book 2 at 35', 'change 3', 'change 4', 'change 5']);
      expect(replayed(flush, feed, memory.cassette())).toEqual(live);
    }),
  );
});

describe('a tape of a stranger', () => {
  it.each([
    ['no method', ['request', 1, 1, 1, 'get it', 'https://host/', '']],
    ['an address without end', ['request', 1, 1, 1, 'GET', `https://host/${'a'.repeat(2 ** 14)}`, '']],
    ['no body', ['request', 1, 1, 1, 'GET', 'https://host/']],
    ['no status', ['answer', 1, 1, 1, '200', {}, '']],
    ['a status that is none', ['answer', 1, 1, 1, 1_000, {}, '']],
    ['headers that are a list', ['answer', 1, 1, 1, 200, ['retry-after'], '']],
    ['headers that are no texts', ['answer', 1, 1, 1, 200, { 'retry-after': 2 }, '']],
    ['no text', ['answer', 1, 1, 1, 200, {}, 12]],
    ['no message', ['failed', 1, 1, 1, {}]],
    ['no number', ['aborted', 1, 1, null]],
  ])('has a damaged line where a request has %s', (_, line) => {
    const damage: BadCassette[] = [];
    const text = [{ rxtape: 1, wall: 0, mono: 0, standing: [] }, line].map((one) => JSON.stringify(one)).join('\n');
    expect(entriesOf(parseCassette(text, { onDamage: (one) => damage.push(one) }))).toHaveLength(1);
    expect(damage).toEqual([new BadCassette('cassette', 2, 'is damaged; it was skipped')]);
  });

  it(
    'is refused where its requests do not fit into memory',
    marbles(({ flush }) => {
      const start = { what: 'start', wall: 0, mono: 0, standing: [] } as const;
      function* blocks() {
        yield [start];
        for (let request = 1; request <= 9; request += 1) {
          yield [
            { what: 'request', wall: 1, mono: 1, request, method: 'POST', url: `/${request}`, body: LONG },
          ] as const;
        }
      }
      const tape: Cassette = { name: 'theirs', blocks };
      expect(replayed(flush, () => EMPTY, tape)).toEqual([
        'BadCassette: theirs holds more than 134217728 characters of requests; no recording does',
      ]);
    }),
  );

  it(
    'is played in flat memory where nothing asks for what it answers',
    marbles(({ flush }) => {
      const lines = Array.from({ length: 5_000 }, (_, i) => [
        ['request', 1, 1, i, 'GET', 'https://host/', ''],
        ['answer', 1, 1, i, 200, {}, String(i)],
      ]).flat();
      const asks: Feed = ({ fetch }) => timer(1).pipe(mergeMap(() => outcome$(fetch, 'https://host/')));
      const tape = tapeOf(...lines, ['request', 9, 9, 6_000, 'GET', 'https://host/', '']);
      const late: Feed = (connection) => timer(5).pipe(mergeMap(() => asks(connection)));
      expect(replayed(flush, late, tape)).toEqual(['200 - - - 4000 at 6']);
    }),
  );
});

const LONG = 'x'.repeat(2 ** 24);

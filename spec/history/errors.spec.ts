import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { HistoryRefused, HistoryUnavailable } from '../../lib/history/errors.js';
import type { History } from '../../lib/history/History.js';
import type { Credential } from '../../lib/session/credential.js';
import { itickHistory } from '../../lib/providers/itick/index.js';
import { tickflowHistory } from '../../lib/providers/tickflow/index.js';
import { formOf } from '../secrets/formOf.cjs';
import { SECRET } from '../secrets/secret.cjs';
import { atTime } from './atTime.js';
import { fakeRest, heard, ownCredential, type Asked, type Reply } from './fakeRest.js';
import { columnsOf, trueBar } from './vendors.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 6, 1, 3);
const FAST = { calls: 1_000, per: 1 };

interface Settings {
  readonly credential: Credential;
  readonly fetch: ReturnType<typeof fakeRest>['fetch'];
  readonly budget?: { readonly calls: number; readonly per: number };
}

const vendors = {
  itick: {
    symbol: 'AAPL.US',
    header: 'token',
    make: ({ credential, ...rest }: Settings): History => itickHistory({ token: credential, market: 'stock', ...rest }),
    fine: { json: { code: 0, data: [trueBar(NOW - 5 * MINUTE), trueBar(NOW - 6 * MINUTE)] } },
  },
  tickflow: {
    symbol: '600000.SH',
    header: 'x-api-key',
    make: ({ credential, ...rest }: Settings): History => tickflowHistory({ apiKey: credential, ...rest }),
    fine: { json: { data: columnsOf([trueBar(NOW - 6 * MINUTE), trueBar(NOW - 5 * MINUTE)]) } },
  },
} as const;

describe.each(Object.entries(vendors))('a request of %s', (_, { symbol, header, make, fine }) => {
  const query = { interval: '1m', symbols: [symbol], from: NOW - 6 * MINUTE, to: NOW - 4 * MINUTE } as const;

  /** One call of `klines` after the other, and what became of each. */
  const calls = (
    answer: (asked: Asked, count: number) => Reply,
    check: (run: {
      readonly history: History;
      readonly call: () => ReturnType<typeof heard<unknown>>;
      readonly rest: ReturnType<typeof fakeRest>;
      readonly flush: () => void;
      readonly credential: string;
    }) => void,
    settings: {
      readonly credential?: Credential;
      readonly budget?: { readonly calls: number; readonly per: number };
    } = {},
  ) =>
    atTime(NOW, (flush) => {
      let count = 0;
      const rest = fakeRest((asked) => answer(asked, (count += 1)), 10);
      const credential = ownCredential(SECRET);
      const history = make({ credential, fetch: rest.fetch, budget: FAST, ...settings });
      check({ history, call: () => heard<unknown>(history.klines(query)), rest, flush, credential });
    });

  it(
    'has the credential in its header, and nowhere else; follows no redirect',
    calls(
      () => fine,
      ({ call, rest, flush, credential }) => {
        const { values } = call();
        flush();
        const [{ request, ...asked } = rest.asked[0]!] = rest.asked;
        const { signal, headers, ...others } = request;
        const isRight = headers[header] === credential;
        const rest$ = { ...asked, ...others, names: Object.keys(headers), aborted: (signal as AbortSignal).aborted };
        expect([values.length, isRight, formOf(SECRET, JSON.stringify(rest$))]).toEqual([2, true, undefined]);
        expect(rest$).toMatchObject({
          redirect: 'error',
          names: ['accept', header],
          method: 'GET',
          credentials: 'omit',
        });
      },
    ),
  );

  it.each([
    ['seconds', { headers: { 'retry-after': '7' }, text: 'slow down' }, 7_000],
    ['a date', { headers: { 'retry-after': new Date(NOW + 90_000).toUTCString() }, text: '' }, 89_990],
    ['words', { json: { code: 'RATE_LIMITED', message: '请求过于频繁，请 12000 ms 后重试' } }, 12_000],
    ['words, and a shorter one in the header', { headers: { 'retry-after': '2' }, text: 'retry in 30 s' }, 30_000],
    ['none, so that the backoff is waited for', { text: 'Too Many Requests' }, 1_000],
  ])('that was one too many is sent again after the wait it was told: %s', (_name, reply, wait) =>
    calls(
      (_asked, count) => (count === 1 ? { status: 429, ...reply } : fine),
      ({ call, rest, flush }) => {
        const [first, second] = [call(), call()];
        flush();
        expect(rest.asked.map(({ at }) => at - NOW).slice(2)).toEqual([10 + wait]);
        expect([first.values.length, second.values.length]).toEqual([2, 2]);
      },
    )(),
  );

  it(
    'that is one too many stops the others with this credential, and no other',
    calls(
      (_asked, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '60' }, text: '' } : fine),
      ({ call, rest, flush, credential }) => {
        const other = fakeRest(() => fine);
        call();
        asyncScheduler.schedule(() => {
          heard(make({ credential, fetch: other.fetch, budget: FAST }).klines(query));
          heard(make({ credential: ownCredential(SECRET), fetch: other.fetch, budget: FAST }).klines(query));
        }, 20);
        flush();
        expect(rest.asked.map(({ at }) => at - NOW)).toEqual([0, 60_010]);
        expect(other.asked.map(({ at }) => at - NOW)).toEqual([20, 60_010]);
      },
    ),
  );

  it(
    'that is one too many four times is given up, with the wait that was asked for last',
    calls(
      () => ({ status: 429, headers: { 'retry-after': '30' }, text: `no, ${SECRET}` }),
      ({ call, rest, flush }) => {
        const { end } = call();
        flush();
        expect(rest.asked.length).toBe(4);
        expect(end.error).toBeInstanceOf(HistoryRefused);
        expect(end.error).toMatchObject({ status: 429, retryAfter: 30_000, reason: 'no, ***' });
      },
    ),
  );

  it.each([401, 403])('that is refused with HTTP %d is not sent again, not even by the next call', (status) =>
    calls(
      () => ({ status, json: { code: 'UNAUTHORIZED', message: `no such key ${SECRET}` } }),
      ({ call, rest, flush }) => {
        const all = [call(), call()];
        flush();
        const later = call();
        flush();
        expect(rest.asked.length).toBe(2);
        for (const { end } of [...all, later]) {
          expect(end.error).toBeInstanceOf(HistoryRefused);
          expect(end.error).toMatchObject({ status, reason: 'no such key ***' });
        }
        expect((later.end.at ?? 0) - (all[1]?.end.at ?? 0)).toBe(0);
      },
    )(),
  );

  it('that was refused is sent again when the credential has changed', () => {
    const credentials = ['one', 'one', 'two'].map((name) => `${name} ${ownCredential(SECRET).slice(0, 5)}`);
    credentials[1] = credentials[0]!;
    let next = 0;
    calls(
      (_asked, count) => (count === 1 ? { status: 401, text: '' } : fine),
      ({ call, rest, flush }) => {
        const [first, second] = [call(), (flush(), call())];
        flush();
        const third = call();
        flush();
        expect([first, second].map(({ end }) => (end.error as HistoryRefused).status)).toEqual([401, 401]);
        expect([third.values.length, rest.asked.length]).toEqual([2, 2]);
      },
      { credential: () => credentials[next++] ?? '' },
    )();
  });

  it(
    'of quotes may be refused with HTTP 403 where bars are not',
    calls(
      ({ path }) => (path.includes('quote') ? { status: 403, text: 'not in your plan' } : fine),
      ({ history, call, flush }) => {
        const refused = heard(history.quotes!([symbol]));
        flush();
        const bars = call();
        flush();
        expect(refused.end.error).toMatchObject({ _tag: 'HistoryRefused', status: 403 });
        expect(bars.values.length).toBe(2);
      },
    ),
  );

  it(
    'that a server is too busy for is not repeated, and stops the others for as long as it says',
    calls(
      (_asked, count) => (count === 1 ? { status: 503, headers: { 'retry-after': '20' }, text: 'busy' } : fine),
      ({ call, rest, flush }) => {
        const first = call();
        asyncScheduler.schedule(call, 11);
        flush();
        expect(first.end.error).toMatchObject({ _tag: 'HistoryUnavailable', status: 503, reason: 'busy' });
        expect(rest.asked.map(({ at }) => at - NOW)).toEqual([0, 20_010]);
      },
    ),
  );

  it(
    'for several symbols that is refused with HTTP 403 speaks for one symbol as well',
    calls(
      () => ({ status: 403, text: '' }),
      ({ history, call, rest, flush }) => {
        const both = heard(history.klines({ ...query, symbols: [symbol, '700.HK'] }));
        flush();
        call();
        flush();
        expect(both.end.error).toMatchObject({ _tag: 'HistoryRefused', status: 403 });
        expect(rest.asked.length).toBe(1);
      },
    ),
  );

  it.each([
    ['HTTP 500', { status: 500, text: 'oops' }, { status: 500, reason: 'oops' }],
    ['HTTP 408', { status: 408, text: '' }, { status: 408 }],
    ['HTTP 301', { status: 301, text: '' }, { status: 301 }],
    ['a page', { text: '<html>hello' }, { reason: 'the answer is no JSON object: <html>hello' }],
    ['nothing', { text: '' }, { status: undefined }],
    ['a text', { json: 'hello' }, { status: undefined }],
    ['half of it', { text: JSON.stringify(fine.json).slice(0, -5) }, { status: undefined }],
    ['other data', { json: { code: 0, data: 'what?' } }, { reason: expect.stringMatching(/no bars/) as unknown }],
    [
      'a lost connection',
      new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') }),
      { reason: 'fetch failed: connect ECONNREFUSED' },
    ],
    ['an error with the credential', new TypeError(`bad header "${SECRET}"`), { reason: 'bad header "***"' }],
    [
      'a longer text than it may have',
      { text: 'x'.repeat(34_000_000) },
      { reason: expect.stringMatching(/larger/) as unknown },
    ],
  ])('that is answered by %s finds the history unavailable, and is not repeated', (_name, reply, error) =>
    calls(
      () => reply,
      ({ call, rest, flush }) => {
        const { end, values } = call();
        flush();
        expect(end.error).toBeInstanceOf(HistoryUnavailable);
        expect(end.error).toMatchObject(error);
        expect((end.error as Error).message.length).toBeLessThan(700);
        expect([values.length, rest.asked.length]).toEqual([0, 1]);
      },
    )(),
  );

  it(
    'that is not answered is aborted after 30 s',
    calls(
      () => 'never',
      ({ call, rest, flush }) => {
        const { end } = call();
        flush();
        expect(end.error).toMatchObject({ _tag: 'HistoryUnavailable', reason: 'no answer within 30000 ms' });
        expect([(end.at ?? 0) - NOW, rest.aborted.length]).toEqual([30_000, 1]);
      },
    ),
  );

  it(
    'of which the credential cannot be had is not sent',
    calls(
      () => fine,
      ({ call, rest, flush }) => {
        const { end } = call();
        flush();
        expect([(end.error as { _tag?: string })._tag, rest.asked.length]).toEqual(['TokenUnavailable', 0]);
      },
      { credential: () => '' },
    ),
  );

  it('shows the credential in no error, whatever the vendor says', () => {
    const forms = [
      (text: string) => text,
      encodeURIComponent,
      (text: string) => JSON.stringify(JSON.stringify(text)),
      (text: string) => text.slice(3),
      (text: string) => text.slice(0, 12),
      (text: string) => Buffer.from(text).toString('base64'),
    ];
    const words = fc.record({
      status: fc.constantFrom(200, 200, 400, 401, 403, 404, 418, 429, 500, 503),
      form: fc.constantFrom(...forms),
      before: fc.integer({ min: 0, max: 10_000 }),
      where: fc.constantFrom('text', 'code', 'message', 'msg', 'error', 'data', 'header', 'thrown', 'cause'),
    });
    fc.assert(
      fc.property(words, ({ status, form, before, where }) =>
        calls(
          () => {
            const text = `${' x'.repeat(before / 2)}${form(SECRET)} and more`;
            if (where === 'thrown') return new Error(text);
            if (where === 'cause') return new Error('failed', { cause: new Error(text) });
            if (where === 'text') return { status, text };
            if (where === 'header') return { status, headers: { 'retry-after': text }, text: '' };
            return { status, json: { code: 'E001', message: 'no', [where]: text } };
          },
          ({ call, flush }) => {
            const { end, values } = call();
            flush();
            const { error } = end;
            if (where !== 'data' && where !== 'msg') expect(error).toBeInstanceOf(Error);
            const said = error instanceof Error ? [error.message, String(error.stack), JSON.stringify(error)] : [];
            const found = [...said, JSON.stringify(values)].map((text) => [
              formOf(SECRET, text),
              formOf(SECRET.slice(3, 11), text),
            ]);
            expect(found.flat().filter((one) => one !== undefined)).toEqual([]);
          },
        )(),
      ),
      { numRuns: 300 },
    );
  });

  it('is sent within the budget, whoever asks', () => {
    const users = fc.array(fc.record({ at: fc.nat(20_000), own: fc.boolean() }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 100, max: 10_000 }), users, (most, per, all) =>
        calls(
          (_asked, count) => (count % 7 === 0 ? { status: 429, headers: { 'retry-after': '3' }, text: '' } : fine),
          ({ call, rest, flush, credential }) => {
            const other = make({ credential, fetch: rest.fetch, budget: { calls: most, per } });
            const seen: ReturnType<typeof heard<unknown>>[] = [];
            for (const { at, own } of all) {
              asyncScheduler.schedule(() => seen.push(own ? call() : heard<unknown>(other.klines(query))), at);
            }
            flush();
            const times = rest.asked.map(({ at }) => at);
            for (const start of times) {
              expect(times.filter((time) => time >= start && time < start + per).length).toBeLessThanOrEqual(most);
            }
            expect(seen.map(({ values }) => values.length)).toEqual(all.map(() => 2));
          },
          { budget: { calls: most, per } },
        )(),
      ),
      { numRuns: 60 },
    );
  });

  it('does not show the credential in what the factory returns', () => {
    const history = make({ credential: SECRET, fetch: fakeRest(() => fine).fetch });
    expect(formOf(SECRET, JSON.stringify({ ...history }))).toBeUndefined();
    // TickFlow's says how many symbols one request may carry.
    const names = Object.keys(history).filter((name) => name !== 'batch');
    expect(names).toEqual(['provider', 'feed', 'budget', 'settle', 'klines', 'quotes', 'depths']);
  });
});

import { asyncScheduler, defer, throwError } from 'rxjs';
import { HandshakeRefused } from '../../lib/model/errors.js';
import type { Disconnected, FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import type { FeedOptions } from '../../lib/session/FeedOptions.js';
import { reconnect } from '../../lib/session/reconnect.js';
import { fakeNetwork, type FakeConnection } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';

const HOUR = 3_600_000;

const vendors = {
  itick: (options: FeedOptions) =>
    itick({ token: 'token', market: 'stock', topics: quotes('AAPL.US'), backoff: () => 5, ...options }),
  tickflow: (options: FeedOptions) =>
    tickflow({ apiKey: 'key', topics: quotes('600000.SH'), backoff: () => 5, ...options }),
};

describe.each(Object.entries(vendors))('the Retry-After of %s', (_, feed) => {
  const endedBy = (end: (connection: FakeConnection) => void, options: FeedOptions = {}, life = 5 * HOUR) => {
    const asked: number[] = [];
    const causes: Disconnected['cause'][] = [];
    const { openSocket } = fakeNetwork((connection) => {
      asked.push(asyncScheduler.now());
      asyncScheduler.schedule(() => end(connection));
    });
    const seen = feed({ ...options, openSocket }).subscribe((event: FeedEvent) => {
      if (event.kind === 'disconnected') causes.push(event.cause);
    });
    asyncScheduler.schedule(() => seen.unsubscribe(), life);
    return { asked, causes };
  };
  const refusedWith = (retryAfter: string, options?: FeedOptions, life?: number) =>
    endedBy((connection) => connection.refuse(503, retryAfter), options, life);

  it.each([
    ['31536000', 31_536_000_000],
    ['1e27', 1e30],
    ['9'.repeat(400), Number.MAX_VALUE],
    ['5, 31536000', 31_536_000_000],
    ['Thu, 01 Jan 2099 00:00:00 GMT', Date.UTC(2099, 0)],
    ['Thursday, 01-Jan-49 00:00:00 GMT', Date.UTC(2049, 0)],
    ['Thu Jan  1 00:00:00 2099', Date.UTC(2099, 0)],
  ])('of %s is waited for no longer than an hour, and the cause says what was asked for', (header, said) =>
    marbles(({ flush }) => {
      const { asked, causes } = refusedWith(header);
      flush();
      expect(asked.slice(0, 3)).toEqual([0, HOUR, 2 * HOUR]);
      expect(causes[0]).toMatchObject({ _tag: 'HandshakeRefused', retryAfter: said });
    })(),
  );

  it.each<[number, number, readonly number[]]>([
    [3 * HOUR, 5 * HOUR, [0, 2 * HOUR, 4 * HOUR]],
    [1_000, 2_500, [0, 1_000, 2_000]],
  ])('is waited for as long as `maxRetryAfter` allows: %d', (maxRetryAfter, life, times) =>
    marbles(({ flush }) => {
      const { asked } = refusedWith('7200', { maxRetryAfter }, life);
      flush();
      expect(asked).toEqual(times);
    })(),
  );

  it.each([
    '-5',
    '0',
    'soon',
    'wait 2099',
    '0x10',
    'NaN',
    'Infinity',
    'Mon, 05 Jan 1970 00:00:00 GMT x',
    'Wed, 31 Dec 1969 00:00:00 GMT',
    '',
  ])('of %j asks for no wait', (header) =>
    marbles(({ flush }) => {
      const { asked } = refusedWith(header, {}, 50);
      flush();
      expect(asked.slice(0, 3)).toEqual([0, 5, 10]);
    })(),
  );

  it.each<[string, readonly number[]]>([
    ['请 3000 ms 后重试', [0, 3_000, 6_000]],
    ['{"code":"RATE_LIMITED","message":"retry in 31536000 s"}', [0, HOUR, 2 * HOUR]],
    ['busy', [0, 5, 10]],
  ])('may be in the words of a refusal alone: %s', (reason, times) =>
    marbles(({ flush }) => {
      const { asked, causes } = endedBy(
        (connection) => connection.refuse(429, undefined, reason),
        {},
        (times[2] ?? 0) + 1,
      );
      flush();
      expect(asked.slice(0, 3)).toEqual(times);
      expect(causes[0]).toMatchObject({ _tag: 'HandshakeRefused', status: 429, reason });
    })(),
  );

  it('counts before the words of a refusal', () =>
    marbles(({ flush }) => {
      const { asked } = endedBy((connection) => connection.refuse(429, '2', 'retry in 90 s'), {}, 5_000);
      flush();
      expect(asked).toEqual([0, 2_000, 4_000]);
    })());

  it.each<[string, readonly number[]]>([
    ['rate limit, retry in 30 s', [0, 30_000, 60_000]],
    ['try again later (code 100045)', [0, 5, 10]],
    ['retry after 99999999999', [0, HOUR, 2 * HOUR]],
  ])('may be in the reason of a close, which the cause repeats: %s', (reason, times) =>
    marbles(({ flush }) => {
      const close = (connection: FakeConnection): void => connection.close(1013, reason);
      const { asked, causes } = endedBy(close, {}, (times[2] ?? 0) + 1);
      flush();
      expect(asked.slice(0, 3)).toEqual(times);
      expect(causes[0]).toMatchObject({ _tag: 'ConnectionLost', code: 1013, reason });
    })(),
  );

  it.each([NaN, Infinity, -1])('may be no number of a provider: %d', (wait) =>
    marbles(({ flush }) => {
      const asked: number[] = [];
      const source$ = defer(() => {
        asked.push(asyncScheduler.now());
        return throwError(() => new HandshakeRefused(503, wait));
      });
      const seen = reconnect({ provider: 'own', backoff: () => 5, maxRetryAfter: 7 })(source$).subscribe();
      asyncScheduler.schedule(() => seen.unsubscribe(), 20);
      flush();
      expect(asked.slice(0, 3)).toEqual(wait > 0 ? [0, 7, 14] : [0, 5, 10]);
    })(),
  );
});

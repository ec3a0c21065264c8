import { asyncScheduler } from 'rxjs';
import type { Disconnected, FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import type { FeedOptions } from '../../lib/session/FeedOptions.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';

const HOUR = 3_600_000;

const vendors = {
  itick: (options: FeedOptions) =>
    itick({ token: 'token', market: 'stock', topics: quotes('AAPL.US'), backoff: () => 5, ...options }),
  tickflow: (options: FeedOptions) =>
    tickflow({ apiKey: 'key', topics: quotes('600000.SH'), backoff: () => 5, ...options }),
};

describe.each(Object.entries(vendors))('the Retry-After of %s', (_, feed) => {
  const refusedWith = (retryAfter: string, options: FeedOptions = {}, life = 5 * HOUR) => {
    const asked: number[] = [];
    const causes: Disconnected['cause'][] = [];
    const { openSocket } = fakeNetwork((connection) => {
      asked.push(asyncScheduler.now());
      asyncScheduler.schedule(() => connection.refuse(503, retryAfter));
    });
    const seen = feed({ ...options, openSocket }).subscribe((event: FeedEvent) => {
      if (event.kind === 'disconnected') causes.push(event.cause);
    });
    asyncScheduler.schedule(() => seen.unsubscribe(), life);
    return { asked, causes };
  };

  it.each([
    ['31536000', 31_536_000_000],
    ['1e27', 1e30],
    ['Thu, 01 Jan 2099 00:00:00 GMT', Date.UTC(2099, 0)],
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

  it.each(['-5', 'soon', 'NaN', 'Infinity', 'Mon, 05 Jan 1970 00:00:00 GMT x', 'Wed, 31 Dec 1969 00:00:00 GMT', ''])(
    'of %j asks for no wait',
    (header) =>
      marbles(({ flush }) => {
        const { asked } = refusedWith(header, {}, 50);
        flush();
        expect(asked.slice(0, 3)).toEqual([0, 5, 10]);
      })(),
  );
});

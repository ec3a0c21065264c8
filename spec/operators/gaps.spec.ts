import { merge, Subject } from 'rxjs';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Gap } from '../../lib/model/link.js';
import type { Topic } from '../../lib/model/topic.js';
import { gaps } from '../../lib/operators/gaps.js';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';

const cause = flattenError(new ConnectionLost(1006));
const values = { t: aTrade() };

describe('gaps', () => {
  it(
    'says each hole once, when it ends',
    marbles(({ feed, expectObservable }) => {
      const feed$ = feed('  c-t-x--x--c-t-x-c-|', values);
      const expected = '    ----------a-----b-|';
      expectObservable(feed$.pipe(gaps())).toBe(expected, {
        a: { feed: 'test', from: 2, to: 10, attempts: 2, cause },
        b: { feed: 'test', from: 12, to: 16, attempts: 1, cause },
      });
    }),
  );

  it(
    'says a hole once that two watchers of a shared feed hear',
    marbles(({ hotFeed, expectObservable }) => {
      const feed$ = hotFeed('-c-t-x--x--c-t-|', values);
      const expected = '       -----------a---|';
      const once = { a: { feed: 'test', from: 3, to: 11, attempts: 2, cause } };
      expectObservable(merge(feed$, feed$).pipe(gaps())).toBe(expected, once);
    }),
  );

  it(
    'ends a hole where data can flow, not where the socket is open',
    marbles(({ feed, expectObservable }) => {
      const s = { kind: 'subscribed', topics: [{ channel: 'trade', symbol: 'AAPL.US' }] } as const;
      const feed$ = feed('  cs-t-x--c---s-t-|', { ...values, s });
      const expected = '    ------------a---|';
      expectObservable(feed$.pipe(gaps())).toBe(expected, { a: { feed: 'test', from: 3, to: 12, attempts: 1, cause } });
    }),
  );

  it(
    'says nothing of a feed without holes, of silence and of one that begins late, and passes errors on',
    marbles(({ feed, cold, expectObservable, expectSubscriptions }) => {
      expectObservable(feed('c-t-t-|', values).pipe(gaps())).toBe('------|');
      expectObservable(feed('xxc-t-|', values).pipe(gaps())).toBe('------|');
      expectObservable(cold('-', values).pipe(gaps())).toBe('-');
      const source = feed('c-#', values);
      expectObservable(source.pipe(gaps())).toBe('--#');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );

  it('takes 20,000 topics that are served one by one, twice, in no time that grows with their square', () => {
    const feed$ = new Subject<FeedEvent>();
    const holes: Gap[] = [];
    feed$.pipe(gaps()).subscribe((gap) => holes.push(gap));
    const topics = Array.from({ length: 20_000 }, (_, i): Topic => ({ channel: 'trade', symbol: `S${i}.US` }));
    const serve = (receivedAt: number): void =>
      topics.forEach((topic) => feed$.next({ kind: 'subscribed', provider: 'test', receivedAt, topics: [topic] }));
    const began = performance.now();
    feed$.next({ kind: 'connected', provider: 'test', receivedAt: 1, attempt: 1, resumed: undefined });
    serve(2);
    feed$.next({ kind: 'disconnected', provider: 'test', receivedAt: 3, cause, attempt: 1, retryAt: 4 });
    feed$.next({ kind: 'connected', provider: 'test', receivedAt: 5, attempt: 1, resumed: { from: 3, to: 5 } });
    serve(6);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(holes).toEqual([{ feed: 'test', from: 3, to: 6, attempts: 1, cause }]);
  });
});

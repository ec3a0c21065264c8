import { merge } from 'rxjs';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
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
});

import { map, merge } from 'rxjs';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import { linkState, type LinkState } from '../../lib/operators/linkState.js';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';

const cause = flattenError(new ConnectionLost(1006));
const values = { t: aTrade() };
const live: LinkState = {
  feed: 'test',
  state: 'live',
  since: 0,
  attempt: 1,
  cause: undefined,
  retryAt: undefined,
  lastGap: undefined,
};

describe('linkState', () => {
  it(
    'says how the link is whenever that changes, with the cause, the next attempt and the last hole',
    marbles(({ feed, expectObservable }) => {
      const feed$ = feed('  c-t-x--x--c-t-|', values);
      const expected = '    a---x--y--b---|';
      expectObservable(feed$.pipe(linkState())).toBe(expected, {
        a: live,
        x: { ...live, state: 'down', since: 4, cause, retryAt: expect.any(Number) },
        y: { ...live, state: 'down', since: 4, attempt: 2, cause, retryAt: expect.any(Number) },
        b: { ...live, since: 10, attempt: 2, lastGap: { feed: 'test', from: 2, to: 10, attempts: 2, cause } },
      });
    }),
  );

  it(
    'is connecting from the first event of a feed to its first word on the link',
    marbles(({ feed, expectObservable }) => {
      const feed$ = feed('-t-t-x-c-', values).pipe(linkState());
      const expected = '  -a---b-c-';
      expectObservable(feed$.pipe(map(({ state, since }) => `${state} ${since}`))).toBe(expected, {
        a: 'connecting 1',
        b: 'down 5',
        c: 'live 7',
      });
    }),
  );

  it(
    'says once what two watchers of a shared feed hear, and keeps two feeds apart',
    marbles(({ hotFeed, expectObservable }) => {
      const feed$ = hotFeed(' -c---x---c---|', values);
      const other$ = feed$.pipe(map((event) => ({ ...event, feed: 'other' })));
      const short = map(({ feed, state }: LinkState) => `${feed} ${state}`);
      expectObservable(merge(feed$, feed$).pipe(linkState(), short)).toBe('-a---b---a---|', {
        a: 'test live',
        b: 'test down',
      });
      expectObservable(merge(feed$, other$).pipe(linkState(), short)).toBe('-(ac)(bd)(ac)|', {
        a: 'test live',
        b: 'test down',
        c: 'other live',
        d: 'other down',
      });
    }),
  );

  it(
    'says when the hole ends that a topic was in, after the link is back',
    marbles(({ feed, expectObservable }) => {
      const s = { kind: 'subscribed', topics: [{ channel: 'trade', symbol: 'AAPL.US' }] } as const;
      const feed$ = feed('cs-t-x--c---s-t-|', { ...values, s });
      const expected = '  l----d--l---g---|';
      const gap = { feed: 'test', from: 3, to: 12, attempts: 1, cause };
      expectObservable(feed$.pipe(linkState())).toBe(expected, {
        l: expect.objectContaining({ state: 'live', lastGap: undefined }),
        d: expect.objectContaining({ state: 'down', since: 5 }),
        g: expect.objectContaining({ state: 'live', since: 8, lastGap: gap }),
      });
    }),
  );

  it(
    'is silent with a silent feed, and passes an end and an error on',
    marbles(({ feed, cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold('-', values).pipe(linkState())).toBe('-');
      expectObservable(cold('--|', values).pipe(linkState())).toBe('--|');
      const source = feed('c-#', values);
      expectObservable(
        source.pipe(
          linkState(),
          map(({ state }) => state),
        ),
      ).toBe('l-#', { l: 'live' });
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );
});

import { flattenError } from '../../lib/model/errorData.js';
import { defer, map, NEVER, of, startWith, type Observable } from 'rxjs';
import { AuthTimeout, ConnectionLost, HandshakeRefused, type FeedError } from '../../lib/model/errors.js';
import type { Connected, Disconnected } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { feedOver, type FeedSettings } from '../../lib/session/feedOf.js';
import type { Ready } from '../../lib/session/messages.js';
import { aQuote } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { PageState } from '../../lib/transport/Platform.js';
import { asSessions } from './aSession.js';

const lost = new ConnectionLost(1006);
const away = (state: PageState) => new ConnectionLost(1006, `the page is ${state}`);

/** `l`, `o` and `f` are states of a page; `r` is a session that was last heard at 1, `q` a quote. */
const states: Readonly<Record<string, PageState>> = { l: 'live', o: 'offline', f: 'frozen' };
const said = { r: { kind: 'ready', lastReceivedAt: () => 1 } as Ready, q: aQuote({ feed: 'test' }) };

const up = (receivedAt: number, attempt: number, from?: number): Connected => ({
  kind: 'connected',
  provider: 'test',
  feed: 'test',
  receivedAt,
  attempt,
  resumed: from === undefined ? undefined : { from, to: receivedAt },
});
const down = (receivedAt: number, attempt: number, wait: number, cause: FeedError): Disconnected => ({
  kind: 'disconnected',
  provider: 'test',
  feed: 'test',
  receivedAt,
  cause: flattenError(cause),
  attempt,
  retryAt: receivedAt + wait,
});

/** A feed on a page; each attempt gets the next of these sources. */
const feedOn = (
  page$: Observable<PageState>,
  attempts: readonly Observable<unknown>[],
  settings: Partial<FeedSettings> = {},
) => {
  const left = [...attempts];
  const next$ = defer(() => left.shift() ?? NEVER) as Observable<Ready>;
  const openSocket = () => {
    throw new Error('no socket in this spec');
  };
  return feedOver({ openSocket, headers: false, page$, hidesRefusals: false })(
    {
      provider: 'test',
      topics: quotes('AAPL.US'),
      credential: 'k',
      endpoint: 'wss://vendor',
      connections: Infinity,
      backoff: () => 3,
      ...settings,
    },
    () => asSessions(next$),
  );
};

/** What a feed is like from afar: `c` and `d` for the marks. */
const outline = map(({ kind }: { readonly kind: string }) => kind.charAt(0));

describe('a feed on a page', () => {
  it(
    'of which nothing is heard is a feed like any other',
    marbles(({ cold, expectObservable }) => {
      const attempts = [cold('r-#', said, lost), cold('r', said)];
      const expected = 'c-d--C--';
      const values = { c: up(0, 1), d: down(2, 1, 3, lost), C: up(5, 2, 1) };
      expectObservable(feedOn(NEVER, attempts), '^------!').toBe(expected, values);
    }),
  );

  describe('that is frozen', () => {
    it(
      'closes at once, tries nothing, and starts over the moment it is back',
      marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const page = hot('   l--f--------l---', states);
        const first = cold(' rq----          ', said);
        const second = cold('            rq--', said);
        const expected = '   cq-d--------(Cq)';
        const again = cold('(rq)', said);
        const values = { ...said, c: up(0, 1), d: down(3, 1, 30_000, away('frozen')), C: up(12, 1, 1) };
        expectObservable(feedOn(page, [first, again, second]), '^---------------!').toBe(expected, values);
        expectSubscriptions(first.subscriptions).toBe(' ^--!');
        expectSubscriptions(again.subscriptions).toBe(' ------------^---!');
      }),
    );

    it(
      'and comes back without a network goes on waiting',
      marbles(({ cold, hot, expectObservable }) => {
        const page = hot('l--f--o--l', states);
        const expected = 'c--d-----c-';
        const attempts = [cold('r', said), cold('r', said)];
        expectObservable(feedOn(page, attempts).pipe(outline), '^----------!').toBe(expected);
      }),
    );
  });

  describe('that goes offline', () => {
    it(
      'ends the session, and says why',
      marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const page = hot('  l-o---l---', states);
        const first = cold('r', said);
        const expected = '  c-d---C---';
        const values = { c: up(0, 1), d: down(2, 1, 30_000, away('offline')), C: up(6, 2, 1) };
        expectObservable(feedOn(page, [first, cold('r', said)]), '^---------!').toBe(expected, values);
        expectSubscriptions(first.subscriptions).toBe('^-!');
      }),
    );

    it(
      'ends an attempt',
      marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const page = hot('    l-o---l---', states);
        const attempt = cold('------r', said);
        const expected = '    --d---C---';
        const values = { d: down(2, 1, 30_000, away('offline')), C: up(6, 2) };
        expectObservable(feedOn(page, [attempt, cold('r', said)]), '^---------!').toBe(expected, values);
        expectSubscriptions(attempt.subscriptions).toBe('^-!');
      }),
    );

    it(
      'while it waits, makes the attempt it has announced, and then waits for the network',
      marbles(({ cold, hot, expectObservable }) => {
        const page = hot('l--o------l--', states);
        const expected = '-a---b----C--';
        const attempts = [cold('-#', said, lost), cold('-#', said, lost), cold('r', said)];
        const values = { a: down(1, 1, 3, lost), b: down(5, 2, 30_000, away('offline')), C: up(10, 3) };
        expectObservable(feedOn(page, attempts), '^------------!').toBe(expected, values);
      }),
    );

    it(
      'tries every half minute all the same, as it may be wrong, and without growing impatient',
      marbles(({ cold, hot, expectObservable }) => {
        const page = hot('l-o', states);
        const expected = 'c-d 29999ms d 29999ms d 29999ms c';
        const attempts = ['r', '#', '#', 'r'].map((picture) => cold(picture, said, lost));
        const feed$ = feedOn(page, attempts, { backoff: (attempt) => (attempt > 1 ? 60_000 : 1) });
        expectObservable(feed$.pipe(outline), '^ 200s !').toBe(expected);
      }),
    );

    it(
      'waits no shorter than the backoff says',
      marbles(({ cold, hot, expectObservable }) => {
        const page = hot('l-o', states);
        const feed$ = feedOn(page, [cold('r', said), cold('r', said)], { backoff: (attempt) => attempt * 40_000 });
        expectObservable(feed$.pipe(outline), '^ 100s !').toBe('c-d 39999ms c');
      }),
    );

    it(
      'keeps a cause that tells more',
      marbles(({ cold, expectObservable }) => {
        const page = of<PageState>('offline');
        const timedOut = new AuthTimeout(5);
        const kicked = new ConnectionLost(1000, 'elsewhere');
        const attempts = [cold('-#', said, timedOut), cold('#', said, kicked)];
        const values = { a: down(1, 1, 30_000, timedOut), b: down(30_001, 2, 30_000, kicked) };
        expectObservable(feedOn(page, attempts), '^ 40s !').toBe('-a 29999ms b', values);
      }),
    );

    it(
      'from the beginning tries once',
      marbles(({ cold, hot, expectObservable }) => {
        const page = hot('----l', states).pipe(startWith<PageState>('offline'));
        const attempts = [cold('-#', said, lost), cold('r', said)];
        const values = { d: down(1, 1, 30_000, away('offline')), c: up(4, 2) };
        expectObservable(feedOn(page, attempts), '^-----!').toBe('-d--c--', values);
      }),
    );

    it(
      'and did get a connection keeps it when it is back',
      marbles(({ cold, hot, expectObservable }) => {
        const page = hot('----l', states).pipe(startWith<PageState>('offline'));
        expectObservable(feedOn(page, [cold('r', said)]).pipe(outline), '^-----!').toBe('c------');
      }),
    );
  });

  describe('that comes back', () => {
    it(
      'waits out no backoff, and begins it anew',
      marbles(({ cold, hot, expectObservable }) => {
        const page = hot('l-----o-l----------', states);
        const expected = 'a-b-----c-d-';
        //                --            2
        //                  ------      of 24
        //                        --    2 again
        const attempts = ['#', '#', '#', '#', '#', 'r'].map((picture) => cold(picture, said, lost));
        const feed$ = feedOn(page, attempts, { backoff: (attempt) => 2 ** attempt + (attempt > 1 ? 20 : 0) });
        const values = {
          a: down(0, 1, 2, lost),
          b: down(2, 2, 24, lost),
          c: down(8, 3, 2, lost),
          d: down(10, 4, 24, lost),
        };
        expectObservable(feed$, '^-----------!').toBe(expected, values);
      }),
    );

    it(
      'waits as long as the vendor asked for',
      marbles(({ cold, hot, expectObservable }) => {
        const busy = new HandshakeRefused(429, 6);
        const feed = (page: string) =>
          feedOn(hot(page, states), [cold('#', said, busy), cold('r', said)], { backoff: () => 9 }).pipe(outline);
        expectObservable(feed('l-o-l-o-l'), '^-----------!').toBe('d-------c---');
        expectObservable(feed('l-o---l--'), '^-----------!').toBe('d-----c-----');
      }),
    );

    it(
      'does not disturb a session',
      marbles(({ cold, hot, expectObservable }) => {
        const page = hot('ll-l', states);
        expectObservable(feedOn(page, [cold('r', said)]).pipe(outline), '^-----!').toBe('c');
      }),
    );
  });

  it(
    'listens to the page for as long as the feed is subscribed, and no longer',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const page = hot('l--f---l----', states);
      const subs = '    ^---------!';
      const attempts = [cold('r', said), cold('r', said)];
      expectObservable(feedOn(page, attempts).pipe(outline), subs).toBe('c--d---c---');
      expectSubscriptions(page.subscriptions).toBe(subs);
    }),
  );

  it(
    'leaves the page when the feed ends',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const page = hot('l--------', states);
      const final = new HandshakeRefused(404);
      expectObservable(feedOn(page, [cold('--#', said, final)])).toBe('--#', undefined, final);
      expectSubscriptions(page.subscriptions).toBe('^-!');
    }),
  );
});

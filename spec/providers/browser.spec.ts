import { flattenError } from '../../lib/model/errorData.js';
import { filter, map, of, type Observable } from 'rxjs';
import { ConnectionLost, HandshakeRefused, HeartbeatMissed, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { itickOver } from '../../lib/providers/itick/itick.js';
import { tickflowOver } from '../../lib/providers/tickflow/tickflow.js';
import type { FeedOptions } from '../../lib/session/FeedOptions.js';
import { fakeNetwork, type FakeConnection } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import { browserPlatform } from '../../lib/transport/browserPlatform.js';
import type { PageState, Platform } from '../../lib/transport/Platform.js';
import { sleepAt, throttleTimers } from '../session/lateTimers.js';

const SECRET = 'k-2abf6c0';
const AUTHENTICATED = '{"code":1,"resAc":"auth","msg":"authenticated"}';
const states: Readonly<Record<string, PageState>> = { l: 'live', o: 'offline', f: 'frozen' };

interface Vendor {
  readonly name: string;
  readonly feed: (platform: Platform, options?: FeedOptions) => Observable<FeedEvent>;
  /** Accepts a connection and answers what it says. */
  readonly accept: (connection: FakeConnection) => void;
}

const vendors: readonly Vendor[] = [
  {
    name: 'itick',
    feed: (platform, options) =>
      itickOver(platform)({ token: SECRET, market: 'stock', topics: quotes('AAPL.US'), backoff: () => 10, ...options }),
    accept: (connection) => {
      connection.received$.subscribe((text) => {
        const { ac, params } = JSON.parse(text) as { readonly ac: string; readonly params: string };
        const answer = ac === 'ping' ? { resAc: 'pong', data: { params } } : { code: 1, resAc: ac, msg: 'done' };
        connection.say(JSON.stringify(answer));
      });
      connection.open();
      connection.say(AUTHENTICATED);
    },
  },
  {
    name: 'tickflow',
    feed: (platform, options) =>
      tickflowOver(platform)({ apiKey: SECRET, topics: quotes('600000.SH'), backoff: () => 10, ...options }),
    accept: (connection) => connection.open(),
  },
];

/** A browser whose sockets lead to this vendor. */
const browser = (accept: Vendor['accept'], page$?: Observable<PageState>) => {
  const network = fakeNetwork(accept, { showsPings: false });
  const platform: Platform = { ...browserPlatform, openSocket: network.openSocket, page$ };
  return { ...network, platform };
};

const refuse = (connection: FakeConnection): void => connection.drop();

/** `c` and `d` for the marks. */
const outline = map(({ kind }: FeedEvent) => kind.charAt(0));

/** Not what topics are served, nor how long a ping took: the two vendors differ there. */
const isOfLink = ({ kind }: FeedEvent): boolean => kind !== 'subscribed' && kind !== 'latency';

describe.each(vendors)('$name in a browser', ({ name, feed, accept }) => {
  afterEach(() => jest.restoreAllMocks());

  it(
    'gives up when no socket ever opens, and does not say with which key',
    marbles(({ expectObservable, flush }) => {
      const { platform, connections } = browser(refuse);
      const ended = new HandshakeRefused(0, undefined, '3 attempts failed');
      expectObservable(feed(platform, { connectAttempts: 3 }).pipe(outline)).toBe('d 9ms d 9ms #', undefined, ended);
      flush();
      expect(connections).toHaveLength(3);
      expect(JSON.stringify(ended)).not.toContain(SECRET);
    }),
  );

  it(
    'gives up at once when the probe knows why',
    marbles(({ expectObservable }) => {
      const { platform } = browser(refuse);
      const feed$ = feed(platform, { probe: () => of({ status: 403 }) });
      expectObservable(feed$).toBe('#', undefined, new Unauthorized('HTTP 403', 403));
    }),
  );

  it.each<[string, PageState, string]>([
    ['is frozen', 'frozen', 'l--f-----l---'],
    ['is offline', 'offline', 'l--o-----l---'],
  ])('closes the socket when its page %s, and starts over when it is back, with all topics', (_, state, picture) =>
    marbles(({ hot, expectObservable, flush }) => {
      const { platform, connections } = browser(accept, hot(picture, states));
      const links = feed(platform).pipe(
        filter(isOfLink),
        map((event) => {
          if (event.kind === 'disconnected') return event.cause;
          return event.kind === 'connected' ? event.resumed : event.kind;
        }),
      );
      const cause = flattenError(new ConnectionLost(1006, `the page is ${state}`));
      expectObservable(links, '^------------!').toBe('c--d-----r', { c: undefined, d: cause, r: { from: 0, to: 9 } });
      flush();
      expect(connections.map((connection) => connection.closedByClient)).toEqual([{ code: 1000 }, { code: 1000 }]);
      const asked = connections.map(({ received }) => received);
      expect(asked[0]).toHaveLength(1);
      expect(asked[1]).toEqual(asked[0]);
    })(),
  );

  it(
    'starts over within ten seconds after the machine slept',
    marbles(({ expectObservable }) => {
      sleepAt(7_000, 3_600_000);
      const { platform } = browser((connection) => {
        connection.open();
        if (name === 'itick') connection.say(AUTHENTICATED);
      });
      const links = feed(platform).pipe(
        filter(isOfLink),
        map((event) => (event.kind === 'disconnected' ? event.cause : event.kind)),
      );
      const missed = flattenError(new HeartbeatMissed(3_615_000));
      expectObservable(links, '^ 15s !').toBe('c 14999ms d', { c: 'connected', d: missed });
    }),
  );

  it(
    'loses nothing in a tab that is hidden for ten minutes',
    marbles(({ expectObservable }) => {
      throttleTimers(60_000);
      const { platform } = browser(accept);
      const links = feed(platform).pipe(filter(isOfLink));
      expectObservable(links.pipe(outline), '^ 600s !').toBe('c');
    }),
  );
});

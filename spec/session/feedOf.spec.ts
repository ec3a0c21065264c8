import {
  concat,
  map,
  merge,
  NEVER,
  of,
  reduce,
  Subscription,
  takeUntil,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { ConnectionLost, FeedInUse, HandshakeRefused, InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import { quotes } from '../../lib/model/topic.js';
import { feedOf, type FeedSettings } from '../../lib/session/feedOf.js';
import { encoded } from '../../lib/session/encoded.js';
import { messages, type Ready } from '../../lib/session/messages.js';
import { marbles } from '../../lib/testing/marbles.js';
import { aSession } from './aSession.js';

const settings: FeedSettings = {
  provider: 'test',
  topics: quotes('AAPL.US'),
  credential: 'k',
  endpoint: 'wss://vendor/stock',
  connections: 1,
  backoff: () => 2,
};
const ready: Ready = { kind: 'ready', heardAt: () => 0 };
const said = (kind: string) => ({ kind });
const kinds = map(({ kind }: { readonly kind: string }) => kind.charAt(0));
const session = (): Observable<Ready> => merge(of(ready), NEVER);
const lost = throwError(() => new ConnectionLost(1006));

describe('feedOf', () => {
  it(
    'makes an event of a frame that the decoder throws for, with the text of the error and no credential',
    marbles(({ hot, expectObservable }) => {
      const frames = hot('--a-b--', { a: 'a secret-credential', b: 'b' });
      const decode = (frame: string) => {
        if (frame !== 'b') throw new TypeError(`no ${frame}`);
        return { kind: 'quote', feed: 'mine' };
      };
      const feed$ = feedOf({ ...settings, credential: 'secret-credential' }, () =>
        of(aSession(frames).session).pipe(encoded(decode, String), messages()),
      );
      const [c, a, b] = [
        { kind: 'connected', provider: 'test', feed: 'test', receivedAt: 0, attempt: 1, resumed: undefined },
        {
          kind: 'undecodable',
          provider: 'test',
          feed: 'test',
          receivedAt: 0,
          frame: 'a ***',
          problems: ['the decoder failed: TypeError: no a ***'],
        },
        { kind: 'quote', feed: 'mine' },
      ];
      expectObservable(feed$, '^-----!').toBe('c-a-b--', { c, a, b });
    }),
  );

  it(
    'asks for the credential before each attempt, and starts over when one is lost',
    marbles(({ expectObservable }) => {
      let asked = 0;
      const credential = (): string => `k${++asked}`;
      const feed$ = feedOf({ ...settings, credential }, (_, secret) =>
        secret === 'k3' ? merge(of(ready, said(secret)), NEVER) : lost,
      );
      expectObservable(feed$.pipe(kinds), '^------!').toBe('d-d-(ck)');
    }),
  );

  it(
    'tries again when the credential cannot be had',
    marbles(({ expectObservable }) => {
      const answers = ['', 'k'];
      const feed$ = feedOf({ ...settings, credential: () => answers.shift() ?? '' }, session);
      expectObservable(feed$.pipe(kinds), '^----!').toBe('d-c---');
    }),
  );

  it(
    'takes a place on the endpoint, and gives it back when unsubscribed',
    marbles(({ expectObservable }) => {
      const feed$ = feedOf(settings, session).pipe(kinds);
      expectObservable(feed$, '^---!     ').toBe('c---      ');
      expectObservable(feed$, '--^       ').toBe('--#       ', undefined, new FeedInUse(settings.endpoint, 1));
      expectObservable(feed$, '----^---! ').toBe('----c---- ');
    }),
  );

  it(
    'holds its place between two attempts',
    marbles(({ expectObservable }) => {
      const feed$ = feedOf({ ...settings, backoff: () => 9 }, () => concat(of(ready), lost)).pipe(kinds);
      expectObservable(feed$, '^---!  ').toBe('(cd)   ');
      expectObservable(feed$, '-^     ').toBe('-#     ', undefined, new FeedInUse(settings.endpoint, 1));
    }),
  );

  it('has given its place back by the time its last error is heard', () => {
    const log: string[] = [];
    const attempts = [throwError(() => new Unauthorized('expired')), session()];
    const feed$ = feedOf(settings, () => attempts.shift() ?? NEVER).pipe(kinds);
    const start = (startOver: () => Subscription): Subscription =>
      feed$.subscribe({ next: (mark) => log.push(mark), error: () => (again = startOver()) });
    let again: Subscription | undefined;
    start(() => start(() => Subscription.EMPTY));
    again?.unsubscribe();
    expect(log).toEqual(['c']);
  });

  it(
    'waits some part of half a second after the first failure, by default',
    marbles(({ expectObservable }) => {
      const attempts = [lost, session()];
      const feed$ = feedOf({ ...settings, backoff: undefined }, () => attempts.shift() ?? NEVER);
      const within = feed$.pipe(
        kinds,
        takeUntil(timer(501)),
        reduce((marks, mark) => marks + mark, ''),
      );
      expectObservable(within).toBe('501ms (a|)', { a: 'dc' });
    }),
  );

  it(
    'hands each attempt what tells a refused upgrade from a lost network, made once for all of them',
    marbles(({ expectObservable }) => {
      const openSocket = () => {
        throw new Error('no socket in this spec');
      };
      const platform = { openSocket, headers: false, hidesRefusals: true };
      const feed$ = feedOf({ ...settings, platform, connectAttempts: 3 }, (_, __, opening) => lost.pipe(opening));
      const refused = new HandshakeRefused(0, undefined, '3 attempts failed');
      expectObservable(feed$.pipe(kinds)).toBe('d-d-#', undefined, refused);
    }),
  );

  it(
    'waits for the first topic before it does anything',
    marbles(({ cold, expectObservable }) => {
      const topics = cold('--o-a--', { o: [], a: quotes('AAPL.US') });
      const expected = '   ----c--';
      expectObservable(feedOf({ ...settings, topics }, session).pipe(kinds), '^------!').toBe(expected);
    }),
  );

  it('throws at call time for topics that the vendor cannot serve', () => {
    const check = (): void => {
      throw new InvalidTopic('AAPL.US', 'not sold here');
    };
    expect(() => feedOf({ ...settings, check }, session)).toThrow('not sold here');
  });
});

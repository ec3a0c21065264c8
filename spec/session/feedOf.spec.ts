import {
  concat,
  defer,
  map,
  merge,
  NEVER,
  of,
  reduce,
  skip,
  Subscription,
  takeUntil,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { ConnectionLost, FeedInUse, HandshakeRefused, InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, type Topic } from '../../lib/model/topic.js';
import { feedOver, type Attempt, type FeedSettings } from '../../lib/session/feedOf.js';
import { encoded } from '../../lib/session/encoded.js';
import type { Ready } from '../../lib/session/messages.js';
import { undecodable } from '../../lib/session/undecodable.js';
import { withVendorTime } from '../../lib/session/vendorTime.js';
import { aQuote } from '../../lib/testing/builders.js';
import { fakeNetwork, type FakeConnection } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import { nodePlatform } from '../../lib/transport/nodePlatform.js';
import type { Session } from '../../lib/transport/Session.js';
import { aSession, asSessions } from './aSession.js';

const settings: FeedSettings = {
  provider: 'test',
  topics: quotes('AAPL.US'),
  credential: 'k',
  endpoint: 'wss://vendor/stock',
  connections: 1,
  backoff: () => 2,
};
const ready: Ready = { kind: 'ready', lastReceivedAt: () => 0 };
const said = (kind: string) => ({ kind });
const kinds = map(({ kind }: { readonly kind: string }) => kind.charAt(0));
const session = (): Observable<Session<Ready, never>> => asSessions(merge(of(ready), NEVER));
const feedOf = feedOver(nodePlatform);
const unreadable = (): never => {
  throw new Error('secret-credential');
};
const control = { kind: 'control' };
const lost = throwError(() => new ConnectionLost(1006));

describe('feedOf', () => {
  it(
    'makes an event of a frame that the decoder throws for, with the text of the error and no credential',
    marbles(({ hot, expectObservable }) => {
      const frames = hot('--a-b--', { a: 'a secret-credential', b: 'b' });
      const decode = (frame: string) => {
        if (frame !== 'b') throw new TypeError(`no ${frame}`);
        return aQuote({ feed: 'mine' });
      };
      const feed$ = feedOf({ ...settings, credential: 'secret-credential' }, () =>
        of(aSession(frames).session).pipe(encoded(decode, (text: string) => text)),
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
        aQuote({ feed: 'mine' }),
      ];
      expectObservable(feed$, '^-----!').toBe('c-a-b--', { c, a, b });
    }),
  );

  it.each<[string, unknown, string]>([
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a text', 'bad secret-credential', 'bad ***'],
    ['no error, but with its fields', { message: 'secret-credential' }, '***'],
    ['an error named by the credential', Object.assign(new Error('no'), { name: 'secret-credential' }), '***: no'],
    ['an error whose text is none', Object.assign(new Error('no'), { message: Symbol('no') }), 'object'],
    ['what cannot be made a text', { toString: null }, 'object'],
    ['what fails when it is read', new Proxy(new Error('no'), { get: () => unreadable() }), 'object'],
  ])('makes an event of a frame that the decoder throws for, also if it throws %s', (_, thrown, text) =>
    marbles(({ hot, expectObservable }) => {
      const frames = hot('--a-b--', { a: 'a', b: 'b' });
      const decode = (frame: string) => {
        if (frame === 'b') return aQuote({ feed: 'mine' });
        throw thrown;
      };
      const feed$ = feedOf({ ...settings, credential: 'secret-credential' }, () =>
        of(aSession(frames).session).pipe(encoded(decode, (text: string) => text)),
      );
      const said$ = feed$.pipe(
        skip(1),
        map((event: FeedEvent) => (event.kind === 'undecodable' ? event.problems : event.kind)),
      );
      expectObservable(said$, '^-----!').toBe('--a-b--', { a: [`the decoder failed: ${text}`], b: 'quote' });
    })(),
  );

  it(
    'asks for the credential before each attempt, and starts over when one is lost',
    marbles(({ expectObservable }) => {
      let asked = 0;
      const credential = (): string => `k${++asked}`;
      const feed$ = feedOf({ ...settings, credential }, ({ secret }) =>
        secret === 'k3' ? asSessions(merge(of(ready, said(secret)), NEVER)) : lost,
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
      const feed$ = feedOf({ ...settings, backoff: () => 9 }, () => asSessions(concat(of(ready), lost))).pipe(kinds);
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
      const { openSocket } = fakeNetwork((vendor) => vendor.drop());
      const platform = { openSocket, headers: false, hidesRefusals: true };
      const said$ = ({ connect }: Attempt) =>
        connect().pipe(
          encoded(
            () => control,
            (text: string) => text,
          ),
        );
      const feed$ = feedOver(platform)({ ...settings, connectAttempts: 3 }, said$);
      const refused = new HandshakeRefused(0, undefined, '3 attempts failed');
      expectObservable(feed$.pipe(kinds)).toBe('d-d-#', undefined, refused);
    }),
  );

  it(
    'opens the socket as the caller said, at the endpoint unless told another address',
    marbles(({ flush }) => {
      const { openSocket, connections } = fakeNetwork((vendor) => vendor.open());
      const of = ({ url, options: { headers, maxFrameBytes } }: FakeConnection) => [url, headers, maxFrameBytes];
      const feed = (attempt: (connect: Attempt['connect']) => Observable<Session>) =>
        feedOf({ ...settings, connections: 2, openSocket, maxFrameBytes: 9 }, ({ connect }) =>
          attempt(connect).pipe(
            encoded(
              () => control,
              (text: string) => text,
            ),
          ),
        );
      const open = [
        feed((connect) => connect()).subscribe(),
        feed((connect) => connect('wss://vendor/2', { headers: { token: 'k' } })).subscribe(),
      ];
      flush();
      expect(connections.map(of)).toEqual([
        ['wss://vendor/stock', {}, 9],
        ['wss://vendor/2', { token: 'k' }, 9],
      ]);
      open.forEach((subscription) => subscription.unsubscribe());
    }),
  );

  it(
    'needs no credential, and then takes a place all the same',
    marbles(({ expectObservable }) => {
      const secrets: string[] = [];
      const feed$ = feedOf({ ...settings, credential: undefined }, ({ secret }) => {
        secrets.push(secret);
        return session();
      }).pipe(kinds);
      expectObservable(feed$, '^-!').toBe('c--');
      expectObservable(feed$, '-^ ').toBe('-# ', undefined, new FeedInUse(settings.endpoint, 1));
      expectObservable(
        defer(() => secrets),
        '--^!',
      ).toBe('--(s|)', { s: '' });
    }),
  );

  describe('says no credential', () => {
    const secret = 'secret-credential';
    const own = { kind: 'notice', at: { [`of ${secret}`]: [`by ${secret}`, 7] }, provider: 'test' };
    const topic = quotes(`${secret}.US`)[0] as Topic;
    const [to, from] = ['a ***', `a ${secret}`];

    it.each<[string, object, object]>([
      ['in an event that only the provider knows', own, { ...own, at: { 'of ***': ['by ***', 7] } }],
      [
        'in the reason of a refusal',
        { kind: 'refused', topics: [], reason: from },
        { kind: 'refused', topics: [], reason: to },
      ],
      [
        'in the symbol of what nothing asked for',
        { kind: 'unexpected', topic, count: 1 },
        { kind: 'unexpected', topic: { ...topic, symbol: '***.US' }, count: 1 },
      ],
      [
        'in a stamp that is not believed',
        withVendorTime(aQuote({ feed: 'test' }), from),
        aQuote({ feed: 'test', vendorTime: to }),
      ],
      [
        'in a frame that cannot be read, nor in what is wrong with it',
        undecodable('test', from, (redact) => [`${redact(from)}, or ${from}`], 7),
        { kind: 'undecodable', provider: 'test', receivedAt: 7, frame: to, problems: [`${to}, or ${to}`] },
      ],
    ])('%s', (_, said, expected) => {
      const log: unknown[] = [];
      const messages$ = merge(of(said as { readonly kind: string }), NEVER);
      feedOf({ ...settings, credential: secret }, () => of(aSession<{ kind: string }, never>(messages$).session))
        .pipe(skip(1))
        .subscribe((event) => log.push(event))
        .unsubscribe();
      expect(log).toEqual([{ ...expected, feed: 'test' }]);
    });

    it('but in the topics that the caller wrote', () => {
      const said = { kind: 'subscribed', topics: [topic] };
      const log: unknown[] = [];
      feedOf({ ...settings, credential: secret }, () =>
        of(aSession<typeof said, never>(merge(of(said), NEVER)).session),
      )
        .pipe(skip(1))
        .subscribe((event) => log.push(event))
        .unsubscribe();
      expect(log).toEqual([{ ...said, feed: 'test' }]);
    });

    it.each<[string, Error, Error]>([
      ['a refused login', new Unauthorized(from), new Unauthorized(to)],
      [
        'a login refused at length',
        new Unauthorized(from.padEnd(9_000, 'x')),
        new Unauthorized(`${to.padEnd(1_024, 'x')}…`),
      ],
      ['a defect', new TypeError(from), Object.assign(new Error(to), { name: 'TypeError' })],
      [
        'an error that holds none, which stays as it is',
        new Unauthorized('expired', 401),
        new Unauthorized('expired', 401),
      ],
    ])('in the error of %s', (_, thrown, expected) => {
      let error: unknown;
      feedOf({ ...settings, credential: secret }, () => throwError(() => thrown)).subscribe({
        error: (heard: unknown) => (error = heard),
      });
      expect(error).toEqual(expected);
      expect((error as Error).name).toBe(expected.name);
      expect((error as Error).stack).not.toContain(secret);
    });
  });

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

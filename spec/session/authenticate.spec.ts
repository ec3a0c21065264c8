import type { Observable } from 'rxjs';
import { map, merge, mergeMap, NEVER, of, Subject, type ObservableInput } from 'rxjs';
import { AuthTimeout, Unauthorized } from '../../lib/model/errors.js';
import { authenticate, type AuthenticateOptions } from '../../lib/session/authenticate.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { Session } from '../../lib/transport/Session.js';
import { aSession } from './aSession.js';

const bad = new Unauthorized('bad token');

/** `y` and `n` are the vendor's answers, anything else is said besides. */
const loginResult = (message: string): 'accepted' | Unauthorized | undefined =>
  message === 'y' ? 'accepted' : message === 'n' ? bad : undefined;

/** What is heard on the sessions handed on, each of which begins with an `s`. */
const heard =
  (options: Partial<AuthenticateOptions<string, string>> = {}) =>
  (session: Session) =>
    merge(of(session), NEVER).pipe(
      authenticate({ loginResult, ...options }),
      mergeMap(({ messages$ }): ObservableInput<string> => merge(of('s'), messages$)),
    );

describe('authenticate', () => {
  it(
    'hands the session on when the vendor accepts, and what is said after it',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const peer = hot(' --y-a-b-');
      const unsub = '    ^------!';
      const expected = ' --s-a-b-';
      const subs = ['    ^-!     ', '--^----!'];
      expectObservable(heard()(aSession(peer).session), unsub).toBe(expected);
      expectSubscriptions(peer.subscriptions).toBe(subs);
    }),
  );

  it(
    'fails with the error of the login result',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const peer = hot(' --n-a-b-');
      const expected = ' --#     ';
      const subs = '     ^-!     ';
      expectObservable(heard()(aSession(peer).session)).toBe(expected, undefined, bad);
      expectSubscriptions(peer.subscriptions).toBe(subs);
    }),
  );

  it(
    'fails when there is no answer in time, whatever else is said',
    marbles(({ hot, expectObservable }) => {
      const peer = hot(' -g---y');
      const expected = ' ----#  ';
      expectObservable(heard({ authTimeout: 4 })(aSession(peer).session)).toBe(expected, undefined, new AuthTimeout(4));
    }),
  );

  it(
    'waits ten seconds by default',
    marbles(({ expectObservable }) => {
      expectObservable(heard()(aSession(NEVER).session)).toBe('10s #', undefined, new AuthTimeout(10_000));
    }),
  );

  it(
    'hands on what came before the answer, in order, after it',
    marbles(({ hot, expectObservable }) => {
      const peer = hot(' -g-h-y----a-');
      const unsub = '    ^----------!';
      const expected = ' -----(sgh)a-';
      expectObservable(heard()(aSession(peer).session), unsub).toBe(expected);
    }),
  );

  it('keeps no more than the first 64 of them', () => {
    const log: string[] = [];
    const peer = new Subject<string>();
    heard()(aSession(peer).session).subscribe((message) => log.push(message));
    for (let i = 0; i < 1_000; i++) peer.next(String(i));
    peer.next('y');
    expect(log).toEqual(['s', ...Array.from({ length: 64 }, (_, i) => String(i))]);
  });

  it(
    'sends the login once it listens',
    marbles(({ hot, expectObservable }) => {
      const peer = hot(' --y----');
      const unsub = '    ^-----!';
      const sent = '     l------';
      const expected = ' --s----';
      const { session, sent$ } = aSession(peer);
      expectObservable(sent$).toBe(sent, { l: 'token' });
      expectObservable(heard({ login: () => 'token' })(session), unsub).toBe(expected);
    }),
  );

  it('hears the answer of a peer that gives it at once', () => {
    const log: string[] = [];
    const peer = new Subject<string>();
    const { session } = aSession(peer, { send: () => ['g', 'y', 'a'].forEach((frame) => peer.next(frame)) });
    heard({ login: () => 'token' })(session).subscribe((message) => log.push(message));
    expect(log).toEqual(['s', 'g', 'a']);
  });

  it(
    'goes on at once when acceptance is assumed',
    marbles(({ hot, expectObservable }) => {
      const peer = hot(' -a-y-b-');
      const unsub = '    ^-----!';
      const expected = ' sa-y-b-';
      expectObservable(heard({ optimistic: true, authTimeout: 2 })(aSession(peer).session), unsub).toBe(expected);
    }),
  );

  it(
    'hears a refusal that comes although acceptance was assumed',
    marbles(({ hot, expectObservable }) => {
      const peer = hot(' -a-n-b-');
      const expected = ' sa-#    ';
      expectObservable(heard({ optimistic: true })(aSession(peer).session)).toBe(expected, undefined, bad);
    }),
  );

  it('loses nothing that a peer in memory says when acceptance is assumed', () => {
    const log: string[] = [];
    const peer = new Subject<string>();
    const { session } = aSession(peer, { send: () => peer.next('g') });
    heard({ optimistic: true, login: () => 'token' })(session).subscribe((message) => log.push(message));
    peer.next('a');
    expect(log).toEqual(['s', 'g', 'a']);
  });

  it(
    'forgets a session that is followed by another',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const sessions = cold('a-b---', { a: 'first', b: 'second' });
      const first = hot('    ---n--');
      const second = hot('   ----y-');
      const expected = '     ----b-';
      const peers: Readonly<Record<string, Observable<string>>> = { first, second };
      const handed$ = sessions.pipe(
        map((name) => aSession(peers[name] ?? NEVER, { lastReceivedAt: () => (name === 'second' ? 2 : 1) }).session),
        authenticate({ loginResult }),
        map(({ lastReceivedAt }) => (lastReceivedAt() === 2 ? 'b' : 'a')),
      );
      expectObservable(handed$).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe('^-!');
    }),
  );

  it(
    'leaves the peer alone when it is unsubscribed while it waits',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const peer = hot(' -----y-');
      const unsub = '    ^--!   ';
      const subs = '     ^--!   ';
      expectObservable(heard()(aSession(peer).session), unsub).toBe('---');
      expectSubscriptions(peer.subscriptions).toBe(subs);
    }),
  );

  it(
    'takes a defect in the verdict for one',
    marbles(({ hot, expectObservable }) => {
      const defect = new TypeError('a defect');
      const broken = () => {
        throw defect;
      };
      const peer = hot('-a-');
      expectObservable(heard({ loginResult: broken })(aSession(peer).session)).toBe('-#', undefined, defect);
    }),
  );
});

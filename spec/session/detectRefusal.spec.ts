import { BehaviorSubject, EMPTY, NEVER, of, throwError, timer, type ObservableInput } from 'rxjs';
import {
  ConnectionLost,
  ConnectTimeout,
  HandshakeRefused,
  Unauthorized,
  type FeedError,
} from '../../lib/model/errors.js';
import { detectRefusal, type RefusalOptions, type Probe } from '../../lib/session/detectRefusal.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { PageState } from '../../lib/transport/Platform.js';

const lost = new ConnectionLost(1006);
const neverOpened = (attempts: number) => new HandshakeRefused(0, undefined, `${attempts} attempts failed`);
const live$ = new BehaviorSubject<PageState>('live');
const inBrowser = (options: Partial<RefusalOptions> = {}) =>
  detectRefusal({ platform: { hidesRefusals: true }, page$: live$, ...options });

/** How each of the attempts ends: `s` is a session, then the error. */
type Attempts = readonly (readonly [picture: string, error: unknown, expected?: unknown])[];

const attempted = (opened: ReturnType<typeof detectRefusal>, attempts: Attempts): void =>
  attempts.forEach(([picture, error, expected = error]) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(picture, undefined, error).pipe(opened)).toBe(picture, undefined, expected);
    })(),
  );

describe('detectRefusal', () => {
  it('gives up after eight attempts, none of which opened a socket', () => {
    const failures: Attempts = Array.from({ length: 7 }, () => ['-#', lost]);
    attempted(inBrowser(), [...failures, ['-#', lost, neverOpened(8)]]);
  });

  it('gives up after as many as are allowed', () => {
    attempted(inBrowser({ connectAttempts: 2 }), [
      ['-#', lost],
      ['-#', lost, neverOpened(2)],
    ]);
  });

  it('never gives up when that is switched off', () => {
    attempted(inBrowser({ connectAttempts: Infinity }), Array(20).fill(['#', lost]) as Attempts);
  });

  it('takes every loss for a loss once a socket has opened', () => {
    attempted(inBrowser({ connectAttempts: 2 }), [
      ['-#', lost],
      ['-s#', lost],
      ['-#', lost],
      ['-#', lost],
    ]);
  });

  it.each<[string, Attempts[number]]>([
    ['a socket that did not open in time', ['-#', new ConnectTimeout(5)]],
    ['a defect', ['-#', new TypeError('a defect')]],
    ['what is no error', ['-#', 'thrown']],
  ])('reads nothing into %s', (_, attempt) => {
    attempted(inBrowser({ connectAttempts: 1, probe: () => [401] }), [attempt, attempt]);
  });

  it.each<[string, Partial<RefusalOptions>]>([
    ['where refusals are shown', { platform: {} }],
    ['where nothing is known of the platform', { platform: undefined }],
  ])('leaves errors alone %s', (_, options) => {
    attempted(detectRefusal({ connectAttempts: 1, probe: () => [401], page$: live$, ...options }), [['-#', lost]]);
  });

  it('does not count the failures of a page that is offline', () => {
    const page$ = new BehaviorSubject<PageState>('offline');
    const opened = inBrowser({ connectAttempts: 1, probe: () => [401], page$ });
    attempted(opened, [
      ['-#', lost],
      ['-#', lost],
    ]);
    page$.next('live');
    attempted(opened, [['-#', lost, new Unauthorized('HTTP 401', 401)]]);
  });

  describe('with a probe', () => {
    it.each<[string, () => ObservableInput<number | { status: number }>, FeedError]>([
      ['a number', () => of(401), new Unauthorized('HTTP 401', 401)],
      ['a response', () => of({ status: 403 }), new Unauthorized('HTTP 403', 403)],
      ['that the credential is good', () => of(200), lost],
      ['something else', () => of({ status: 404 }), lost],
      ['nothing', () => EMPTY, lost],
      ['what has no status', () => of(null as unknown as number), lost],
      ['that it failed', () => throwError(() => new TypeError('fetch of https://vendor?token=k1 failed')), lost],
    ])('that says %s', (_, probe, expected) => {
      attempted(inBrowser({ probe }), [['-#', lost, expected]]);
    });

    it('that throws', () => {
      const probe: Probe = () => {
        throw new Error('k1');
      };
      attempted(inBrowser({ probe }), [['-#', lost]]);
    });

    it('that is a promise', async () => {
      const ends: unknown[] = [];
      const probe = () => Promise.resolve(new Response(null, { status: 401 }));
      const ended = new Promise<void>((resolve) => {
        throwError(() => lost)
          .pipe(inBrowser({ probe }))
          .subscribe({ error: (error: unknown) => resolve(void ends.push(error)) });
      });
      await ended;
      expect(ends).toEqual([new Unauthorized('HTTP 401', 401)]);
    });

    it(
      'that hangs, waits for five seconds',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const asked = cold<number>('-');
        const attempt$ = cold('-#', undefined, lost).pipe(inBrowser({ probe: () => asked }));
        expectObservable(attempt$).toBe('- 5s #', undefined, lost);
        expectSubscriptions(asked.subscriptions).toBe('-^ 4999ms !');
      }),
    );

    it(
      'leaves it when the attempt is left',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const asked = cold<number>('-');
        const attempt$ = cold('-#', undefined, lost).pipe(inBrowser({ probe: () => asked }));
        expectObservable(attempt$, '^--!').toBe('-');
        expectSubscriptions(asked.subscriptions).toBe('-^-!');
      }),
    );

    it('still gives up after so many attempts', () => {
      attempted(inBrowser({ connectAttempts: 2, probe: () => [200] }), [
        ['-#', lost],
        ['-#', lost, neverOpened(2)],
      ]);
    });

    it('asks it after each attempt until a socket has opened', () => {
      let asked = 0;
      const probe: Probe = () => [(asked += 1)];
      attempted(inBrowser({ probe }), [
        ['-#', lost],
        ['-#', lost],
        ['s#', lost],
        ['-#', lost],
      ]);
      expect(asked).toBe(2);
    });
  });

  it(
    'passes sessions on, and ends with whoever listens',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const sessions = cold('-s--');
      expectObservable(sessions.pipe(inBrowser()), '^--!').toBe('-s--');
      expectSubscriptions(sessions.subscriptions).toBe('^--!');
      expectObservable(timer(1).pipe(inBrowser())).toBe('-(0|)', [0]);
      expectObservable(NEVER.pipe(inBrowser()), '^-!').toBe('---');
    }),
  );
});

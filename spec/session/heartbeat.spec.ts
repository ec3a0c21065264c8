import { asyncScheduler, map, merge, mergeMap, NEVER, of, tap, type Observable } from 'rxjs';
import { HeartbeatMissed } from '../../lib/model/errors.js';
import { heartbeat, type HeartbeatOptions } from '../../lib/session/heartbeat.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { Session } from '../../lib/transport/Session.js';
import { aSession } from './aSession.js';

/** A session that is heard whenever `life$` says anything, beginning now. */
const aliveBy = (life$: Observable<unknown>, hearsPings = true) => {
  let heardAt = asyncScheduler.now();
  const messages$ = life$.pipe(tap(() => (heardAt = asyncScheduler.now())));
  return { ...aSession(NEVER, { heardAt: () => heardAt, hearsPings }), messages$ };
};

const watched = (session: Session, options: HeartbeatOptions<string>, life$: Observable<unknown> = NEVER) =>
  merge(
    merge(of(session), NEVER).pipe(
      heartbeat(options),
      map(() => 's'),
    ),
    life$.pipe(mergeMap(() => [])),
  );

const ping = (): string => 'p';

describe('heartbeat', () => {
  it(
    'hands the session on at once and pings it at each beat',
    marbles(({ expectObservable }) => {
      const unsub = '   ^----------!';
      const pings = '   ---p--p--p--';
      const expected = 's-----------';
      const { session, sent$ } = aSession(NEVER);
      expectObservable(sent$, unsub).toBe(pings);
      expectObservable(watched(session, { every: 3, within: 100, ping }), unsub).toBe(expected);
    }),
  );

  it(
    'fails when nothing was heard for the deadline, to the millisecond',
    marbles(({ expectObservable }) => {
      const pings = '   ---p--  ';
      const expected = 's----#  ';
      const { session, sent$ } = aSession(NEVER);
      expectObservable(sent$).toBe(pings);
      expectObservable(watched(session, { every: 3, within: 5, ping })).toBe(
        expected,
        undefined,
        new HeartbeatMissed(5),
      );
    }),
  );

  it(
    'takes any frame for a sign of life',
    marbles(({ hot, expectObservable }) => {
      const life = hot('--x---x---------');
      const expected = 's----------#';
      //                      -----     from the last frame on
      const { session, messages$ } = aliveBy(life);
      const options = { every: 3, within: 5, ping };
      expectObservable(watched(session, options, messages$)).toBe(expected, undefined, new HeartbeatMissed(5));
    }),
  );

  it(
    'goes on for as long as the peer is heard',
    marbles(({ hot, expectObservable }) => {
      const life = hot('----x---x---x---x---x---');
      const unsub = '   ^----------------------!';
      const expected = 's-----------------------';
      const { session, messages$ } = aliveBy(life);
      expectObservable(watched(session, { every: 3, within: 5, ping }, messages$), unsub).toBe(expected);
    }),
  );

  it(
    'only listens to a peer that pings us',
    marbles(({ hot, expectObservable }) => {
      const life = hot('---x--      ');
      const expected = 's-------#   ';
      const { session, messages$, sent$ } = aliveBy(life);
      expectObservable(sent$).toBe('-');
      expectObservable(watched(session, { within: 5 }, messages$)).toBe(expected, undefined, new HeartbeatMissed(5));
    }),
  );

  it(
    'does not take silence for death where the platform hides the pings of the peer',
    marbles(({ expectObservable }) => {
      const unsub = '   ^ 60s !';
      const { session } = aliveBy(NEVER, false);
      expectObservable(watched(session, { within: 5 }), unsub).toBe('s');
    }),
  );

  it(
    'does so on request, and when it pings',
    marbles(({ expectObservable }) => {
      const { session } = aliveBy(NEVER, false);
      const missed = new HeartbeatMissed(5);
      expectObservable(watched(session, { within: 5, unheard: true })).toBe('s----#', undefined, missed);
      expectObservable(watched(session, { within: 5, every: 3, ping })).toBe('s----#', undefined, missed);
    }),
  );

  it(
    'counts from when the session was last heard, which may be before it was handed on',
    marbles(({ cold, expectObservable }) => {
      const sessions = cold('---s');
      const expected = '     ---s-#';
      const { session } = aSession(NEVER, { heardAt: () => 0 });
      const watched$ = sessions.pipe(
        map(() => session),
        heartbeat({ within: 5 }),
        map(() => 's'),
      );
      expectObservable(watched$).toBe(expected, undefined, new HeartbeatMissed(5));
    }),
  );

  it(
    'leaves a session that is followed by another',
    marbles(({ cold, expectObservable }) => {
      const sessions = cold('a--b-----');
      const unsub = '        ^-------!';
      const first = '        --p------';
      const second = '       -----p-p-';
      const { session: a, sent$ } = aSession(NEVER);
      const { session: b, sent$: sentLater$ } = aSession(NEVER, { heardAt: () => 4 });
      expectObservable(sent$, unsub).toBe(first);
      expectObservable(sentLater$, unsub).toBe(second);
      const watched$ = sessions.pipe(
        map((name) => (name === 'a' ? a : b)),
        heartbeat({ every: 2, within: 100, ping }),
        mergeMap(() => []),
      );
      expectObservable(watched$, unsub).toBe('---------');
    }),
  );
});

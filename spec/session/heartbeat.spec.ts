import { asyncScheduler, ignoreElements, map, merge, mergeMap, NEVER, of, Subject, tap, type Observable } from 'rxjs';
import { HeartbeatMissed } from '../../lib/model/errors.js';
import { heartbeat, type HeartbeatOptions } from '../../lib/session/heartbeat.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { Session } from '../../lib/transport/Session.js';
import { aSession } from './aSession.js';
import { sleepAt, throttleTimers } from './lateTimers.js';

/** A session that is heard whenever `life$` says anything, beginning now. */
const aliveBy = (life$: Observable<unknown>, seesPings = true) => {
  let lastReceivedAt = asyncScheduler.now();
  const messages$ = life$.pipe(tap(() => (lastReceivedAt = asyncScheduler.now())));
  return { ...aSession(NEVER, { lastReceivedAt: () => lastReceivedAt, seesPings }), messages$ };
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
  afterEach(() => {
    jest.restoreAllMocks();
  });

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
    'pings no peer without a beat, nor without a ping',
    marbles(({ expectObservable }) => {
      const unsub = '   ^--------!';
      const pings = '   ----------';
      const expected = 's---------';
      for (const options of [{ ping }, { every: 3 }, { ping, every: 0 }]) {
        const { session, sent$ } = aSession(NEVER);
        expectObservable(sent$, unsub).toBe(pings);
        expectObservable(watched(session, { within: 100, ...options }), unsub).toBe(expected);
      }
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
      expectObservable(watched(session, { within: 5, watchSilence: true })).toBe('s----#', undefined, missed);
      expectObservable(watched(session, { within: 5, every: 3, ping })).toBe('s----#', undefined, missed);
    }),
  );

  it(
    'counts from when the session was last heard, which may be before it was handed on',
    marbles(({ cold, expectObservable }) => {
      const sessions = cold('---s');
      const expected = '     ---s-#';
      const { session } = aSession(NEVER, { lastReceivedAt: () => 0 });
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
      const { session: b, sent$: sentLater$ } = aSession(NEVER, { lastReceivedAt: () => 4 });
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

  describe('when its timers are held up', () => {
    const minutely = { every: 20_000, within: 40_000, ping };
    /** A peer that is heard at these times. */
    const receivedAtTimes = (times: readonly number[], seesPings = true) =>
      aSession(NEVER, {
        lastReceivedAt: () => times.filter((time) => time <= asyncScheduler.now()).at(-1) ?? 0,
        seesPings,
      });

    afterEach(() => jest.restoreAllMocks());

    it(
      'to one a minute, does not take its own lateness for silence of a peer that answers',
      marbles(({ expectObservable }) => {
        throttleTimers(60_000);
        const { session, sent$ } = receivedAtTimes([60_050, 120_050, 180_050, 240_050]);
        expectObservable(watched(session, minutely), '^ 290s !').toBe('s');
        // One by the beat, and one by the look that was held up.
        expectObservable(sent$, '^ 70s !').toBe('60s (pp)');
      }),
    );

    it(
      'to one a minute, still notices a peer that does not answer',
      marbles(({ expectObservable }) => {
        throttleTimers(60_000);
        const { session } = receivedAtTimes([60_050]);
        expectObservable(watched(session, minutely)).toBe('s 179999ms #', undefined, new HeartbeatMissed(119_950));
      }),
    );

    it(
      'by a sleep, pings at the first look, and lets in the frames that waited',
      marbles(({ expectObservable }) => {
        sleepAt(7_000, 3_600_000);
        const { session, sent$ } = receivedAtTimes([3_610_001]);
        expectObservable(sent$, '^ 25s !').toBe('10s p 9999ms p');
        expectObservable(watched(session, minutely), '^ 40s !').toBe('s');
      }),
    );

    it(
      'by a sleep, takes a peer that is still silent five seconds later for dead',
      marbles(({ expectObservable }) => {
        sleepAt(7_000, 3_600_000);
        const { session } = receivedAtTimes([]);
        expectObservable(watched(session, minutely)).toBe('s 14999ms #', undefined, new HeartbeatMissed(3_615_000));
      }),
    );

    it(
      'by a sleep too short to be silence, expects the answer to its ping as soon',
      marbles(({ expectObservable }) => {
        sleepAt(7_000, 10_000);
        const { session } = receivedAtTimes([]);
        expectObservable(watched(session, minutely)).toBe('s 14999ms #', undefined, new HeartbeatMissed(25_000));
      }),
    );

    it(
      'by less than two seconds, goes on as if nothing had been',
      marbles(({ expectObservable }) => {
        sleepAt(7_000, 2_000);
        const { session, sent$ } = receivedAtTimes([]);
        expectObservable(sent$, '^ 15s !').toBe('-');
        expectObservable(watched(session, { ...minutely, every: 60_000 })).toBe(
          's 37999ms #',
          undefined,
          new HeartbeatMissed(40_000),
        );
      }),
    );

    it(
      'by more than two seconds, pings at the next look, which comes every five',
      marbles(({ expectObservable }) => {
        sleepAt(12_000, 2_001);
        const { session, sent$ } = receivedAtTimes([12_000]);
        expectObservable(sent$, '^ 19s !').toBe('15s p');
        expectObservable(watched(session, { ...minutely, every: 60_000 }), '^ 19s !').toBe('s');
      }),
    );

    it(
      'by more than a tenth of the silence that is allowed, says nothing of the peer either',
      marbles(({ expectObservable }) => {
        sleepAt(2_000, 501);
        const { session, sent$ } = receivedAtTimes([]);
        expectObservable(sent$, '^ 6s !').toBe('5s p');
        const options = { within: 5_000, every: 60_000, ping };
        expectObservable(watched(session, options)).toBe('s 9999ms #', undefined, new HeartbeatMissed(10_501));
      }),
    );

    it(
      'by no more than a tenth, takes a silent peer for dead at once',
      marbles(({ expectObservable }) => {
        sleepAt(2_000, 500);
        const { session } = receivedAtTimes([]);
        expectObservable(watched(session, { within: 5_000 })).toBe('s 4999ms #', undefined, new HeartbeatMissed(5_500));
      }),
    );

    it(
      'counts from the frame that was heard in the very millisecond of the late look',
      marbles(({ expectObservable }) => {
        sleepAt(7_000, 3_600_000);
        const { session } = receivedAtTimes([3_610_000]);
        expectObservable(watched(session, minutely)).toBe('s 49999ms #', undefined, new HeartbeatMissed(40_000));
      }),
    );

    it(
      'twice in a row, lets in the frames that waited, however long ago the peer was heard',
      marbles(({ expectObservable }) => {
        throttleTimers(60_000);
        const { session } = receivedAtTimes([60_000, 120_050, 180_050]);
        expectObservable(watched(session, minutely), '^ 190s !').toBe('s');
      }),
    );

    it(
      'where it only listens, counts the silence anew: the peer may have been quiet by chance',
      marbles(({ expectObservable }) => {
        sleepAt(7_000, 30_000);
        const { session, sent$ } = receivedAtTimes([]);
        expectObservable(sent$).toBe('-');
        expectObservable(watched(session, { within: 75_000 })).toBe(
          's 84999ms #',
          undefined,
          new HeartbeatMissed(115_000),
        );
      }),
    );

    it(
      'where it only listens, gives a silence that was too long five seconds more',
      marbles(({ expectObservable }) => {
        sleepAt(7_000, 75_000);
        const { session } = receivedAtTimes([]);
        expectObservable(watched(session, { within: 75_000 })).toBe(
          's 14999ms #',
          undefined,
          new HeartbeatMissed(90_000),
        );
      }),
    );

    it.each<[string, number, readonly number[], string, number]>([
      ['that is just too long', 65_000, [], 's 14999ms #', 80_000],
      ['that was broken by a frame', 60_000, [6_000], 's 84999ms #', 139_000],
    ])('where it only listens, tells a silence %s', (_, sleep, times, expected, silence) =>
      marbles(({ expectObservable }) => {
        sleepAt(7_000, sleep);
        const { session } = receivedAtTimes(times);
        const missed = new HeartbeatMissed(silence);
        expectObservable(watched(session, { within: 75_000 })).toBe(expected, undefined, missed);
      })(),
    );

    it.each<[string, number, string]>([
      ['starts over after a sleep longer than the silence that is allowed elsewhere', 80_000, 's 14999ms #'],
      ['goes on after a shorter one', 70_000, 's'],
    ])('where the pings are hidden, %s', (_, sleep, expected) =>
      marbles(({ expectObservable }) => {
        sleepAt(7_000, sleep);
        const { session } = receivedAtTimes([], false);
        const missed = new HeartbeatMissed(15_000 + sleep);
        expectObservable(watched(session, { within: 75_000 }), '^ 600s !').toBe(expected, undefined, missed);
      })(),
    );

    it(
      'where the pings are hidden, to one a minute, says nothing of a quiet market',
      marbles(({ expectObservable }) => {
        throttleTimers(60_000);
        const { session } = receivedAtTimes([], false);
        expectObservable(watched(session, { within: 75_000 }), '^ 600s !').toBe('s');
      }),
    );
  });

  it(
    'gives a peer no longer after a sleep than it may be silent at all',
    marbles(({ hot, expectObservable }) => {
      sleepAt(2_200, 3_600_000);
      const life = hot('   x 499ms x 499ms x 499ms x 499ms x');
      const expected = '   s 3999ms #';
      const { session, messages$ } = aliveBy(life);
      const missed = new HeartbeatMissed(3_602_000);
      expectObservable(watched(session, { within: 1_000, every: 100_000, ping }, messages$)).toBe(
        expected,
        undefined,
        missed,
      );
    }),
  );

  describe('on the clock of the machine', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it.each([3_600_000, 30 * 86_400_000])('notices a dead link on time though the clock is set back %d ms', (back) => {
      const { session } = aliveBy(NEVER);
      let outcome: unknown;
      watched(session, { within: 40_000, every: 20_000, ping }).subscribe({
        error: (error: unknown) => {
          outcome = error;
        },
      });
      jest.advanceTimersByTime(10_000);
      jest.setSystemTime(Date.now() - back);
      jest.advanceTimersByTime(29_000);
      expect(outcome).toBeUndefined();
      jest.advanceTimersByTime(2_000);
      expect(outcome).toBeInstanceOf(HeartbeatMissed);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('notices a dead link on time though the clock was set back right after the last frame', () => {
      const life$ = new Subject<string>();
      const { session, messages$ } = aliveBy(life$);
      let outcome: unknown;
      const options = { within: 40_000, every: 20_000, ping };
      watched(session, options, messages$).subscribe({ error: (error: unknown) => (outcome = error) });
      jest.advanceTimersByTime(9_000);
      life$.next('x');
      jest.setSystemTime(Date.now() - 3_600_000);
      jest.advanceTimersByTime(39_000);
      expect(outcome).toBeUndefined();
      jest.advanceTimersByTime(2_000);
      expect(outcome).toBeInstanceOf(HeartbeatMissed);
    });

    it.each([
      ['back', [-3_600_000]],
      ['back by little', [-500]],
      ['forward and back', [600_000, -600_000]],
      ['back and forward', [-3_600_000, 3_600_000]],
    ])('knows for how long the peer was silent though the clock is set %s', (_, settings) => {
      const life$ = new Subject<string>();
      const { session, messages$ } = aliveBy(life$);
      let silentFor = (): number => NaN;
      const options = { within: 400_000, every: 20_000, ping };
      merge(
        of(session).pipe(
          heartbeat(options),
          tap((given) => (silentFor = given.silentFor ?? silentFor)),
        ),
        messages$,
      )
        .pipe(ignoreElements())
        .subscribe();
      jest.advanceTimersByTime(9_000);
      for (const by of settings) {
        life$.next('x');
        jest.setSystemTime(Date.now() + by);
        jest.advanceTimersByTime(4_000);
      }
      expect(Math.abs(silentFor() - 4_000)).toBeLessThanOrEqual(501);
    });

    type Step = 'frame' | 'look' | readonly ['passes' | 'set', number];

    it.each<[string, readonly Step[], number]>([
      ['the frame came after the clock was set back', [['passes', 900], ['set', -3_600_000], 'frame'], 4_000],
      ['the frame came in the millisecond in which it was set back', [['set', -3_600_000], 'frame'], 4_000],
      [
        'the frame came when it was set back before',
        [['passes', 900], ['set', -60_000], 'look', ['passes', 100], 'frame', ['set', 60_000]],
        4_000,
      ],
      [
        'it was forward for a moment only, when the frame came: no less than since it was looked at',
        [['set', -60_000], 'look', ['passes', 900], ['set', 60_000], 'frame', ['set', -60_000]],
        0,
      ],
      [
        'the frame may have come before or after it was set: the longer time',
        [['passes', 900], ['set', -1_000], 'look', ['passes', 9_000], ['set', 1_000], 'frame'],
        4_000,
      ],
    ])('knows for how long the peer was silent where %s', (_, steps, silent) => {
      const life$ = new Subject<string>();
      const { session, messages$ } = aliveBy(life$);
      let silentFor = (): number => NaN;
      of(session)
        .pipe(heartbeat({ within: 400_000 }))
        .subscribe((given) => (silentFor = given.silentFor ?? silentFor));
      messages$.subscribe();
      for (const step of steps) {
        if (step === 'frame') life$.next('x');
        else if (step === 'look') silentFor();
        else if (step[0] === 'set') jest.setSystemTime(Date.now() + step[1]);
        else jest.advanceTimersByTime(step[1]);
      }
      jest.advanceTimersByTime(4_000);
      expect(silentFor()).toBe(silent);
    });
  });
});

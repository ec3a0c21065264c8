import { flattenError } from '../../lib/model/errorData.js';
import {
  concat,
  defer,
  EMPTY,
  filter,
  map,
  merge,
  NEVER,
  of,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import {
  ConnectionLost,
  HandshakeRefused,
  HeartbeatMissed,
  InvalidOption,
  KickedRepeatedly,
  Unauthorized,
  type FeedError,
} from '../../lib/model/errors.js';
import type { Connected, Disconnected } from '../../lib/model/feedEvent.js';
import { defaultKickRules } from '../../lib/model/outage.js';
import type { Ready } from '../../lib/session/messages.js';
import { reconnect, type ReconnectOptions } from '../../lib/session/reconnect.js';
import { aTrade } from '../../lib/testing/builders.js';
import type { Scrub } from '../../lib/session/scrub.js';
import { marbles } from '../../lib/testing/marbles.js';

const provider = 'test';
const lost = new ConnectionLost(1006);
const kick = new ConnectionLost(1000, 'elsewhere');

/** `r` is the beginning of a session that was last heard at 2, `t` a trade, `x` something else. */
const said = { r: { kind: 'ready', lastReceivedAt: () => 2 } as Ready, t: aTrade(), x: { kind: 'latency' } };

const up = (receivedAt: number, attempt: number, from?: number): Connected => ({
  kind: 'connected',
  provider,
  feed: provider,
  receivedAt,
  attempt,
  resumed: from === undefined ? undefined : { from, to: receivedAt },
});
const down = (receivedAt: number, attempt: number, wait: number, cause: FeedError = lost): Disconnected => ({
  kind: 'disconnected',
  provider,
  feed: provider,
  receivedAt,
  cause: flattenError(cause),
  attempt,
  retryAt: receivedAt + wait,
});

const reconnecting = (options: Partial<ReconnectOptions> = {}) => reconnect({ provider, backoff: () => 3, ...options });

/** Each subscription gets the next of these; the last one stays. */
const inTurn = <T>(attempts: readonly Observable<T>[]): Observable<T> => {
  const left = [...attempts];
  return defer(() => left.shift() ?? NEVER);
};

/** What a feed is like from afar: `c` and `d` for the marks, `t` for data. */
const outline = map(({ kind }: { readonly kind: string }) => kind.charAt(0));

const stackDepth = (): number => {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = Infinity;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = before;
  return stack.split('\n').length;
};

describe('reconnect', () => {
  it(
    'passes on what a session says, after a mark of its beginning',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('--r-t-tx--', said);
      const unsub = '      ^--------!';
      const expected = '   --c-t-tx--';
      const subs = '       ^--------!';
      expectObservable(source.pipe(reconnecting()), unsub).toBe(expected, { ...said, c: up(2, 1) });
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'says nothing while nothing is said',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Ready>('-----');
      const unsub = '      ^---!';
      const expected = '   -----';
      const subs = '       ^---!';
      expectObservable(source.pipe(reconnecting()), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'marks the gap, waits, and subscribes again',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('r-t--#          ', said, lost);
      const unsub = '      ^-----------!   ';
      const expected = '   c-t--d--C-t-    ';
      //                        ---          the pause
      const subs = ['      ^----!          ', '--------^---!'];
      const values = { ...said, c: up(0, 1), d: down(5, 1, 3), C: up(8, 1, 2) };
      expectObservable(source.pipe(reconnecting()), unsub).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'takes completion for a clean close',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('r-t|            ', said);
      const unsub = '      ^--------!      ';
      const expected = '   c-td--C-t-      ';
      const subs = ['      ^--!            ', '------^--!'];
      const clean = new ConnectionLost(1000, 'the stream completed');
      const values = { ...said, c: up(0, 1), d: down(3, 1, 3, clean), C: up(6, 1, 2) };
      expectObservable(source.pipe(reconnecting()), unsub).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'ends in the pause when it is unsubscribed there',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('--#    ', said, lost);
      const unsub = '      ^---!  ';
      const expected = '   --d----';
      const subs = '       ^-!    ';
      expectObservable(source.pipe(reconnecting()), unsub).toBe(expected, { d: down(2, 1, 3) });
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it('has left the lost session by the time that is heard', () => {
    const log: string[] = [];
    const lost$ = concat(
      of(said.r),
      throwError(() => lost),
    ).pipe(tap({ finalize: () => log.push('left') }));
    const subscription = lost$.pipe(reconnecting(), outline).subscribe((mark) => log.push(mark));
    subscription.unsubscribe();
    expect(log).toEqual(['c', 'left', 'd']);
  });

  it(
    'gives each subscriber an outage of its own',
    marbles(({ cold, expectObservable }) => {
      const feed$ = cold('-#', said, lost).pipe(reconnecting());
      expectObservable(feed$, '^--!  ').toBe('-d    ', { d: down(1, 1, 3) });
      expectObservable(feed$, '---^-!').toBe('----d ', { d: down(4, 1, 3) });
    }),
  );

  describe('counts', () => {
    it(
      'attempts from 1 in each outage, failed ones before the first session too',
      marbles(({ cold, expectObservable }) => {
        const attempts = ['-#', '-#', 'r-t#', '-#', 'r----'].map((picture) => cold(picture, said, lost));
        const unsub = '   ^------------------!';
        const expected = '-a---b--c-td---e--f-';
        const marks = { a: down(1, 1, 3), b: down(5, 2, 3), c: up(8, 3), d: down(11, 1, 3), e: down(15, 2, 3) };
        const values = { ...said, ...marks, f: up(18, 2, 2) };
        expectObservable(inTurn(attempts).pipe(reconnecting()), unsub).toBe(expected, values);
      }),
    );

    it(
      'the hole from what the last session heard, across failed attempts',
      marbles(({ cold, expectObservable }) => {
        const session = (lastReceivedAt: number) => ({
          r: { kind: 'ready', lastReceivedAt: () => lastReceivedAt } as Ready,
        });
        const attempts = [
          cold('r---#', session(1), lost),
          cold('#', said, lost),
          cold('#', said, lost),
          cold('r-#', session(11), lost),
          cold('r', session(15)),
        ];
        const unsub = '   ^------------------!';
        const expected = 'a---d--d--d--b-d--c-';
        const connected$ = inTurn(attempts).pipe(
          reconnecting(),
          map((event) => (event.kind === 'connected' ? (event as Connected).resumed : 'd')),
        );
        const holes = { a: undefined, d: 'd', b: { from: 1, to: 13 }, c: { from: 11, to: 18 } };
        expectObservable(connected$, unsub).toBe(expected, holes);
      }),
    );
  });

  describe('the wait', () => {
    const growing = { backoff: (attempt: number) => attempt };

    it(
      'grows for a vendor that accepts and hangs up, whatever it says that is no data',
      marbles(({ cold, expectObservable }) => {
        const attempts = ['(rx#)', '(rx#)', '(rx#)', 'r'].map((picture) => cold(picture, said, lost));
        const unsub = '   ^-----------!';
        const expected = 'dd-d---------';
        //                -              1
        //                 --            2
        const lost$ = inTurn(attempts).pipe(
          reconnecting(growing),
          filter(({ kind }) => kind === 'disconnected'),
          outline,
        );
        expectObservable(lost$, unsub).toBe(expected);
      }),
    );

    it(
      'is short again after data',
      marbles(({ cold, expectObservable }) => {
        const attempts = ['#', '#', 'r-t#', 'r'].map((picture) => cold(picture, said, lost));
        const unsub = '   ^-------!';
        const expected = 'dd-c-tdc-';
        //                -         1
        //                 --       2
        //                      -   1 again
        expectObservable(inTurn(attempts).pipe(reconnecting(growing), outline), unsub).toBe(expected);
      }),
    );

    it(
      'is short again after 30 s of life, and not a millisecond before',
      marbles(({ cold, expectObservable }) => {
        const attempts = ['#', 'r 29998ms #', 'r 29999ms #', 'r'].map((picture) => cold(picture, said, lost));
        const unsub = '   ^ 65s !';
        const expected = 'dc 29998ms d-c 29999ms dc';
        expectObservable(inTurn(attempts).pipe(reconnecting(growing), outline), unsub).toBe(expected);
      }),
    );

    it(
      'is told the cause',
      marbles(({ cold, expectObservable }) => {
        const causes = [new HeartbeatMissed(5), lost];
        const attempts = causes.map((cause) => cold('#', said, cause));
        const backoff = (_: number, cause: FeedError) => (cause._tag === 'HeartbeatMissed' ? 2 : 4);
        const values = { a: down(0, 1, 2, causes[0]), b: down(2, 2, 4) };
        expectObservable(inTurn(attempts).pipe(reconnecting({ backoff })), '^---!').toBe('a-b', values);
      }),
    );

    it(
      'is no shorter than the vendor asks for, whoever wrote the backoff',
      marbles(({ cold, expectObservable }) => {
        const busy = new HandshakeRefused(429, 5);
        const unasked = new HandshakeRefused(503);
        const attempts = [busy, busy, unasked].map((cause) => cold('#', said, cause));
        const backoff = (attempt: number) => (attempt === 2 ? 7.2 : 2);
        const unsub = '   ^-------------!';
        const expected = 'a----b-------c-';
        const values = { a: down(0, 1, 5, busy), b: down(5, 2, 8, busy), c: down(13, 3, 2, unasked) };
        expectObservable(inTurn(attempts).pipe(reconnecting({ backoff })), unsub).toBe(expected, values);
      }),
    );

    it(
      'may be none',
      marbles(({ cold, expectObservable }) => {
        const feed$ = cold('-#', said, lost).pipe(reconnecting({ backoff: () => 0 }), outline, take(3));
        expectObservable(feed$).toBe('-dd(d|)');
      }),
    );

    it(
      'may be longer than a timer can measure, which would be over at once',
      marbles(({ cold, expectObservable }) => {
        const closed = new HandshakeRefused(503);
        const month = 30 * 86_400_000;
        const backoff = (): number => month;
        const feed$ = inTurn([cold('#', said, closed), cold('-#', said, closed)]).pipe(
          reconnect({ provider: 'test', backoff }),
          take(2),
        );
        const second = down(month + 1, 2, month, closed);
        expectObservable(feed$).toBe(`d ${month}ms (e|)`, { d: down(0, 1, month, closed), e: second });
      }),
    );

    it(
      'that a vendor asks for is no longer than an hour, and the cause says what it asked for',
      marbles(({ cold, expectObservable }) => {
        const closed = new HandshakeRefused(503, 60 * 86_400_000);
        const feed$ = inTurn([cold('#', said, closed)]).pipe(reconnecting());
        expectObservable(feed$, '^-!').toBe('d', { d: down(0, 1, 3_600_000, closed) });
      }),
    );
  });

  describe('gives up at once', () => {
    const defect = new TypeError('a defect');

    it.each<[string, unknown]>([
      ['for a credential that is refused', new Unauthorized('expired')],
      ['for an address that is not there', new HandshakeRefused(404)],
      ['for a defect', defect],
      ['for what is no error', 'thrown'],
    ])('%s', (_, error) =>
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('r-#', said, error);
        const expected = '   c-#';
        const subs = '       ^-!';
        expectObservable(source.pipe(reconnecting())).toBe(expected, { c: up(0, 1) }, error);
        expectSubscriptions(source.subscriptions).toBe(subs);
      })(),
    );

    it(
      'when the backoff throws',
      marbles(({ cold, expectObservable }) => {
        const backoff = (): number => {
          throw defect;
        };
        expectObservable(cold('-#', said, lost).pipe(reconnecting({ backoff }))).toBe('-#', said, defect);
      }),
    );

    it(
      'when the backoff throws the cause, to give up',
      marbles(({ cold, expectObservable }) => {
        const backoff = (attempt: number, cause: FeedError): number => {
          if (attempt > 2) throw cause;
          return 1;
        };
        const feed$ = cold('-#', said, lost).pipe(reconnecting({ backoff }), outline);
        expectObservable(feed$).toBe('-d-d-#', undefined, lost);
      }),
    );

    it.each([NaN, -1, Infinity, undefined, 'soon'])('when the backoff returns %p', (wait) =>
      marbles(({ cold, expectObservable }) => {
        const backoff = () => wait as number;
        const error = new InvalidOption('backoff', wait, 'it returns a number of milliseconds, 0 or more');
        expectObservable(cold('-#', said, lost).pipe(reconnecting({ backoff }))).toBe('-#', said, error);
      })(),
    );
  });

  describe('with a vendor that kicks', () => {
    const rules = { kicks: defaultKickRules };

    it(
      'ends the war after four kicks in a row, data or not',
      marbles(({ cold, expectObservable }) => {
        const source = cold('rt#', said, kick);
        const expected = '   ctd--ctd--ctd--ct#';
        expectObservable(source.pipe(reconnecting(rules), outline)).toBe(expected, undefined, new KickedRepeatedly(4));
      }),
    );

    it(
      'takes no other drop for a kick, nor for the end of a row',
      marbles(({ cold, expectObservable }) => {
        const causes = [kick, kick, lost, lost, lost, kick, kick];
        const attempts = causes.map((cause) => cold('r#', said, cause));
        const expected = 'cd--cd--cd--cd--cd--cd--c#';
        const marks$ = inTurn(attempts).pipe(reconnecting(rules), outline);
        expectObservable(marks$).toBe(expected, undefined, new KickedRepeatedly(4));
      }),
    );

    it(
      'takes no refusal for one: nobody had logged in',
      marbles(({ cold, expectObservable }) => {
        const source = cold('#', said, kick);
        expectObservable(source.pipe(reconnecting(rules), outline, take(6))).toBe('d--d--d--d--d--(d|)');
      }),
    );

    it(
      'counts anew after a session of 30 s',
      marbles(({ cold, expectObservable }) => {
        const kicked = 'r#';
        const healthy = 'r 29999ms #';
        const attempts = [kicked, kicked, kicked, healthy, kicked, kicked, kicked, kicked];
        const sources = attempts.map((picture) => cold(picture, said, kick));
        const expected = 'cd--cd--cd--c 29999ms d--cd--cd--cd--c#';
        const marks$ = inTurn(sources).pipe(reconnecting(rules), outline);
        expectObservable(marks$).toBe(expected, undefined, new KickedRepeatedly(4));
      }),
    );

    it(
      'goes on for ever where closes mean no kick',
      marbles(({ cold, expectObservable }) => {
        const source = cold('r#', said, kick);
        expectObservable(source.pipe(reconnecting(), outline, take(10))).toBe('cd--cd--cd--cd--c(d|)');
      }),
    );
  });

  describe('after 2,000 reconnects', () => {
    it.each<[string, Observable<never>]>([
      ['an error', throwError(() => lost)],
      ['a clean completion', EMPTY],
    ])('%s costs as little stack as the first did', (_, end$) => {
      const depths: number[] = [];
      let reconnects = -1;
      marbles(({ flush }) => {
        concat(of(said.r, said.t), end$)
          .pipe(
            reconnecting(),
            filter(({ kind }) => kind === 'trade'),
            take(2_001),
          )
          .subscribe(() => {
            reconnects += 1;
            // The first value comes from the call of subscribe itself.
            if (reconnects === 1 || reconnects === 2_000) depths.push(stackDepth());
          });
        flush();
      })();
      expect(depths).toHaveLength(2);
      expect(depths[1]).toBe(depths[0]);
    });
  });

  it('counts the silence before a drop into the hole, though the clock is set back in the pause', () => {
    jest.useFakeTimers({ now: 1_767_364_200_000 });
    try {
      const heard = Date.now();
      const first = concat(
        of({ kind: 'ready', lastReceivedAt: () => heard } as Ready),
        NEVER.pipe(takeUntil(timer(4_000))),
      );
      const events: (Connected | Disconnected)[] = [];
      const subscription = inTurn([first, of(said.r)])
        .pipe(reconnecting({ backoff: () => 2_000 }), take(3))
        .subscribe((event) => events.push(event as Connected));
      jest.advanceTimersByTime(5_000);
      jest.setSystemTime(Date.now() - 3_600_000);
      jest.advanceTimersByTime(1_000);
      const now = Date.now();
      expect(events[2]).toMatchObject({ kind: 'connected', resumed: { from: now - 6_000, to: now } });
      subscription.unsubscribe();
    } finally {
      jest.useRealTimers();
    }
  });

  describe('names the feed', () => {
    const seen = (options: Partial<ReconnectOptions>, ...events: readonly { readonly kind: string }[]) => {
      const log: unknown[] = [];
      merge(of(...events), NEVER)
        .pipe(reconnecting(options))
        .subscribe((event) => log.push(event))
        .unsubscribe();
      return log;
    };
    const own = { kind: 'latency', feed: 'own' };

    it('in an event that names none, and completes it', () => {
      expect(seen({ feed: 'f' }, said.x)).toStrictEqual([{ kind: 'latency', feed: 'f' }]);
      const scrub: Scrub = { event: (event) => ({ ...event, whole: true }), error: (error) => error };
      expect(seen({ feed: 'f', scrub }, said.x)).toStrictEqual([{ kind: 'latency', whole: true, feed: 'f' }]);
    });

    it('in no event that names its own, and in none where it has no name', () => {
      expect(seen({ feed: 'f' }, own)[0]).toBe(own);
      expect(seen({}, said.x)[0]).toBe(said.x);
    });

    it('in no data of the market whose decoder did so: they pass as they are', () => {
      const scrub: Scrub = { event: (event) => ({ ...event }), error: (error) => error };
      const trade = { ...aTrade(), feed: 'own' };
      expect(seen({ feed: 'f', scrub }, trade)[0]).toBe(trade);
    });

    it(
      'in its marks, which have the name of the provider where it has none',
      marbles(({ cold, expectObservable }) => {
        const name$ = cold('r#', said, lost).pipe(
          reconnecting({ feed: 'f' }),
          take(2),
          map((event) => (event as Connected).feed),
        );
        expectObservable(name$).toBe('f(f|)');
      }),
    );
  });

  it('says what helps once in an outage for each cause, and again in the next', () => {
    const losses = [
      new ConnectionLost(1006, 'no host', 'check the host'),
      new ConnectionLost(1006, 'no port', 'check the port'),
      new ConnectionLost(1006, 'no host at all', 'check the host'),
      lost,
      new HeartbeatMissed(5),
    ];
    const causes: Disconnected['cause'][] = [];
    const failing = (cause: FeedError) => throwError(() => cause);
    const upThenDown = concat(of(said.r), failing(losses[0] as FeedError));
    marbles(({ flush }) => {
      inTurn([...losses.map(failing), upThenDown])
        .pipe(reconnecting())
        .subscribe((event) => event.kind === 'disconnected' && causes.push(event.cause));
      flush();
    })();
    const [host, port, , bare, missed] = losses as [FeedError, FeedError, FeedError, FeedError, FeedError];
    const short = new ConnectionLost(1006, 'no host at all');
    expect(causes).toEqual([host, port, short, bare, missed, host].map(flattenError));
  });

  it.each([3_600_000, 30 * 86_400_000])(
    'says a hole as long as it was, and waits no longer, though the clock is set back %d ms',
    (back) => {
      jest.useFakeTimers({ now: 1_767_364_200_000 });
      try {
        const heard = Date.now();
        const attempts = [
          concat(of({ kind: 'ready', lastReceivedAt: () => heard } as Ready), NEVER.pipe(takeUntil(timer(10_000)))),
          concat(of({ kind: 'ready', lastReceivedAt: () => Date.now() } as Ready), NEVER),
        ];
        const events: (Connected | Disconnected)[] = [];
        const subscription = inTurn(attempts)
          .pipe(reconnecting({ backoff: () => 2_000 }))
          .subscribe((event) => events.push(event as Connected));
        jest.advanceTimersByTime(4_000);
        jest.setSystemTime(Date.now() - back);
        jest.advanceTimersByTime(7_999);
        expect(events.map(({ kind }) => kind)).toEqual(['connected', 'disconnected']);
        jest.advanceTimersByTime(1);
        const now = Date.now();
        expect(events[2]).toMatchObject({ kind: 'connected', receivedAt: now });
        const hole = (events[2] as Connected).resumed;
        expect(hole?.to).toBe(now);
        expect(now - (hole?.from ?? 0)).toBeGreaterThanOrEqual(2_000);
        expect(now - (hole?.from ?? 0)).toBeLessThanOrEqual(12_001);
        subscription.unsubscribe();
      } finally {
        jest.useRealTimers();
      }
    },
  );

  it.each([
    ['back', [-3_600_000, 0]],
    ['forward and back', [600_000, -600_000]],
    ['back and forward', [-3_600_000, 3_600_000]],
  ])('begins a hole when the peer was last heard, though the clock is set %s', (_, [first = 0, second = 0]) => {
    jest.useFakeTimers({ now: 1_767_364_200_000 });
    try {
      let heard = Date.now();
      let heardAfter = 0;
      const silentFor = (): number => performance.now() - heardAfter;
      const attempts = [
        concat(
          of({ kind: 'ready', lastReceivedAt: () => heard, silentFor } as Ready),
          NEVER.pipe(takeUntil(timer(10_000))),
        ),
        concat(of({ kind: 'ready', lastReceivedAt: () => Date.now() } as Ready), NEVER),
      ];
      const events: (Connected | Disconnected)[] = [];
      const subscription = inTurn(attempts)
        .pipe(reconnecting({ backoff: () => 2_000 }))
        .subscribe((event) => events.push(event as Connected));
      jest.advanceTimersByTime(2_000);
      jest.setSystemTime(Date.now() + first);
      jest.advanceTimersByTime(2_000);
      heard = Date.now();
      heardAfter = performance.now();
      jest.setSystemTime(Date.now() + second);
      jest.advanceTimersByTime(8_000);
      const now = Date.now();
      expect(events[2]).toMatchObject({ kind: 'connected', resumed: { from: now - 8_000, to: now } });
      subscription.unsubscribe();
    } finally {
      jest.useRealTimers();
    }
  });
});

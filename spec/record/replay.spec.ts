import {
  asapScheduler,
  asyncScheduler,
  delay,
  finalize,
  ignoreElements,
  interval,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  NEVER,
  observeOn,
  of,
  switchMap,
  take,
  tap,
  throwError,
  timer,
  timestamp,
} from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { toKlines } from '../../lib/operators/klines/toKlines.js';
import { itick } from '../../lib/providers/itick/index.js';
import {
  BadCassette,
  memorySink,
  parseCassette,
  readCassette,
  replay,
  WrongCassette,
  type Cassette,
  type Entry,
  type FeedConnection,
  type ReplayOptions,
} from '../../lib/record/index.js';
import { marbles } from '../../lib/testing/marbles.js';
import { feed, recordedLive } from './aTape.js';

const hands = () => [asyncScheduler.now, asyncScheduler.schedule, asapScheduler.now, asapScheduler.schedule];

describe('replay', () => {
  it(
    'emits what the live feed emitted, with its gaps and times',
    marbles(({ flush }) => {
      const { live, cassette } = recordedLive(flush);
      const again: FeedEvent[] = [];
      replay(cassette, feed).subscribe((event) => again.push(event));
      flush();
      expect(live.map(({ kind }) => kind).join(' ')).toBe(
        'connected subscribed quote quote disconnected connected subscribed quote quote ' +
          'disconnected disconnected connected subscribed quote quote',
      );
      expect(again).toEqual(live);
    }),
  );

  it(
    'emits each event when it was recorded, at the speed that is wanted',
    marbles(({ flush }) => {
      const { live, cassette } = recordedLive(flush);
      const began = asyncScheduler.now();
      const times: number[] = [];
      replay(cassette, feed, { speed: 10 }).subscribe(() => times.push(asyncScheduler.now() - began));
      flush();
      expect(times).toEqual(live.map(({ receivedAt }) => Math.ceil(receivedAt / 10)));
    }),
  );

  it(
    'gives the same output at any speed, byte for byte',
    marbles(({ flush }) => {
      const { cassette } = recordedLive(flush);
      const printed = (options: ReplayOptions): string => {
        const seen: unknown[] = [];
        replay(
          cassette,
          (connection) =>
            feed(connection).pipe(
              (events$) => merge(events$, events$.pipe(toKlines('1m', { grace: 10 }))),
              mergeMap((event) => merge(of(event), timer(3).pipe(take(1)), of('soon').pipe(observeOn(asapScheduler)))),
              timestamp(asyncScheduler),
            ),
          options,
        ).subscribe((event) => seen.push(event));
        flush();
        return JSON.stringify(seen);
      };
      const [first, ...others] = [0.3, 1, 17, 1_000, Infinity].map((speed) => printed({ speed }));
      expect(first).toContain('disconnected');
      expect(new Set([first, ...others]).size).toBe(1);
    }),
  );

  it(
    'keeps its time to itself: what is done with the result has the time outside, and so has everybody afterwards',
    marbles(({ flush }) => {
      const { live, cassette } = recordedLive(flush);
      const before = hands();
      const began = asyncScheduler.now();
      const late: number[] = [];
      const ends: string[] = [];
      const check = (): void => expect(hands()).toEqual(before);
      replay(cassette, feed, { speed: Infinity })
        .pipe(tap(check), delay(50))
        .subscribe({ next: () => late.push(asyncScheduler.now() - began), complete: () => ends.push('complete') });
      replay(cassette, (connection) => feed(connection).pipe(tap(() => expect(hands()).not.toEqual(before))))
        .pipe(tap(check), take(3), finalize(check))
        .subscribe({ complete: () => ends.push('taken') });
      replay(cassette, () => throwError(() => new Error('at once'))).subscribe({ error: () => ends.push('failed') });
      replay(cassette, () => {
        throw new Error('at once');
      }).subscribe({ error: () => ends.push('thrown') });
      replay(cassette, (connection) => feed(connection).pipe(finalize(() => ends.push('gone'))))
        .subscribe()
        .unsubscribe();
      check();
      flush();
      check();
      expect(late).toEqual(live.map(() => 50));
      expect(ends.sort()).toEqual(['complete', 'failed', 'taken', 'thrown']);
    }),
  );

  it(
    'ends the feed by the time of the tape when it is unsubscribed',
    marbles(({ flush }) => {
      const { cassette } = recordedLive(flush);
      const ended: number[] = [];
      const replaying = replay(cassette, (connection) =>
        feed(connection).pipe(finalize(() => ended.push(asyncScheduler.now()))),
      );
      const subscription = replaying.subscribe();
      asyncScheduler.schedule(() => subscription.unsubscribe(), 1_200);
      flush();
      expect(ended).toEqual([1_030]);
    }),
  );

  it(
    'may be nested, each in the time of its own tape',
    marbles(({ flush }) => {
      const { live, cassette } = recordedLive(flush);
      const inner: FeedEvent[] = [];
      const times: number[] = [];
      replay(
        cassette,
        (connection) =>
          merge(
            feed(connection).pipe(ignoreElements()),
            replay(cassette, feed, { speed: 2 }).pipe(
              tap((event) => inner.push(event)),
              map(() => asyncScheduler.now()),
            ),
          ),
        { speed: Infinity },
      ).subscribe((time) => times.push(time));
      flush();
      expect(inner).toEqual(live);
      expect(times).toEqual(live.map(({ receivedAt }) => Math.ceil(receivedAt / 2)));
    }),
  );

  it(
    'starts and ends where it is told to; sessions that were open then open then',
    marbles(({ flush }) => {
      const { live, cassette } = recordedLive(flush);
      const seen: FeedEvent[] = [];
      replay(cassette, feed, { from: 1_200, to: 4_000 }).subscribe((event) => seen.push(event));
      flush();
      expect(seen[0]).toEqual({ ...live[0], receivedAt: 1_200 });
      // The answer came before the passage, so the first data are the sign.
      expect(seen[1]).toEqual({ ...live[1], receivedAt: live[3]?.receivedAt });
      expect(seen.slice(2)).toEqual(live.slice(3, 8));
      const nothing: FeedEvent[] = [];
      replay(cassette, feed, { from: 1e9 }).subscribe((event) => nothing.push(event));
      flush();
      expect(nothing).toEqual([]);
    }),
  );

  it(
    'lets the end of a passage be a time without an entry',
    marbles(({ flush }) => {
      const { cassette } = recordedLive(flush);
      const ticks: number[] = [];
      replay(cassette, () => interval(100), { to: 1_250 }).subscribe((tick) => ticks.push(tick));
      flush();
      expect(ticks).toHaveLength(12);
    }),
  );

  it(
    'gives a feed that asks late what is left of the session, with its greeting',
    marbles(({ flush }) => {
      const { live, cassette } = recordedLive(flush);
      const seen: FeedEvent[] = [];
      replay(cassette, (connection) => timer(1_100).pipe(switchMap(() => feed(connection))), { to: 2_000 }).subscribe(
        (event) => seen.push(event),
      );
      flush();
      expect(seen).toEqual([
        { ...live[0], receivedAt: 1_100 },
        { ...live[1], receivedAt: live[3]?.receivedAt },
        live[3],
      ]);
    }),
  );

  it(
    'finds a connection by its path where the host is another',
    marbles(({ flush }) => {
      const { live, cassette } = recordedLive(flush);
      const seen: FeedEvent[] = [];
      const elsewhere = (connection: FeedConnection) =>
        itick({
          token: 'any',
          market: 'stock',
          topics: quotes('AAPL.US'),
          url: 'wss://else.where',
          heartbeat: { within: 5_000 },
          ...connection,
        });
      replay(cassette, elsewhere).subscribe((event) => seen.push(event));
      flush();
      expect(seen).toEqual(live);
    }),
  );

  it(
    'fails when the feed asks for what was not recorded',
    marbles(({ flush }) => {
      const { cassette } = recordedLive(flush);
      const errors: unknown[] = [];
      const other = (connection: FeedConnection) =>
        itick({ token: 'any', market: 'crypto', topics: quotes('BTC.BA'), ...connection });
      replay(cassette, other).subscribe({ error: (error: unknown) => errors.push(error) });
      flush();
      expect(errors).toEqual([new WrongCassette('wss://api.itick.org/crypto', ['wss://api.itick.org/stock'])]);
    }),
  );

  it(
    'is empty for a recording that was ended at once',
    marbles(({ expectObservable }) => {
      const cassette = parseCassette('{"rxtape":1,"wall":5,"mono":0,"standing":[]}');
      expectObservable(replay(cassette, feed)).toBe('|');
      expectObservable(replay(memorySink().cassette(), feed)).toBe('|');
    }),
  );

  it(
    'may be ended from within',
    marbles(({ flush }) => {
      const { cassette } = recordedLive(flush);
      const before = hands();
      const ended: number[] = [];
      const playing = replay(cassette, (connection) =>
        feed(connection).pipe(
          finalize(() => ended.push(asyncScheduler.now())),
          tap(() => playing.unsubscribe()),
        ),
      ).subscribe();
      flush();
      expect(ended).toEqual([30]);
      expect(hands()).toEqual(before);
    }),
  );

  it('fails for a file that is missing, or turns bad while it is played', async () => {
    await expect(lastValueFrom(replay(readCassette('no/such.ndjson'), feed))).rejects.toBeInstanceOf(BadCassette);
    const start: Entry = { what: 'start', wall: 0, mono: 0, standing: [] };
    let readings = 0;
    const turning: Cassette = {
      name: 'turning',
      async *blocks() {
        await Promise.resolve();
        yield [start];
        readings += 1;
        if (readings === 2) throw new BadCassette('turning', 2, 'is gone');
      },
    };
    await expect(lastValueFrom(replay(turning, feed))).rejects.toThrow('turning:2 is gone');
  });

  it('fails for a cassette that is none', (done) => {
    replay(parseCassette('time,price'), feed).subscribe({
      error: (error: unknown) => {
        expect(error).toBeInstanceOf(BadCassette);
        done();
      },
    });
  });

  it('refuses a speed that makes no sense', () => {
    for (const speed of [0, -1, NaN]) expect(() => replay(memorySink().cassette(), feed, { speed })).toThrow(/speed/);
  });

  it.each(['from', 'to'])('refuses a %s that is no time, as Date.parse may give', (option) => {
    expect(() => replay(memorySink().cassette(), feed, { [option]: NaN })).toThrow(new RegExp(`option .${option}`));
  });

  it(
    'is empty where there is nothing to play',
    marbles(({ flush }) => {
      const { cassette } = recordedLive(flush);
      const told: unknown[] = [];
      for (const passage of [{ from: 1e9 }, { to: -1 }]) {
        replay(cassette, feed, passage).subscribe({
          next: (event) => told.push(event),
          complete: () => told.push('complete'),
        });
      }
      flush();
      expect(told).toEqual(['complete', 'complete']);
      expect(() => replay(cassette, feed, { from: 2_000, to: 1_000 })).toThrow(/option .to/);
    }),
  );

  it(
    'begins in an outage with the next connection, as the recorded feed asked for none before it',
    marbles(({ flush }) => {
      // A drop, and half a minute until the next attempt, where a connection may take ten seconds.
      const lines = [
        { rxtape: 1, wall: 0, mono: 0, standing: [] },
        ['connect', 0, 0, 1, 'wss://api.itick.org/stock'],
        ['open', 10, 10, 1],
        ['close', 20, 20, 1, 1001, '', false],
        ['connect', 30_020, 30_020, 2, 'wss://api.itick.org/stock'],
        ['open', 30_030, 30_030, 2],
        ['in', 30_030, 30_030, 2, '{"code":1,"resAc":"auth","msg":"authenticated"}'],
        ['in', 30_040, 30_040, 2, '{"code":1,"data":{"s":"AAPL.US","ld":7,"t":30040,"type":"quote"}}'],
      ];
      const cassette = parseCassette(lines.map((line) => JSON.stringify(line)).join('\n'));
      const seen: FeedEvent[] = [];
      replay(cassette, feed, { from: 5_000, speed: Infinity }).subscribe((event) => seen.push(event));
      flush();
      expect(seen).toMatchObject([
        { kind: 'connected', attempt: 1, receivedAt: 30_030 },
        { kind: 'subscribed', receivedAt: 30_040 },
        { kind: 'quote', last: 7 },
      ]);
    }),
  );

  it(
    'waits no longer at a time than timers can',
    marbles(({ flush, expectObservable }) => {
      const month = 30 * 86_400_000;
      const cassette = parseCassette(
        `{"rxtape":1,"wall":0,"mono":0,"standing":[]}\n["connect",${month},${month},1,"wss://host/path"]`,
      );
      const schedule = jest.spyOn(asyncScheduler, 'schedule');
      expectObservable(replay(cassette, () => NEVER)).toBe(`${month}ms |`);
      flush();
      const waits = schedule.mock.calls.map(([, wait = 0]) => wait);
      schedule.mockRestore();
      expect(Math.max(...waits)).toBe(2 ** 31 - 1);
    }),
  );

  it(
    'may be played within another one, and several times at once',
    marbles(({ flush }) => {
      const { live, cassette } = recordedLive(flush);
      const before = hands();
      const within: FeedEvent[] = [];
      const beside: FeedEvent[] = [];
      const outer = (connection: FeedConnection) =>
        merge(feed(connection), replay(cassette, feed, { speed: 3 }).pipe(tap((event) => within.push(event))));
      const found: FeedEvent[] = [];
      replay(cassette, outer, { speed: 2 }).subscribe((event) => found.push(event));
      replay(cassette, feed, { speed: 7 }).subscribe((event) => beside.push(event));
      flush();
      expect(within).toEqual(live);
      expect(beside).toEqual(live);
      expect(found.filter((event) => !within.includes(event))).toEqual(live);
      expect(hands()).toEqual(before);
    }),
  );
});

import { asyncScheduler, defer, Observable, Subscription } from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import { steadyClock } from '../model/steadyClock.js';
import { activeConnections, type ActiveConnections } from './activeConnections.js';
import type { Cassette } from './Cassette.js';
import { WrongCassette } from './errors.js';
import { mergeCassettes } from './mergeCassettes.js';
import { player } from './player.js';
import { cassetteIndex, cursorOf, isGivenUp, readWhile, type Ask, type CassetteIndex, type Cursor } from './reader.js';
import type { FeedConnection, RecordableFeed } from './record.js';
import { replayClock, replayTime } from './replayTime.js';
import { requestPlayer, type RequestPlayer } from './requestPlayer.js';
import { steady } from './steady.js';
import { pathOf } from './withoutSecrets.js';

/** Which window of a cassette is replayed, and how fast. */
export interface ReplayOptions {
  /**
   * How many times faster than it was recorded; `Infinity` is as fast as it can be decoded.
   *
   * @defaultValue `1`
   */
  readonly speed?: number | undefined;
  /**
   * Where to start, in epoch milliseconds: connections that were open then, open then.
   *
   * @defaultValue the beginning
   */
  readonly from?: number | undefined;
  /**
   * Where to end, in epoch milliseconds.
   *
   * @defaultValue the last entry
   */
  readonly to?: number | undefined;
}

/**
 * What the feed emits when its sockets do again what was recorded, and its requests are answered by what was; completes with the cassette.
 *
 * Within `makeFeed` it is replay time: clocks, timers, backoff and heartbeats obey it, so that the output is the
 * same at any speed. That time goes on by the monotonic clock of the recording: a clock that was set meanwhile moves
 * nothing. For all that is done with the result, time is as ever. Several cassettes are merged. Fails with
 * `BadCassette`, with `WrongCassette` when the feed asks for what was not recorded, and as the feed does.
 *
 * @example
 * replay(cassette, (connection) => itick({ token: 'any', market: 'stock', topics, ...connection }).pipe(toKlines('1m')), { speed: 60 })
 */
export const replay = <T>(
  cassettes: Cassette | readonly Cassette[],
  makeFeed: RecordableFeed<T>,
  { speed = 1, from = -Infinity, to = Infinity }: ReplayOptions = {},
): Observable<T> => {
  if (!(speed > 0)) throw new InvalidOption('speed', speed, 'it is a number above 0, or Infinity');
  for (const [option, at] of Object.entries({ from, to })) {
    if (Number.isNaN(at)) throw new InvalidOption(option, at, 'it is a time in epoch milliseconds');
  }
  if (to < from) throw new InvalidOption('to', to, 'it is not before `from`');
  const cassette = steady('blocks' in cassettes ? cassettes : mergeCassettes(...cassettes));
  return new Observable((subscriber) => {
    const fail = (error: unknown): void => subscriber.error(error);
    const before = activeConnections();
    let askedBefore = 0;
    let givenUpBefore = 0;
    let isSought = false;

    const seek = (index: CassetteIndex): void => {
      if (subscriber.closed) return;
      const cursor = cursorOf(cassette);
      subscriber.add(cursor.close);
      const requests = requestPlayer(index.requests);
      const start = (): void => {
        requests.begin();
        const first = cursor.entry();
        if (!first) return subscriber.complete();
        const startedAt = isSought ? from : first.wall;
        const window = { cursor, startedAt, isSought, to, speed, index, before, requests, askedBefore, givenUpBefore };
        subscriber.add(play(makeFeed, window).subscribe(subscriber));
      };
      const reading = readWhile(cursor, (entry) => {
        if (entry.wall >= from || subscriber.closed) return false;
        isSought = true;
        if (entry.what === 'connect') askedBefore += 1;
        if (isGivenUp(entry)) givenUpBefore += 1;
        before.accept(entry);
        if ('request' in entry) requests.play(entry);
        return true;
      });
      if (reading) reading.then(start, fail);
      else start();
    };
    const begin = (): void => {
      const index = cassetteIndex(cassette);
      if (index instanceof Promise) index.then(seek).catch(fail);
      else seek(index);
    };
    // Not at once: the subscriber gets its subscription before the first value.
    return asyncScheduler.schedule(() => {
      try {
        begin();
      } catch (error) {
        fail(error);
      }
    });
  });
};

interface ReplayWindow {
  /** Where it starts, and is read from there. */
  readonly cursor: Cursor;
  readonly startedAt: number;
  /** Whether there is something on the cassette before. */
  readonly isSought: boolean;
  readonly to: number;
  readonly speed: number;
  readonly index: CassetteIndex;
  /** The connections that were active before it. */
  readonly before: ActiveConnections;
  /** The requests, played up to it. */
  readonly requests: RequestPlayer;
  /** How many connections were asked for before, and how many the recording gave up. */
  readonly askedBefore: number;
  readonly givenUpBefore: number;
}

/** So many entries and timers are played before others may use the processor. */
const AT_A_TIME = 1_024;

/** Plays a cassette from where its cursor is. */
const play = <T>(makeFeed: RecordableFeed<T>, window: ReplayWindow): Observable<T> =>
  new Observable((subscriber) => {
    const { cursor, startedAt, isSought, to, speed, index, before, requests } = window;
    const clock = replayClock(startedAt);
    const { inside, outside } = replayTime(clock);
    // Its pace is elapsed time: a clock that is set back must not stop it.
    const outer = steadyClock(() => asyncScheduler.now());
    const beganAt = outer();
    let { askedBefore: asked, givenUpBefore: givenUp } = window;

    const fail = (error: unknown): void => subscriber.error(error);
    const nextAsk = (endpoint: string | undefined): Ask | undefined => {
      for (let i = asked; i < index.asks.length; i += 1) {
        const ask = index.asks[i];
        if (ask && (endpoint ?? ask.endpoint) === ask.endpoint) return ask;
      }
      return undefined;
    };
    const sockets = player(clock, {
      recordedAs: (endpoint) => {
        const known = index.endpoints.find((one) => one === endpoint) ?? index.endpoints.find(hasPathOf(endpoint));
        // A recording that ended at once has no address to compare.
        if (known === undefined && index.endpoints.length > 0)
          outside(() => fail(new WrongCassette(endpoint, index.endpoints)));
        return known ?? endpoint;
      },
      connectsAgain: (endpoint) => nextAsk(endpoint) !== undefined,
    });
    const untilAsked = (): number => {
      // If no socket event led to this reconnect, a timer of the feed did: the next connection is the one that followed
      // where the recording itself closed one.
      const wall = nextAsk(sockets.delivering() ?? index.givenUp[givenUp])?.wall ?? Infinity;
      return wall < Infinity ? Math.max(0, wall - clock.now()) : LONGEST_TIMER;
    };

    /** Plays what comes next, timers or an entry, or returns how many milliseconds to wait for it. */
    const step = (): 'timers' | 'entry' | 'end' | number => {
      const entry = cursor.entry();
      if (!entry) return 'end';
      const at = Math.max(entry.wall, clock.now());
      const next = Math.min(at, clock.due());
      if (next > to) return 'end';
      const wait = Math.ceil((next - startedAt) / speed) - (outer() - beganAt);
      if (wait > 0) return wait;
      return inside(() => {
        clock.runTo(next);
        // One timer may have set another that comes first.
        if (next < at || clock.due() <= at) return 'timers';
        if (entry.what === 'connect') asked += 1;
        if ('request' in entry) requests.play(entry);
        else sockets.play(entry);
        if (isGivenUp(entry)) givenUp += 1;
        return 'entry';
      });
    };
    const run = (): void => {
      for (let left = AT_A_TIME; left > 0; left -= 1) {
        const played = step();
        if (subscriber.closed) return;
        if (played === 'end') return subscriber.complete();
        if (typeof played === 'number') return runIn(played);
        const reading = played === 'entry' ? cursor.move() : undefined;
        if (reading) {
          reading.then(go, fail);
          return;
        }
      }
      runIn(0);
    };
    const go = (): void => {
      try {
        run();
      } catch (defect) {
        fail(defect);
      }
    };
    let pace: Subscription | undefined;
    const runIn = (wait: number): void => {
      pace = asyncScheduler.schedule(go, Math.min(wait, LONGEST_TIMER));
    };

    const feed = new Subscription();
    subscriber.add(() => pace?.unsubscribe());
    subscriber.add(() => inside(() => feed.unsubscribe()));
    const connection: FeedConnection = {
      openSocket: sockets.openSocket,
      fetch: requests.fetchBy(clock),
      backoff: untilAsked,
      connections: Infinity,
    };
    const subscribe = (): void =>
      feed.add(
        defer(() => makeFeed(connection)).subscribe({
          next: (value) => outside(() => subscriber.next(value)),
          error: (error: unknown) => outside(() => subscriber.error(error)),
          complete: () => outside(() => subscriber.complete()),
        }),
      );
    inside(() => {
      const standing = before.list();
      const ask = index.asks[asked];
      // In an outage the recorded feed waited, and asked for no connection.
      if (isSought && standing.length === 0 && ask) feed.add(clock.schedule(subscribe, ask.wall - startedAt));
      else subscribe();
      sockets.play({ what: 'start', wall: startedAt, mono: 0, standing });
    });
    go();
  });

const hasPathOf = (endpoint: string): ((other: string) => boolean) => {
  const path = pathOf(endpoint);
  return (other) => pathOf(other) === path;
};

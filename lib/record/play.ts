import { asyncScheduler, defer, Observable, Subscription } from 'rxjs';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import { steadyClock } from '../model/steadyClock.js';
import type { Cursor } from './cursor.js';
import { deck } from './deck.js';
import { WrongCassette } from './errors.js';
import { onTape } from './onTape.js';
import type { MakeTaped } from './record.js';
import type { Standings } from './standings.js';
import { tapeClock } from './tapeClock.js';
import { isGivenUp, type Ask, type TapeIndex } from './tapeIndex.js';

export interface Passage {
  /** Where it starts, and is read from there. */
  readonly cursor: Cursor;
  readonly startedAt: number;
  /** Whether there is something on the tape before. */
  readonly isSought: boolean;
  readonly to: number;
  readonly speed: number;
  readonly index: TapeIndex;
  /** What was on the tape before. */
  readonly before: Standings;
  /** How many connections were asked for before, and how many the recording gave up. */
  readonly askedBefore: number;
  readonly givenUpBefore: number;
}

/** So many entries and timers are played before others may use the processor. */
const AT_A_TIME = 1_024;

/** Plays a cassette from where its cursor is. */
export const play = <T>(makeFeed: MakeTaped<T>, passage: Passage): Observable<T> =>
  new Observable((subscriber) => {
    const { cursor, startedAt, isSought, to, speed, index, before } = passage;
    const clock = tapeClock(startedAt);
    const { inside, outside } = onTape(clock);
    // Its pace is elapsed time: a clock that is set back must not stop it.
    const outer = steadyClock(() => asyncScheduler.now());
    const beganAt = outer();
    let { askedBefore: asked, givenUpBefore: givenUp } = passage;

    const fail = (error: unknown): void => subscriber.error(error);
    const nextAsk = (endpoint: string | undefined): Ask | undefined => {
      for (let i = asked; i < index.asks.length; i += 1) {
        const ask = index.asks[i];
        if (ask && (endpoint ?? ask.endpoint) === ask.endpoint) return ask;
      }
      return undefined;
    };
    const tape = deck(clock, {
      recordedAs: (endpoint) => {
        const known = index.endpoints.find((one) => one === endpoint) ?? index.endpoints.find(hasPathOf(endpoint));
        // A recording that ended at once is no wrong one.
        if (known === undefined && index.endpoints.length > 0)
          outside(() => fail(new WrongCassette(endpoint, index.endpoints)));
        return known ?? endpoint;
      },
      asksAgain: (endpoint) => nextAsk(endpoint) !== undefined,
    });
    const untilAsked = (): number => {
      // Whose socket says nothing has given up by a timer, as it did when that was recorded.
      const wall = nextAsk(tape.speaking() ?? index.givenUp[givenUp])?.wall ?? Infinity;
      return Math.min(LONGEST_TIMER, Math.max(0, wall - clock.now()));
    };

    /** Plays what comes next, timers or an entry, or says how many milliseconds that has to be waited for. */
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
        tape.play(entry);
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
    const subscribe = (): void =>
      feed.add(
        defer(() => makeFeed({ openSocket: tape.openSocket, backoff: untilAsked, connections: Infinity })).subscribe({
          next: (value) => outside(() => subscriber.next(value)),
          error: (error: unknown) => outside(() => subscriber.error(error)),
          complete: () => outside(() => subscriber.complete()),
        }),
      );
    inside(() => {
      const standing = before.list();
      const ask = index.asks[asked];
      // In an outage the recorded feed waited, and asked nobody.
      if (isSought && standing.length === 0 && ask) feed.add(clock.schedule(subscribe, ask.wall - startedAt));
      else subscribe();
      tape.play({ what: 'start', wall: startedAt, mono: 0, standing });
    });
    go();
  });

const hasPathOf = (endpoint: string): ((other: string) => boolean) => {
  const path = pathOf(endpoint);
  return (other) => pathOf(other) === path;
};

/** A feed may be given the vendor's own host and still replay what came from a simulator. */
const pathOf = (endpoint: string): string => endpoint.replace(/^[a-z]+:\/\/[^/]*/i, '');

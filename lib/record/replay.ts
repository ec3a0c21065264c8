import { asyncScheduler, Observable } from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import type { Cassette } from './Cassette.js';
import { cursorOf, readWhile } from './cursor.js';
import { mergeCassettes } from './mergeCassettes.js';
import { play } from './play.js';
import type { MakeTaped } from './record.js';
import { standings } from './standings.js';
import { steady } from './steady.js';
import { isGivenUp, tapeIndex, type TapeIndex } from './tapeIndex.js';

/** Which passage of a cassette is replayed, and how fast. */
export interface ReplayOptions {
  /** How many times faster than it was recorded; `Infinity` is as fast as it can be decoded. Defaults to 1. */
  readonly speed?: number | undefined;
  /** Where to start, in epoch milliseconds: connections that were open then, open then. Defaults to the beginning. */
  readonly from?: number | undefined;
  /** Where to end, in epoch milliseconds. Defaults to the last entry. */
  readonly to?: number | undefined;
}

/**
 * What the feed emits when its sockets do again what was recorded; completes with the cassette.
 *
 * Within `makeFeed` it is the time of the tape: clocks, timers, backoff and heartbeats obey it, so that the output is the
 * same at any speed. That time goes on by the monotonic clock of the recording: a clock that was set meanwhile moves
 * nothing. For all that is done with the result, time is as ever. Several cassettes are merged. Fails with
 * `BadCassette`, with `WrongCassette` when the feed asks for what was not recorded, and as the feed does.
 *
 * @example
 * replay(cassette, (tape) => itick({ token: 'any', market: 'stock', topics, ...tape }).pipe(toKlines('1m')), { speed: 60 })
 */
export const replay = <T>(
  cassettes: Cassette | readonly Cassette[],
  makeFeed: MakeTaped<T>,
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
    const before = standings();
    let askedBefore = 0;
    let givenUpBefore = 0;
    let isSought = false;

    const seek = (index: TapeIndex): void => {
      if (subscriber.closed) return;
      const cursor = cursorOf(cassette);
      subscriber.add(cursor.close);
      const start = (): void => {
        const first = cursor.entry();
        if (!first) return subscriber.complete();
        const startedAt = isSought ? from : first.wall;
        const passage = { cursor, startedAt, isSought, to, speed, index, before, askedBefore, givenUpBefore };
        subscriber.add(play(makeFeed, passage).subscribe(subscriber));
      };
      const reading = readWhile(cursor, (entry) => {
        if (entry.wall >= from || subscriber.closed) return false;
        isSought = true;
        if (entry.what === 'connect') askedBefore += 1;
        if (isGivenUp(entry)) givenUpBefore += 1;
        before.hear(entry);
        return true;
      });
      if (reading) reading.then(start, fail);
      else start();
    };
    const begin = (): void => {
      const index = tapeIndex(cassette);
      if (index instanceof Promise) index.then(seek).catch(fail);
      else seek(index);
    };
    // Not at once, as nothing else that takes time is: whoever subscribes has the subscription first.
    return asyncScheduler.schedule(() => {
      try {
        begin();
      } catch (error) {
        fail(error);
      }
    });
  });
};

import { asapScheduler, asyncScheduler, merge, observeOn, of, take, throwError, timer } from 'rxjs';
import { delay, map, mergeMap, timestamp } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { toKlines } from '../../lib/operators/klines/toKlines.js';
import { itick } from '../../lib/providers/itick/index.js';
import { replay, type ReplayOptions } from '../../lib/record/index.js';
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
        'connected quote quote disconnected connected quote quote disconnected disconnected connected quote quote',
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
          (tape) =>
            feed(tape).pipe(
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
});

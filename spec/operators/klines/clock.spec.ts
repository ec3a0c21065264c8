import { Subject } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { resampleKlines } from '../../../lib/operators/klines/resampleKlines.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { MINUTE, SECOND, symbol } from './aTape.js';

const TEN = Date.parse('2026-03-05T10:00Z');
const HOUR = 60 * MINUTE;

/** Minutes and fives of a trade at 10:00:01, by the machine's own clock. */
const started = () => {
  jest.useFakeTimers({ now: TEN + SECOND });
  const feed$ = new Subject<FeedEvent>();
  const closed: string[] = [];
  const minutes$ = feed$.pipe(toKlines('1m', { forming: false }));
  minutes$.subscribe(({ interval }) => closed.push(interval));
  minutes$.pipe(resampleKlines('5m', { forming: false })).subscribe(({ interval }) => closed.push(interval));
  feed$.next(aTrade({ symbol, time: TEN + SECOND, receivedAt: TEN + SECOND }));
  return closed;
};

describe('bars and the clock of the machine', () => {
  afterEach(() => jest.useRealTimers());

  it.each([-HOUR, -30 * 24 * HOUR])('close a minute on time when it is set back by %d ms', (step) => {
    const closed = started();
    jest.advanceTimersByTime(10 * SECOND);
    jest.setSystemTime(Date.now() + step);
    jest.advanceTimersByTime(49 * SECOND);
    expect(closed).toEqual([]);
    jest.advanceTimersByTime(2 * SECOND);
    expect(closed).toEqual(['1m']);
    jest.advanceTimersByTime(10 * MINUTE);
    expect(closed).toEqual(['1m', '5m']);
  });

  it('look at it once a second, and no more often', () => {
    started();
    const timers = jest.spyOn(globalThis, 'setInterval');
    jest.advanceTimersByTime(10 * SECOND);
    jest.setSystemTime(Date.now() - 30 * 24 * HOUR);
    jest.advanceTimersByTime(40 * SECOND);
    expect(timers.mock.calls.length).toBeLessThanOrEqual(2 * 51);
    timers.mockRestore();
  });

  it('close at once what is due when the machine has slept', () => {
    const closed = started();
    jest.setSystemTime(Date.now() + 8 * HOUR);
    jest.advanceTimersByTime(SECOND + 1);
    expect(closed).toEqual(['1m', '5m']);
  });

  it.each([5 * SECOND, HOUR])('are whole again once a clock that was set forward by %d ms is set back', (by) => {
    jest.useFakeTimers({ now: TEN });
    const feed$ = new Subject<FeedEvent>();
    const said: string[] = [];
    feed$
      .pipe(toKlines('1m', { forming: false, late: 'drop' }))
      .subscribe(({ openTime, volume, revision }) => said.push(`${(openTime - TEN) / MINUTE} ${volume} ${revision}`));
    for (let elapsed = 0; elapsed < 5 * MINUTE; elapsed += SECOND) {
      if (elapsed === 30 * SECOND) jest.setSystemTime(Date.now() + by);
      if (elapsed === 90 * SECOND) jest.setSystemTime(Date.now() - by);
      feed$.next(aTrade({ symbol, time: TEN + elapsed, receivedAt: Date.now() }));
      jest.advanceTimersByTime(SECOND);
    }
    expect(said.slice(-3)).toEqual(['1 60 0', '2 60 0', '3 60 0']);
  });

  it.each([
    [HOUR, 'at its beginning', 10 * SECOND],
    [30 * 24 * HOUR, 'at its beginning', 10 * SECOND],
    [HOUR, 'at its end', HOUR],
    [30 * 24 * HOUR, 'at its end', HOUR],
  ])('go on after an hour of silence in which it was set back by %d ms %s', (by, _, setAt) => {
    jest.useFakeTimers({ now: TEN });
    const feed$ = new Subject<FeedEvent>();
    const opens: number[] = [];
    feed$.pipe(toKlines('1m', { forming: false })).subscribe(({ openTime }) => opens.push((openTime - TEN) / MINUTE));
    const say = (time: number) => feed$.next(aTrade({ symbol, time: TEN + time, receivedAt: Date.now() }));
    for (let elapsed = 0; elapsed < 10 * SECOND; elapsed += SECOND) {
      say(elapsed);
      jest.advanceTimersByTime(SECOND);
    }
    jest.advanceTimersByTime(setAt - 10 * SECOND);
    jest.setSystemTime(Date.now() - by);
    jest.advanceTimersByTime(HOUR - setAt);
    say(HOUR);
    jest.advanceTimersByTime(2 * MINUTE);
    expect(opens).toEqual([0, 60]);
  });

  /** The last word on each bar of a trade a second, whose stamps are right, on a clock that is off and is then set. */
  const playedOn = (off: number, set: number, after: number) => {
    jest.useFakeTimers({ now: TEN + off });
    const feed$ = new Subject<FeedEvent>();
    const said = new Map<number, string>();
    const options = { forming: false, late: 'drop' } as const;
    feed$
      .pipe(toKlines('1m', options))
      .subscribe(({ openTime, volume, revision }) => said.set((openTime - TEN) / MINUTE, `${volume} r${revision}`));
    for (let elapsed = 0; elapsed < 8 * MINUTE + 2 * SECOND; elapsed += SECOND) {
      if (elapsed === after) jest.setSystemTime(Date.now() + set);
      feed$.next(aTrade({ symbol, time: TEN + elapsed, receivedAt: Date.now() }));
      jest.advanceTimersByTime(SECOND);
    }
    return said;
  };

  it.each([5 * SECOND, 5 * MINUTE, HOUR])('are whole on a clock that is %d ms fast, and then is set right', (fast) => {
    const said = playedOn(fast, -fast, 90 * SECOND);
    for (const minute of [0, 1, 2, 3, 4, 5, 6]) expect([minute, said.get(minute)]).toEqual([minute, '60 r0']);
  });

  it.each([2 * HOUR, 24 * HOUR])('are whole some minutes after a clock was set wrong by %d ms', (by) => {
    const said = playedOn(0, by, 30 * SECOND);
    for (const minute of [5, 6]) expect([minute, said.get(minute)]).toEqual([minute, '60 r0']);
  });
});

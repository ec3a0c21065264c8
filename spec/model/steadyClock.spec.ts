import * as fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { momentClock, steadyClock } from '../../lib/model/steadyClock.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 27, 2);
const wall = (): number => asyncScheduler.now();

describe('a steady clock', () => {
  beforeEach(() => jest.useFakeTimers({ now: START }));
  afterEach(() => jest.useRealTimers());

  it('shows what the clock of the machine shows', () => {
    const steady = steadyClock(wall);
    expect(steady()).toBe(START);
    jest.advanceTimersByTime(1_500);
    expect(steady()).toBe(START + 1_500);
  });

  it('runs on at its pace when the clock of the machine is set back', () => {
    const steady = steadyClock(wall);
    steady();
    jest.setSystemTime(START - 30 * 24 * HOUR);
    expect(steady()).toBe(START);
    jest.advanceTimersByTime(5_000);
    expect(steady()).toBe(START + 5_000);
  });

  it('goes forward with a clock that is set forward, as after a sleep', () => {
    const steady = steadyClock(wall);
    steady();
    jest.setSystemTime(START + 8 * HOUR);
    expect(steady()).toBe(START + 8 * HOUR);
  });

  it('never runs back and measures at least the time that passes, however the clock is set', () => {
    const step = fc.record({
      set: fc.integer({ min: -48 * HOUR, max: 48 * HOUR }),
      wait: fc.integer({ min: 0, max: HOUR }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const steady = steadyClock(wall);
        let before = steady();
        for (const { set, wait } of steps) {
          jest.setSystemTime(Date.now() + set);
          jest.advanceTimersByTime(wait);
          const now = steady();
          expect(now).toBeGreaterThanOrEqual(before + wait);
          before = now;
        }
      }),
    );
  });
});

it('takes virtual time as it is', () => {
  new TestScheduler(() => undefined).run(({ cold, expectObservable }) => {
    const steady = steadyClock(wall);
    const seen: number[] = [];
    expectObservable(cold('5ms a 2s b|'));
    cold('5ms a 2s b|').subscribe({
      next: () => seen.push(steady()),
      complete: () => expect(seen).toEqual([5, 2_006]),
    });
  });
  expect.assertions(1);
});

describe('a clock for moments', () => {
  beforeEach(() => jest.useFakeTimers({ now: START }));
  afterEach(() => jest.useRealTimers());

  /** What it shows, less the time that has passed, after each of some settings with a minute between them. */
  const shownAfter = (...settings: readonly number[]): readonly number[] => {
    const clock = momentClock(wall);
    clock();
    return settings.map((by, i) => {
      jest.setSystemTime(Date.now() + by);
      clock();
      jest.advanceTimersByTime(60_000);
      return clock() - START - (i + 1) * 60_000;
    });
  };

  it.each([
    ['is set back', [-HOUR], [0]],
    ['is set back for weeks, and forward again', [-720 * HOUR, 720 * HOUR], [0, 0]],
    ['slept', [8 * HOUR], [8 * HOUR]],
    ['slept, and is set back after that', [8 * HOUR, -HOUR], [8 * HOUR, 8 * HOUR]],
    ['was wrong for a while: set forward and back', [HOUR, -HOUR], [HOUR, 0]],
    ['was wrong by seconds for a while', [5_000, -5_000], [5_000, 0]],
    ['was wrong and not quite the same before', [HOUR, -HOUR + 20_000], [HOUR, 20_000]],
    ['was wrong twice, and is set back at once', [HOUR, HOUR, -2 * HOUR], [HOUR, 2 * HOUR, 0]],
    ['was wrong twice, and is set back step by step', [HOUR, HOUR, -HOUR, -HOUR], [HOUR, 2 * HOUR, HOUR, 0]],
  ])('goes on as it should where the machine %s', (_, settings, expected) => {
    expect(shownAfter(...settings)).toEqual(expected);
  });
});

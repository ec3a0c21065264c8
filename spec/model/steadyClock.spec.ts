import * as fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { steadyClock } from '../../lib/model/steadyClock.js';

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

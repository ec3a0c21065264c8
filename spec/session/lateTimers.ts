import { asyncScheduler } from 'rxjs';
// eslint-disable-next-line rxjs-x/no-internal -- where virtual time takes hold of the timers
import { intervalProvider } from 'rxjs/internal/scheduler/intervalProvider';

/** From here on every timer fires at the next full `beat`, as in a tab that was hidden for long. For a marbles body. */
export const throttleTimers = (beat: number): void => {
  const { delegate } = intervalProvider;
  if (!delegate) throw new Error('timers are throttled inside of marbles only');
  const { setInterval, clearInterval } = delegate;
  intervalProvider.delegate = {
    setInterval: (handler, timeout = 0) => {
      const now = asyncScheduler.now();
      return setInterval(handler, Math.ceil((now + timeout) / beat) * beat - now);
    },
    clearInterval,
  };
};

/** The machine sleeps: at `at` the clock jumps, and timers know nothing of it. Restore mocks afterwards. */
export const sleepAt = (at: number, duration: number): void => {
  const { now } = asyncScheduler;
  jest.spyOn(asyncScheduler, 'now').mockImplementation(() => {
    const awake = now();
    return awake < at ? awake : awake + duration;
  });
};

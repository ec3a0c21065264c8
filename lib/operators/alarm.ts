import { asyncScheduler, type Subscription } from 'rxjs';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import { steadyClock } from '../model/steadyClock.js';

/** A clock that rings at the earliest moment it was set to. */
export interface Alarm {
  /** Sets it to a moment, epoch ms; a later one than it is set to changes nothing, and `Infinity` does not ring. */
  readonly at: (time: number) => void;
  readonly off: () => void;
}

/** One timer, however many ask for it. */
export const alarm = (ring: () => void): Alarm => {
  const steady = steadyClock(() => asyncScheduler.now());
  let due = Infinity;
  /** The same by the steady clock, for a machine whose clock is set back. */
  let dueBySteady = Infinity;
  let timer: Subscription | undefined;
  let isOff = false;

  const start = (): void => {
    timer = asyncScheduler.schedule(wake, Math.min(Math.max(due - asyncScheduler.now(), 0), LONGEST_TIMER));
  };
  const wake = (): void => {
    if (asyncScheduler.now() < due && steady() < dueBySteady) return start();
    due = Infinity;
    ring();
  };
  return {
    at: (time) => {
      if (isOff || time >= due) return;
      due = time;
      dueBySteady = steady() + time - asyncScheduler.now();
      timer?.unsubscribe();
      start();
    },
    off: () => {
      isOff = true;
      timer?.unsubscribe();
    },
  };
};

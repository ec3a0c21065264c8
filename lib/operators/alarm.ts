import { asyncScheduler, type Subscription } from 'rxjs';
import { LONGEST_TIMER } from '../model/longestTimer.js';

/** A clock that rings at the earliest moment it was set to. */
export interface Alarm {
  /** Sets it to a moment, epoch ms; a later one than it is set to changes nothing, and `Infinity` does not ring. */
  readonly at: (time: number) => void;
  readonly off: () => void;
}

/** One timer, however many ask for it. */
export const alarm = (ring: () => void): Alarm => {
  let due = Infinity;
  let timer: Subscription | undefined;
  let isOff = false;

  const start = (): void => {
    timer = asyncScheduler.schedule(wake, Math.min(Math.max(due - asyncScheduler.now(), 0), LONGEST_TIMER));
  };
  const wake = (): void => {
    if (asyncScheduler.now() < due) return start();
    due = Infinity;
    ring();
  };
  return {
    at: (time) => {
      if (isOff || time >= due) return;
      due = time;
      timer?.unsubscribe();
      start();
    },
    off: () => {
      isOff = true;
      timer?.unsubscribe();
    },
  };
};

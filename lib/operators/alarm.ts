import { asyncScheduler, type Subscription } from 'rxjs';
import { isVirtual, steadyClock } from '../model/steadyClock.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';

/** A clock that rings at the earliest moment it was set to. */
export interface Alarm {
  /** Sets it to a moment, epoch ms; a later one than it is set to changes nothing, and `Infinity` does not ring. */
  readonly at: (time: number) => void;
  readonly off: () => void;
}

/** How long it sleeps at most: timers stand still while the machine sleeps, and its clock does not. */
const NAP = 1_000;

/**
 * One timer, however many ask for it.
 *
 * @param now the clock of its moments; that of RxJS by default, also where it is set back meanwhile
 */
export const alarm = (ring: () => void, now: () => number = () => asyncScheduler.now()): Alarm => {
  const steady = steadyClock(() => asyncScheduler.now());
  let due = Infinity;
  /** The same by the steady clock, for a machine whose clock is set back. */
  let dueBySteady = Infinity;
  let timer: Subscription | undefined;
  let isOff = false;

  const start = (): void => {
    const wait = Math.max(Math.min(due - now(), dueBySteady - steady()), 0);
    const longest = isVirtual(asyncScheduler.now()) ? LONGEST_TIMER : NAP;
    timer = asyncScheduler.schedule(wake, Math.min(wait, longest));
  };
  const wake = (): void => {
    if (now() < due && steady() < dueBySteady) return start();
    due = Infinity;
    ring();
  };
  return {
    at: (time) => {
      if (isOff || time >= due) return;
      due = time;
      dueBySteady = steady() + time - now();
      timer?.unsubscribe();
      start();
    },
    off: () => {
      isOff = true;
      timer?.unsubscribe();
    },
  };
};

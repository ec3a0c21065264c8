import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';

/** A scheduler whose time only moves when it is told to. */
export interface TapeClock extends SchedulerLike {
  /** When the next timer is due, in epoch milliseconds; `Infinity` without one. */
  readonly due: () => number;
  /** Moves time on to `until`, and runs all timers that are due by then, each at its time. Never moves back. */
  readonly runTo: (until: number) => void;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * RxJS's own `VirtualTimeScheduler` hangs each repetition of a timer below the one before: after some thousand seconds
 * of a heartbeat, unsubscribing it would overflow the stack. Here a timer is one entry of a short sorted list.
 */
export const tapeClock = (startedAt: number): TapeClock => {
  let now = startedAt;
  const timers: Timer[] = [];

  /** After all that are due at the same time: first come, first served. */
  const add = (timer: Timer): void => {
    const place = timers.findIndex(({ at }) => at > timer.at);
    timers.splice(place < 0 ? timers.length : place, 0, timer);
  };
  const remove = (timer: Timer | undefined): void => {
    const place = timer ? timers.indexOf(timer) : -1;
    if (place >= 0) timers.splice(place, 1);
  };
  const due = (): number => timers[0]?.at ?? Infinity;

  const schedule = <T>(work: (this: SchedulerAction<T>, state: T) => void, delay = 0, state?: T): Subscription => {
    let timer: Timer | undefined;
    const again = (next: T | undefined, wait = 0): Subscription => {
      remove(timer);
      if (action.closed || wait === Infinity) return action;
      timer = { at: now + Math.max(0, wait), run: () => work.call(action, next as T) };
      add(timer);
      return action;
    };
    const action = Object.assign(new Subscription(() => remove(timer)), { schedule: again }) as SchedulerAction<T>;
    return again(state, delay);
  };

  return {
    now: () => now,
    schedule,
    due,
    runTo: (until) => {
      for (let [timer] = timers; timer && timer.at <= until; [timer] = timers) {
        timers.shift();
        now = Math.max(now, timer.at);
        timer.run();
      }
      now = Math.max(now, until);
    },
  };
};

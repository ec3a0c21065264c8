import { asapScheduler, asyncScheduler, Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';

/** A scheduler whose time moves only in `runTo`. */
interface ReplayClock extends SchedulerLike {
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
export const replayClock = (startedAt: number): ReplayClock => {
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

/** Runs code by the time of a replay, and from within it code by the time outside. */
interface ReplayTime {
  /** Meanwhile all timers and clocks of RxJS are the replay's. */
  readonly inside: <T>(work: () => T) => T;
  /** To be called inside: meanwhile they are again what they were outside. */
  readonly outside: (work: () => void) => void;
}

/**
 * Points RxJS's timers and clocks at a scheduler, for the length of one synchronous call: operators take `asyncScheduler`
 * unless they are given another scheduler, and few take one. Calls may be nested, those of several replays too.
 */
export const replayTime = (clock: SchedulerLike): ReplayTime => {
  const now = (): number => clock.now();
  const schedule = (...work: Parameters<SchedulerLike['schedule']>): Subscription => clock.schedule(...work);
  const replay: Schedulers = { now, schedule, soonNow: now, soon: schedule };
  let world = schedulersNow();

  const during = <T>(then: Schedulers, work: () => T): T => {
    const before = schedulersNow();
    point(then);
    try {
      return work();
    } finally {
      point(before);
    }
  };
  return {
    inside: (work) => {
      if (asyncScheduler.now === now) return work();
      world = schedulersNow();
      return during(replay, work);
    },
    outside: (work) => during(world, work),
  };
};

/** What is to happen as soon as possible must be the replay's as well, or the pace of a replay would show in its output. */
interface Schedulers extends Pick<SchedulerLike, 'now' | 'schedule'> {
  readonly soonNow: SchedulerLike['now'];
  readonly soon: SchedulerLike['schedule'];
}

/* eslint-disable @typescript-eslint/unbound-method -- they go back to the object they came from */
const schedulersNow = (): Schedulers => ({
  now: asyncScheduler.now,
  schedule: asyncScheduler.schedule,
  soonNow: asapScheduler.now,
  soon: asapScheduler.schedule,
});
/* eslint-enable @typescript-eslint/unbound-method */

const point = ({ now, schedule, soonNow, soon }: Schedulers): void => {
  asyncScheduler.now = now;
  asyncScheduler.schedule = schedule;
  asapScheduler.now = soonNow;
  asapScheduler.schedule = soon;
};

import { asapScheduler, asyncScheduler, type SchedulerLike, type Subscription } from 'rxjs';

/** Runs code by the time of a tape, and from within it code by the time outside. */
export interface OnTape {
  /** Meanwhile all timers and clocks of RxJS are the tape's. */
  readonly inside: <T>(work: () => T) => T;
  /** To be called inside: meanwhile they are again what they were outside. */
  readonly outside: (work: () => void) => void;
}

/**
 * Points RxJS's timers and clocks at a scheduler, for the length of one synchronous call: operators take `asyncScheduler`
 * unless told otherwise, and few can be told. Calls may be nested, those of several tapes too.
 */
export const onTape = (clock: SchedulerLike): OnTape => {
  const now = (): number => clock.now();
  const schedule = (...work: Parameters<SchedulerLike['schedule']>): Subscription => clock.schedule(...work);
  const tape: Hands = { now, schedule, soonNow: now, soon: schedule };
  let world = hands();

  const during = <T>(then: Hands, work: () => T): T => {
    const before = hands();
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
      world = hands();
      return during(tape, work);
    },
    outside: (work) => during(world, work),
  };
};

/** What is to happen as soon as possible must be the tape's as well, or the pace of a replay would show in its output. */
interface Hands extends Pick<SchedulerLike, 'now' | 'schedule'> {
  readonly soonNow: SchedulerLike['now'];
  readonly soon: SchedulerLike['schedule'];
}

/* eslint-disable @typescript-eslint/unbound-method -- they go back to the object they came from */
const hands = (): Hands => ({
  now: asyncScheduler.now,
  schedule: asyncScheduler.schedule,
  soonNow: asapScheduler.now,
  soon: asapScheduler.schedule,
});
/* eslint-enable @typescript-eslint/unbound-method */

const point = ({ now, schedule, soonNow, soon }: Hands): void => {
  asyncScheduler.now = now;
  asyncScheduler.schedule = schedule;
  asapScheduler.now = soonNow;
  asapScheduler.schedule = soon;
};

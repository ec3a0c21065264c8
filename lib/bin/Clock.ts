import { asyncScheduler } from 'rxjs';

/** By what time things are shown: how old they are, and how long to a retry. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether it is not the time of whoever looks on, and worth a place on the screen. */
  readonly foreign: boolean;
}

/** The time of this machine. */
export const here: Clock = { now: () => asyncScheduler.now(), foreign: false };

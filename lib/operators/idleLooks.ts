import { timer, type Subscription } from 'rxjs';
import { checkTimeout } from '../model/check.js';

/** Looks now and then for what is idle: to read the time for each event would double its cost. */
export interface Looks {
  /** How many there were; what has an event notes it as its `fedAt`. */
  readonly count: () => number;
  /** There is something to look at. */
  readonly begin: () => void;
  readonly end: () => void;
}

/** Nothing is ever idle. */
export const noLooks: Looks = { count: () => 0, begin: () => undefined, end: () => undefined };

/** It looks so many times in each `idle`. */
export const LOOKS = 16;
export const DAY = 86_400_000;

/** Throws `InvalidOption` for a time that is none; `Infinity` is never. */
export const checkIdle = (idleAfter: number): void => {
  if (idleAfter !== Infinity) checkTimeout('idleAfter', idleAfter);
};

/**
 * @param idle milliseconds after which something is idle, at most a sixteenth of it (and 1 ms at least) too late; `Infinity` is never
 * @param forget forgets what is idle by its `fedAt`, and returns whether anything is left to look at
 */
export const idleLooks = (
  idle: number,
  life: Subscription,
  forget: (isIdle: (fedAt: number) => boolean) => boolean,
): Looks => {
  const pause = Math.max(1, idle / LOOKS);
  const allowed = Math.ceil(idle / pause);
  let count = 0;
  let clock: Subscription | undefined;
  const end = (): void => {
    clock?.unsubscribe();
    clock = undefined;
  };
  const look = (): void => {
    count += 1;
    if (!forget((fedAt) => count - fedAt > allowed)) end();
  };
  life.add(end);
  return {
    count: () => count,
    begin: () => {
      if (idle < Infinity) clock ??= timer(0, pause).subscribe(look);
    },
    end,
  };
};

import { asyncScheduler } from 'rxjs';

/** So many beats are compared: of those that were delayed on their way the least one counts. */
const MEMORY = 8;
/** Clocks that differ by less, in milliseconds, are taken for one. */
const SAME = 500;

/** The wall clock of the owner, by the times of its beats: the stamps of its events are by that clock, so ours must be too. */
export const ownersClock = () => {
  let offsets: number[] = [];
  let ahead = 0;
  return {
    now: (): number => asyncScheduler.now() + ahead,
    hear: (at: number): void => {
      offsets = [...offsets.slice(1 - MEMORY), at - asyncScheduler.now()];
      const least = Math.max(...offsets);
      ahead = Math.abs(least) < SAME ? 0 : least;
    },
    /** Another owner has another clock. */
    reset: (): void => {
      offsets = [];
    },
  };
};

/** Epoch milliseconds that never run back and never stand still. */
export type SteadyClock = () => number;

/** How far apart, in milliseconds, two readings of one clock may lie. */
const SAME = 2;

/** Whether a reading of RxJS's clock is one of virtual time, or of a tape, and not the machine's. */
export const isVirtual = (now: number): boolean =>
  // eslint-disable-next-line no-restricted-properties -- only to tell the machine's clock from a virtual one
  Math.abs(now - Date.now()) > SAME;

/** The same of a reading just taken: between that and the look at the machine's clock it may have been busy. */
const isNoMachines = (now: number, wall: () => number): boolean => isVirtual(now) && isVirtual(wall());

/**
 * A clock for elapsed time. It follows `wall`, runs on at its pace when that is set back, and goes forward with it when it
 * is set forward or the machine has slept. Differences of its readings are lengths of time; compare them only with
 * readings of the same clock. In virtual time, and on a tape, `wall` is steady by itself and is taken as it is.
 *
 * @param wall reads the clock of RxJS, which shows what the machine's own clock shows unless time is virtual
 */
export const steadyClock = (wall: () => number): SteadyClock => {
  let wallAt = -Infinity;
  let elapsedAt = 0;
  return () => {
    const now = wall();
    if (isNoMachines(now, wall)) return now;
    const elapsed = performance.now();
    wallAt = Math.max(now, wallAt + (elapsed - elapsedAt));
    elapsedAt = elapsed;
    return wallAt;
  };
};

/** How far off a clock may be, in milliseconds, that was set to where it had been; no more than half of what it was set by. */
const AGAIN = 60_000;
/** What two clocks of a machine drift apart, in milliseconds, without one being set. */
const DRIFT = 50;
/** So many settings of a clock may be taken back. */
const MEMORY = 8;

/**
 * A clock for moments that others name, as the end of a bar. It is a `steadyClock`, but where the clock of the machine was
 * set forward and then back to where it was, it goes back with it: it was not asleep, only wrong.
 *
 * @param wall reads the clock of RxJS
 */
export const momentClock = (wall: () => number): (() => number) => {
  /** What the clock is ahead of the time that has passed, and what it was before it was set forward. */
  let ahead = -Infinity;
  let before: readonly number[] = [];
  return () => {
    const now = wall();
    if (isNoMachines(now, wall)) return now;
    const elapsed = performance.now();
    const found = now - elapsed;
    if (found >= ahead) {
      if (found - ahead > DRIFT && ahead > -Infinity) before = [...before.slice(1 - MEMORY), ahead];
      ahead = found;
      return now;
    }
    const wasThere = before.findIndex((other) => Math.abs(found - other) < Math.min(AGAIN, (ahead - other) / 2));
    if (wasThere === -1) return elapsed + ahead;
    before = before.slice(0, wasThere);
    ahead = found;
    return now;
  };
};

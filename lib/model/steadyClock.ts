/** Epoch milliseconds that never run back and never stand still. */
export type SteadyClock = () => number;

/** How far apart, in milliseconds, two readings of one clock may lie. */
const SAME = 2;

/** Whether a reading of RxJS's clock is one of virtual time, or of a tape, and not the machine's. */
export const isVirtual = (now: number): boolean =>
  // eslint-disable-next-line no-restricted-properties -- only to tell the machine's clock from a virtual one
  Math.abs(now - Date.now()) > SAME;

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
    if (isVirtual(now)) return now;
    const elapsed = performance.now();
    wallAt = Math.max(now, wallAt + (elapsed - elapsedAt));
    elapsedAt = elapsed;
    return wallAt;
  };
};

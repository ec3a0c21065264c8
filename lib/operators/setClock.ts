import { asyncScheduler } from 'rxjs';
import { steadyClock } from '../model/steadyClock.js';

/** How often, in milliseconds, the two clocks are compared where the wall clock runs as it should. */
const PAUSE = 1_000;
/** What a clock is disciplined by, in milliseconds, without being set. */
const NOISE = 50;

/**
 * Reads the clock of RxJS, and says by how many milliseconds it was set back (below zero) since it was read last, or set
 * forward again after that. A clock that is set forward looks like a machine that slept, and is taken for one.
 */
export const setClock = (onSet: (by: number, now: number) => void): (() => number) => {
  const steady = steadyClock(() => asyncScheduler.now());
  let last = asyncScheduler.now();
  let comparedAt = last;
  let behind = steady() - last;

  const compare = (now: number): void => {
    comparedAt = now;
    const by = behind - (steady() - now);
    if (Math.abs(by) < NOISE) return;
    behind -= by;
    onSet(by, now);
  };
  return () => {
    const now = asyncScheduler.now();
    if (now < last || now - comparedAt >= PAUSE) compare(now);
    last = now;
    return now;
  };
};

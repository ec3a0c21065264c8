import { InvalidOption } from './errors.js';
import { LONGEST_TIMER } from './longestTimer.js';

/** Throws `InvalidOption` for what no timer can measure. */
export const checkDuration = (option: string, value: number): void => {
  if (!(Number.isFinite(value) && value >= 0 && value <= LONGEST_TIMER)) {
    throw new InvalidOption(option, value, `it is a number of milliseconds from 0 to ${LONGEST_TIMER}`);
  }
};

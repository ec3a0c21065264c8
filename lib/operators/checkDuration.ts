import { InvalidOption } from '../model/errors.js';

/** Timers take 31 bits; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Throws `InvalidOption` for what no timer can measure. */
export const checkDuration = (option: string, value: number): void => {
  if (!(value >= 0 && value <= LONGEST_TIMER)) {
    throw new InvalidOption(option, value, `it is a number of milliseconds from 0 to ${LONGEST_TIMER}`);
  }
};

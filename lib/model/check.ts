import { InvalidOption } from './errors.js';
import { intervals, type Interval } from './interval.js';
import { LONGEST_TIMER } from './longestTimer.js';

/** Throws `InvalidOption` for a duration that no timer can measure. */
export const checkDuration = (option: string, value: number): void => {
  if (!(Number.isFinite(value) && value >= 0 && value <= LONGEST_TIMER)) {
    throw new InvalidOption(option, value, `it is a number of milliseconds from 0 to ${LONGEST_TIMER}`);
  }
};

/** Throws `InvalidOption` for a time that is up at once, or that no timer can measure; undefined is one that is left out. */
export const checkTimeout = (option: string, value: number | undefined): void => {
  if (value !== undefined && !(typeof value === 'number' && value > 0 && value <= LONGEST_TIMER)) {
    throw new InvalidOption(option, value, 'it is a number of milliseconds above 0, and of 24 days at most');
  }
};

/** Returns a count; throws `InvalidOption` unless it is a whole number that is large enough, or `Infinity`. */
export const checkCount = (option: string, count: number, least = 1): number => {
  if (count === Infinity || (Number.isSafeInteger(count) && count >= least)) return count;
  throw new InvalidOption(option, count, `it is a whole number, ${least} or more`);
};

/** Throws `InvalidOption` unless it is a whole number of such things, 1 or more. */
export const checkWhole = (option: string, count: number, things: string): void => {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InvalidOption(option, count, `it is a whole number of ${things}, 1 or more`);
  }
};

/** Returns a word; throws `InvalidOption` for one that is none of those allowed. */
export const checkWord = <T>(option: string, word: T, allowed: readonly T[]): T => {
  if (allowed.includes(word)) return word;
  throw new InvalidOption(option, word, `it is one of ${allowed.join(', ')}`);
};

export const checkInterval = (interval: Interval): Interval => checkWord('interval', interval, intervals);

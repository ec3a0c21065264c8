/** Timers take 31 bits of milliseconds, some 24 days; a longer one would be over at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

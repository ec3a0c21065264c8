/** So many calls to a history may be under way, as some take long. */
export const AT_ONCE = 4;

/** A call that says nothing for so many milliseconds has failed; before it sends a request, a history may have to wait. */
export const ANSWER = 300_000;

/** The wait before the second attempt, in milliseconds; it doubles up to five minutes. */
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 300_000;

/** How many milliseconds to wait before a history is asked again, after so many attempts. */
export const waitAfter = (attempts: number): number => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1));

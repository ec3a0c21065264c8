import { defer, type Observable } from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import type { Topic } from '../model/topic.js';
import { shareFeed, type Feed, type MakeFeed } from '../share/shareFeed.js';

/** Milliseconds from one beat to the next, and without a word before the other side is taken for dead. */
const BEAT = 1_000;
export const MAX_SILENCE = 3_000;

/** Throws `InvalidOption` for a `maxSilence` that a beat could not break; `who` beats. */
export const checkMaxSilence = (maxSilence: unknown, who: 'owner' | 'gateway'): void => {
  if (typeof maxSilence === 'number' && maxSilence > BEAT && maxSilence <= LONGEST_TIMER) return;
  const problem = `it is a number of milliseconds above ${BEAT}, as the ${who} beats each second`;
  throw new InvalidOption('maxSilence', maxSilence, problem);
};

/** A cold feed of some topics. One table of topics serves all ways to share: it has the spellings, and what a changed list means. */
export const joining = (makeFeed: MakeFeed, topics: readonly Topic[] | Observable<readonly Topic[]>): Feed => {
  // Throws now for topics that are none.
  shareFeed(makeFeed).watch(topics);
  return defer(() => shareFeed(makeFeed).watch(topics));
};

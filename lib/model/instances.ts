import type { Eq } from 'fp-ts/lib/Eq.js';
import type { Ord } from 'fp-ts/lib/Ord.js';
import type { Semigroup } from 'fp-ts/lib/Semigroup.js';
import type { Gap } from './link.js';
import type { Level } from './marketEvent.js';
import { topicKey, type Topic } from './topic.js';

/**
 * Whether two topics ask for the same, in whatever spelling.
 *
 * @example
 * topics$.pipe(distinctUntilChanged(getEq(topicEq).equals))
 */
export const topicEq: Eq<Topic> = { equals: (a, b) => topicKey(a) === topicKey(b) };

const sameLevel = (a: Level, b: Level): boolean => a.price === b.price && a.size === b.size && a.orders === b.orders;
const order = (a: number, b: number): -1 | 0 | 1 => (a < b ? -1 : a > b ? 1 : 0);

/** Whether two levels say the same: price, size and number of orders. */
export const levelEq: Eq<Level> = { equals: sameLevel };

/** Asks, best first: the lowest price. Levels of one price are in order of size, then of orders; one not given comes first. */
export const askOrd: Ord<Level> = {
  equals: sameLevel,
  compare: (a, b) => order(a.price, b.price) || compareRest(a, b),
};

/** Bids, best first: the highest price. */
export const bidOrd: Ord<Level> = {
  equals: sameLevel,
  compare: (a, b) => order(b.price, a.price) || compareRest(a, b),
};

const compareRest = (a: Level, b: Level): -1 | 0 | 1 =>
  order(a.size ?? -1, b.size ?? -1) || order(a.orders ?? -1, b.orders ?? -1);

/** Gaps in order of time: by `from`, then by `to`. Equal are those of one feed with one span. */
export const gapOrd: Ord<Gap> = {
  equals: (a, b) => gapOrd.compare(a, b) === 0,
  compare: (a, b) => order(a.from, b.from) || order(a.to, b.to) || (a.feed < b.feed ? -1 : a.feed > b.feed ? 1 : 0),
};

/**
 * Joins two gaps of one feed into the one that spans both. The cause is that of the earlier one, and the attempts add up. It is
 * associative, so that gaps may be joined in any grouping.
 */
export const gapSemigroup: Semigroup<Gap> = {
  concat: (a, b) => ({
    feed: a.feed,
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    attempts: a.attempts + b.attempts,
    cause: b.from < a.from ? b.cause : a.cause,
  }),
};

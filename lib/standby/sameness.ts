import type { SymbolData } from '../model/feedEvent.js';
import { numbersOf } from '../session/alignment.js';
import { sameSaid } from '../session/sameSaid.js';

/** Data of a topic, with the vendor's time where there is one. */
export type Timed = SymbolData & { readonly time?: number };

/** So many at each end of a list are compared with one that comes. */
const NEAR = 64;

/** Where it is, near one of the two ends; -1 where it is not. */
export const placeOf = (length: number, isAt: (place: number) => boolean): number => {
  for (let place = 0; place < length && place < NEAR; place++) if (isAt(place)) return place;
  for (let place = Math.max(NEAR, length - NEAR); place < length; place++) if (isAt(place)) return place;
  return -1;
};

/** Whether two lines have said the same of a topic. */
export const isSame = (one: Timed | undefined, other: Timed): boolean => {
  if (one === undefined) return false;
  // Most that are compared differ in their time: that costs nothing to see.
  const isOwnTime = one.time === one.receivedAt && other.time === other.receivedAt;
  if (one.time !== other.time && !isOwnTime) return false;
  const numbers = numbersOf(one);
  return numbers ? numbersOf(other)?.last === numbers.last : sameSaid(one, other);
};

/** Whether a trade was surely before another one. */
export const isBefore = (one: Timed, other: Timed): boolean => {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  if (a && b) return a.last < b.last;
  return isTimed(one) && isTimed(other) && one.time < other.time;
};

export const isTimed = (event: Timed | undefined): event is SymbolData & { readonly time: number } =>
  event !== undefined && typeof event.time === 'number';

import type { SymbolData } from '../model/feedEvent.js';
import { stepOf } from '../model/sequence.js';
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

/** The number of an event, where its vendor counts: that of an execution, or the last one of a book. */
export const numberOf = (event: Timed): number | undefined => {
  if (event.kind !== 'trade') return event.kind === 'depth' ? numbersOf(event)?.last : undefined;
  // As `numbersOf`, which makes an object of it.
  const { id } = event as { readonly id?: unknown };
  return typeof id === 'number' && Number.isFinite(id) ? id : undefined;
};

/** Whether an event tells nothing new where the number `at` is the last one that is known. */
export const isOldAt = (event: Timed, at: number | undefined): boolean => {
  if (at === undefined) return false;
  if (event.kind === 'trade') return (numberOf(event) ?? Infinity) <= at;
  const numbers = numbersOf(event);
  return numbers !== undefined && stepOf(numbers, at) === 'old';
};

/** Whether two lines have said the same of a topic. */
export const isSame = (one: Timed | undefined, other: Timed): boolean => {
  if (one === undefined) return false;
  // Most that are compared differ in their time: that costs nothing to see.
  if (one.time !== other.time && !(one.time === one.receivedAt && other.time === other.receivedAt)) return false;
  const number = numberOf(one);
  return number === undefined ? sameSaid(one, other) : numberOf(other) === number;
};

/** Whether a trade was surely before another one. */
export const isBefore = (one: Timed, other: Timed): boolean => {
  const [a, b] = [numberOf(one), numberOf(other)];
  if (a !== undefined && b !== undefined) return a < b;
  return isTimed(one) && isTimed(other) && one.time < other.time;
};

export const isTimed = (event: Timed | undefined): event is SymbolData & { readonly time: number } =>
  event !== undefined && typeof event.time === 'number';

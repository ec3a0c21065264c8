import type { Depth } from '../model/marketEvent.js';
import type { LastDepth } from '../share/lastDepth.js';
import type { Held } from '../session/alignment.js';
import { updatesAfter } from './books.js';
import { isBefore, isTimed, numberOf, type Timed } from './sameness.js';
import type { Side } from './sides.js';

/** Where a side is in a topic. */
export interface Place<E> {
  /** The oldest that was emitted and the side has not said yet; most often there is no other. */
  next: E | undefined;
  /** Those after it, oldest first. */
  missing: E[];
  /** What the side has said and was not emitted, oldest first. */
  held: Held<E>[];
  /** Whether it is known where the side is. */
  isLevel: boolean;
  /** Whether it has said anything since its link is there. */
  isHeard: boolean;
  /** The number it said last, where the vendor counts. */
  number: number | undefined;
}

/** One topic of both. */
export interface Pair<E> {
  readonly symbol: string;
  readonly one: Place<E>;
  readonly two: Place<E>;
  /** The side that serves, and the one whose words are emitted meanwhile; of a race both sides that are level. */
  serving: Side;
  carrier: Side;
  last: E | undefined;
  /** The last number that was emitted. */
  at: number | undefined;
  /** Of a book that is sent in updates. */
  updates: LastDepth | undefined;
}

export const placeIn = <E>(pair: Pair<E>, side: Side): Place<E> => (side === 0 ? pair.one : pair.two);

/** Stands for all empty lists: to look at one is to look where others have just looked, and not into memory. */
export const NONE: never[] = [];

export const newPlace = <E>(isLevel: boolean): Place<E> => ({
  next: undefined,
  missing: NONE,
  held: NONE,
  isLevel,
  isHeard: false,
  number: undefined,
});

/** Nothing is expected of the side. */
export const expectNothing = <E>(place: Place<E>): void => {
  place.next = undefined;
  place.missing = NONE;
};
/** One more is expected, of so many at most. */
export const expectAlso = <E>(place: Place<E>, event: E, most: number): void => {
  if (place.next === undefined) {
    place.next = event;
    return;
  }
  if (place.missing === NONE) place.missing = [];
  const { missing } = place;
  missing.push(event);
  if (missing.length < most) return;
  missing.splice(0, missing.length / 2);
  expectNext(place);
};
/** The next one is not expected any more. */
export const expectNext = <E>(place: Place<E>): void => {
  const { missing } = place;
  place.next = missing === NONE ? undefined : missing.shift();
  if (missing.length === 0) place.missing = NONE;
};

export const drain = <E>(place: Place<E>): readonly Held<E>[] => {
  const { held } = place;
  place.held = NONE;
  return held;
};

/** It is emitted. */
export const note = <E extends Timed>(pair: Pair<E>, event: E, hasBooks: boolean): void => {
  if (event.kind === 'depth' && hasBooks) keep(pair, event as unknown as Depth);
  pair.last = event;
  const number = numberOf(event);
  if (number !== undefined) pair.at = number;
};
const keep = <E>(pair: Pair<E>, depth: Depth): void => {
  pair.updates = updatesAfter(depth, pair.updates, pair.last as unknown as Depth | undefined);
};

/** Whether it may be new, and was not emitted before what was emitted last. */
export const isAfter = <E extends Timed>({ last }: Pair<E>, event: E): boolean =>
  last === undefined || !isBefore(event, last);

/** Whether what was emitted last is newer, and all that counts of the topic is the newest. */
export const isOvertaken = <E extends Timed>({ last }: Pair<E>, event: E): boolean =>
  event.kind !== 'trade' && isTimed(last) && isTimed(event) && event.time < last.time && numberOf(event) === undefined;

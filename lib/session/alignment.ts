import type { SymbolData } from '../model/feedEvent.js';
import { stepOf, type DepthSequence } from '../model/sequence.js';
import { sameSaid } from './sameSaid.js';

/** An event of the successor that is held, and when it came among all of them. */
export interface Held<E> {
  readonly event: E;
  readonly order: number;
}

/** How many events are held for all topics together. */
export interface Store {
  size: number;
}

/** What the switch makes of a topic. */
export interface Settled<E> {
  /** What the successor has said beyond the serving session. */
  readonly rest: readonly Held<E>[];
  /** What the successor is still going to repeat. */
  readonly repeats: Repeats<E> | undefined;
}

/** Knows what the successor repeats of what was emitted, until it is level. */
export interface Repeats<E> {
  /** Whether an event is a repetition. */
  readonly has: (event: E) => boolean;
  /** Whether none is expected any more. */
  readonly isOver: () => boolean;
  /** What is expected, oldest first. */
  readonly list: () => readonly E[];
}

/**
 * Where two sessions are in one topic. They say the same in the same order, one of them later than the other.
 */
export interface Alignment<E> {
  /** The serving session says it. */
  readonly said: (event: E) => void;
  /** The successor says it. */
  readonly heard: (held: Held<E>) => void;
  /** Whether it is known where the successor is. */
  readonly isReady: () => boolean;
  /** Whether the successor has said something. */
  readonly isHeard: () => boolean;
  /** Ends it: what is left to emit, and what is left to drop. `isMoving` is whether the serving session says something. */
  readonly settle: (isMoving: boolean) => Settled<E>;
  /** What is held is not wanted any more. */
  readonly drop: () => void;
  /** Ends it without a switch. */
  readonly discard: () => void;
}

/** The numbers of an event, where its vendor counts: of a book, or of an execution, whose number grows within its symbol. */
export const numbersOf = (event: SymbolData): DepthSequence | undefined => {
  if (event.kind === 'depth') return (event as { readonly sequence?: DepthSequence | undefined }).sequence;
  if (event.kind !== 'trade') return undefined;
  const { id } = event as { readonly id?: unknown };
  return typeof id === 'number' && Number.isFinite(id) ? { first: id, last: id } : undefined;
};

/** Aligns by numbers where the topic has them, and else by what is said. `before` is what was emitted last, oldest first. */
export const alignment = <E extends SymbolData>(before: readonly E[], first: E, store: Store): Alignment<E> =>
  numbersOf(before.at(-1) ?? first) ? byNumber(before.at(-1), store) : byContent(before, store);

const byNumber = <E extends SymbolData>(last: E | undefined, store: Store): Alignment<E> => {
  /** The number of the last that was emitted. */
  let at = last && numbersOf(last)?.last;
  let rest: Held<E>[] = [];
  let isHeard = false;
  let isReady = false;

  const stepTo = ({ event }: Held<E>): ReturnType<typeof stepOf> | undefined => {
    const numbers = numbersOf(event);
    // One without a number belongs to the one before it.
    return at === undefined || !numbers ? undefined : stepOf(numbers, at);
  };
  const trim = (): void => {
    let count = 0;
    for (const [i, held] of rest.entries()) {
      const step = stepTo(held);
      if (step === 'old') count = i + 1;
      else if (step !== undefined) break;
    }
    const [first] = rest;
    if (count > 0 || (first && stepTo(first) === 'next')) isReady = true;
    rest = rest.slice(count);
    store.size -= count;
  };
  return {
    said: (event) => {
      at = numbersOf(event)?.last ?? at;
      if (rest.length > 0) trim();
    },
    heard: (held) => {
      isHeard = true;
      rest.push(held);
      store.size += 1;
      if (rest.length === 1) trim();
    },
    isReady: () => isReady,
    isHeard: () => isHeard,
    drop: () => {
      store.size -= rest.length;
      rest = [];
    },
    discard: () => (store.size -= rest.length),
    settle: () => {
      store.size -= rest.length;
      return { rest, repeats: at === undefined ? undefined : upTo(at) };
    },
  };
};

/** All up to a number is a repetition; numbers that begin anew are none. */
const upTo = <E extends SymbolData>(at: number): Repeats<E> => {
  let heard = -Infinity;
  let isOver = false;
  return {
    has: (event) => {
      const numbers = numbersOf(event);
      if (isOver || !numbers) return false;
      isOver = numbers.last < heard || stepOf(numbers, at) !== 'old';
      heard = numbers.last;
      return !isOver;
    },
    isOver: () => isOver,
    list: () => [],
  };
};

/** So many of the last events are searched for one. */
const FAR = 4_096;
/** So many of those that are held are compared with what the serving session says, while it is not known where they are. */
const NEAR = 64;
/** So many places are considered where all that is said is equal. */
const MOST_PLACES = 64;

const byContent = <E extends SymbolData>(before: readonly E[], store: Store): Alignment<E> => {
  let said: E[] = [...before];
  let rest: Held<E>[] = [];
  /** By how many events the first of `rest` may lie behind the first of `said`. Known when it is one. */
  let shifts: readonly number[] = [];
  let isHeard = false;
  store.size += said.length;

  const isSame = (x: number, n: number): boolean => {
    const [event, held] = [said[x], rest[n]];
    return event !== undefined && held !== undefined && sameSaid(event, held.event);
  };
  /** What both have said is not needed any more. */
  const trimTo = (shift: number): void => {
    const both = Math.max(0, Math.min(said.length - shift, rest.length));
    store.size -= 2 * both + shift;
    rest = rest.slice(both);
    said = said.slice(both + shift);
    shifts = [0];
  };
  const found = (places: readonly number[]): void => {
    shifts = places.slice(-MOST_PLACES);
    const [only] = shifts;
    if (shifts.length === 1 && only !== undefined) trimTo(only);
  };
  const indexes = (from: number, to: number): readonly number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

  return {
    said: (event) => {
      const x = said.push(event) - 1;
      store.size += 1;
      if (rest.length === 0) return;
      const still = shifts.filter((shift) => x - shift >= rest.length || isSame(x, x - shift));
      // The first that is held may be this one as well as an earlier one.
      if (still.length > 1 && isSame(x, 0)) found([...still, x]);
      else if (still.length > 0) found(still);
      else
        found(
          indexes(0, Math.min(NEAR, rest.length))
            .filter((n) => isSame(x, n))
            .map((n) => x - n),
        );
    },
    heard: (held) => {
      isHeard = true;
      const n = rest.push(held) - 1;
      store.size += 1;
      const still = shifts.filter((shift) => n + shift >= said.length || isSame(n + shift, n));
      if (still.length > 0) return found(still);
      found(
        indexes(Math.max(0, said.length - FAR), said.length)
          .filter((x) => isSame(x, n))
          .map((x) => x - n),
      );
    },
    isReady: () => shifts.length === 1,
    isHeard: () => isHeard,
    drop: () => {
      if (rest.length > 0) shifts = [];
      store.size -= rest.length;
      rest = [];
    },
    discard: () => (store.size -= said.length + rest.length),
    settle: (isMoving) => {
      const [nearest] = [...shifts].sort((a, b) => apart(a) - apart(b));
      if (nearest !== undefined) trimTo(nearest);
      store.size -= said.length + rest.length;
      if (shifts.length > 0) return { rest, repeats: repeatsOf(said, true) };
      if (!isHeard) return { rest, repeats: repeatsOf(said, false) };
      // What was heard and not found again may lie before or behind what was said: only what comes from now on is sure.
      return { rest: isMoving ? [] : rest, repeats: undefined };
    },
  };

  /** How far apart in time the two are that would be the same. */
  function apart(shift: number): number {
    const event = said[Math.max(0, shift)];
    const held = rest[Math.max(0, -shift)];
    return event && held ? Math.abs(event.receivedAt - held.event.receivedAt) : Infinity;
  }
};

/** These are repeated in order; where it is not known with which one it begins, the first one tells. */
const repeatsOf = <E extends SymbolData>(events: readonly E[], isKnown: boolean): Repeats<E> => {
  let next = isKnown ? 0 : -1;
  return {
    has: (event) => {
      const place = next >= 0 ? next : lastSame(events, event);
      const expected = events[place];
      const isRepeat = expected !== undefined && sameSaid(expected, event);
      // What does not match ends it: nothing real is dropped for long.
      next = isRepeat ? place + 1 : events.length;
      return isRepeat;
    },
    isOver: () => next >= events.length,
    list: () => events.slice(Math.max(0, next)),
  };
};

const lastSame = (events: readonly object[], event: object): number => {
  let place = events.length - 1;
  while (place >= 0 && !sameSaid(events[place] as object, event)) place -= 1;
  return place;
};

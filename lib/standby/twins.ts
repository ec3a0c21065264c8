import type { Depth } from '../model/marketEvent.js';
import { symbolTables } from '../model/symbolTables.js';
import { topicKey } from '../model/topic.js';
import { topicOf } from '../model/topicOf.js';
import type { Held } from '../session/alignment.js';
import { wholeBook } from './books.js';
import {
  drain,
  expectAlso,
  expectNext,
  expectNothing,
  isAfter,
  isOvertaken,
  newPlace,
  NONE,
  note,
  placeIn,
  type Pair,
  type Place,
} from './places.js';
import { otherOf, sides, type Side } from './sides.js';
import { isBefore, isOldAt, isSame, numberOf, placeOf, type Timed } from './sameness.js';

/** Two feeds that say the same, each with holes of its own, as one. */
export interface Twins<E> {
  readonly said: (side: Side, event: E) => void;
  /** The link of a side is back; what it says is of unknown age until it is level with the other. */
  readonly up: (side: Side) => void;
  readonly down: (side: Side) => void;
  /** Neither side has a link: books and prices begin anew. */
  readonly reset: () => void;
  /**
   * Emits what a side has said beyond the other, in order of arrival, and goes on with that side; unless it `isLasting`, until
   * the preferred side is level again.
   */
  readonly take: (side: Side, isLasting: boolean, isOf?: (symbol: string) => boolean) => void;
  /** Emits what has been held in vain since before `receivedAt`, as the other side does not say it. */
  readonly release: (receivedAt: number) => void;
  /** When the last event came that had to be dropped, as more were held than can be. */
  readonly truncatedAt: () => number;
  /** A side said a book, and it was emitted, before the two were compared. */
  readonly begin: (side: Side, book: Depth) => void;
  /** The books as they were emitted, of those that a side speaks of since its link is there. */
  readonly books: (side: Side, isOf: (symbol: string) => boolean) => readonly Depth[];
}

/** What two feeds make of each other. */
export interface TwinsOptions<E> {
  readonly emit: (event: E, side: Side) => void;
  /** Something is held that is emitted by `release` if nothing else comes. */
  readonly onHold: () => void;
  /** A side repeats what the other one said at `receivedAt`. */
  readonly onRepeat: (receivedAt: number) => void;
  /** The side whose words are emitted while it is level; undefined for a race, which emits the first of two. */
  readonly preferred: Side | undefined;
}

/** So many events are held of a topic, or known to be still missing from a side. */
const MOST = 4_096;
/** So many are held of a topic while the other side is gone. */
const MOST_ALONE = 65_536;
/** So many of those a side that is gone has missed are kept, for what it repeats when it is back. */
const MOST_OF_GONE = 64;

/**
 * Two feeds of one provider as one, topic by topic: what both say is emitted once, as often as the one that says it more
 * often, in the order of the vendor.
 */
export const twins = <E extends Timed>({ emit, onHold, onRepeat, preferred }: TwinsOptions<E>): Twins<E> => {
  const tables = symbolTables<Pair<E>>();
  const pairs = new Map<string, Pair<E>>();
  const isUp: [boolean, boolean] = [false, false];
  const wasUp: [boolean, boolean] = [false, false];
  /** Whether it was lost while the other side was there, and may have missed the first words of a topic. */
  const isBehind: [boolean, boolean] = [false, false];
  /** A race never has to say a book again. */
  const hasBooks = preferred !== undefined;
  let serving: Side = preferred ?? 0;
  let order = 0;
  let truncatedAt = -Infinity;

  const open = (event: E): Pair<E> => {
    const topic = topicOf(event);
    const key = topicKey(topic);
    const pair: Pair<E> = pairs.get(key) ?? {
      symbol: event.symbol,
      one: newPlace(!isBehind[0]),
      two: newPlace(!isBehind[1]),
      serving,
      carrier: isBehind[serving] ? otherOf(serving) : serving,
      last: undefined,
      at: undefined,
      updates: undefined,
    };
    pairs.set(key, pair);
    tables.ofTopic(topic).set(event.symbol, pair);
    return pair;
  };

  const pass = (pair: Pair<E>, side: Side, event: E): void => {
    note(pair, event, hasBooks);
    emit(event, side);
  };
  const hold = (pair: Pair<E>, side: Side, event: E): void => {
    const place = placeIn(pair, side);
    if (place.held === NONE) place.held = [];
    const { held } = place;
    held.push({ event, order: (order += 1) });
    if (preferred === undefined || side === pair.serving) onHold();
    const isAlone = !isUp[otherOf(side)];
    if (held.length <= (isAlone ? MOST_ALONE : MOST)) return;
    const [oldest] = held.splice(0, held.length / 2).slice(-1);
    if (isAlone && oldest) truncatedAt = Math.max(truncatedAt, oldest.event.receivedAt);
  };

  /** Whether a side tells nothing new by its number. */
  const isOld = (pair: Pair<E>, place: Place<E>, event: E): boolean => {
    const number = numberOf(event);
    if (number === undefined) return false;
    const before = place.number;
    place.number = number;
    if (before !== undefined && number < before) {
      // The vendor numbers anew.
      pair.at = undefined;
      for (const each of sides) {
        expectNothing(placeIn(pair, each));
        drain(placeIn(pair, each));
      }
    }
    return isOldAt(event, pair.at);
  };

  /** A side is level: it goes on behind what it has just said. Trades of the same moment were left out by the other side. */
  const level = (pair: Pair<E>, side: Side, place: Place<E>, event: E): void => {
    for (const held of drain(place)) {
      if (held.event.kind === 'trade' && !isBefore(held.event, event) && !isOldAt(held.event, pair.at))
        passLate(pair, side, held.event);
    }
    place.isLevel = true;
    if (side === pair.serving && preferred !== undefined) pair.carrier = side;
  };
  /** What one side has left out it may still say. */
  const passLate = (pair: Pair<E>, side: Side, event: E): void => {
    pass(pair, side, event);
    const other = otherOf(side);
    expectAlso(placeIn(pair, other), event, isUp[other] ? MOST : MOST_OF_GONE);
  };

  const isEmitting = (pair: Pair<E>, side: Side): boolean =>
    preferred === undefined ? placeIn(pair, side).isLevel || !isUp[otherOf(side)] : pair.carrier === side;

  /** The side that is emitted says something new. */
  const lead = (pair: Pair<E>, side: Side, event: E): void => {
    const other = otherOf(side);
    const place = placeIn(pair, other);
    const { held } = place;
    if (held === NONE) return passLate(pair, side, event);
    const at = placeOf(held.length, (i) => isSame(held[i]?.event, event));
    if (at === -1) {
      // The other side has said them, and this one is past them.
      while (held[0] && held[0].event.kind === 'trade' && isBefore(held[0].event, event)) {
        const [skipped] = held.splice(0, 1);
        if (skipped && isAfter(pair, skipped.event)) passLate(pair, other, skipped.event);
      }
      return passLate(pair, side, event);
    }
    // The other side has said it before, and is ahead.
    onRepeat(held[at]?.event.receivedAt ?? -Infinity);
    for (const { event: skipped } of at === 0 ? [] : held.splice(0, at)) {
      if (skipped.kind === 'trade' && isAfter(pair, skipped)) passLate(pair, other, skipped);
    }
    held.shift();
    if (held.length === 0) place.held = NONE;
    pass(pair, side, event);
    expectNothing(place);
    place.isLevel = true;
    // A side that only stands by waits.
    if (preferred !== undefined && other !== pair.serving) return;
    for (const each of drain(place)) passLate(pair, other, each.event);
    if (preferred !== undefined) pair.carrier = other;
  };

  /** Whether a side says what was emitted before; what lies before it is not expected of it any more. */
  const isRepeated = (place: Place<E>, event: E): boolean => {
    const { next, missing } = place;
    if (next === undefined) return false;
    if (isSame(next, event)) {
      onRepeat(next.receivedAt);
      expectNext(place);
      return true;
    }
    const at = placeOf(missing.length, (i) => isSame(missing[i], event));
    const said = missing[at];
    if (said === undefined) return false;
    onRepeat(said.receivedAt);
    missing.splice(0, at + 1);
    expectNext(place);
    return true;
  };

  const said = (side: Side, event: E): void => {
    const pair = tables.ofEvent(event)?.get(event.symbol) ?? open(event);
    const place = placeIn(pair, side);
    place.isHeard = true;
    if (isOld(pair, place, event)) {
      if (pair.last) onRepeat(pair.last.receivedAt);
      expectNothing(place);
      return level(pair, side, place, event);
    }
    if (isRepeated(place, event)) return level(pair, side, place, event);
    if (!isEmitting(pair, side)) return hold(pair, side, event);
    if (place.next !== undefined && isOvertaken(pair, event)) return;
    place.isLevel = true;
    lead(pair, side, event);
  };

  /** Emits what is held of a side, of these pairs, in order of arrival. */
  const flush = (of: Iterable<Pair<E>>, side: Side): void => {
    const all: { readonly pair: Pair<E>; readonly held: Held<E> }[] = [];
    for (const pair of of) {
      const place = placeIn(pair, side);
      place.isLevel = true;
      for (const held of drain(place)) all.push({ pair, held });
    }
    for (const { pair, held } of all.sort((a, b) => a.held.order - b.held.order)) {
      const { event } = held;
      if (!isOvertaken(pair, event) && !isRepeated(placeIn(pair, side), event)) passLate(pair, side, event);
    }
  };

  return {
    said,
    up: (side) => {
      const isAlone = !isUp[otherOf(side)];
      isBehind[side] = wasUp[side] && !isAlone;
      isUp[side] = wasUp[side] = true;
      for (const pair of pairs.values()) {
        const place = placeIn(pair, side);
        place.isLevel = isAlone || (pair.last === undefined && place.held.length === 0);
      }
    },
    down: (side) => {
      isUp[side] = false;
      isBehind[otherOf(side)] = false;
      for (const pair of pairs.values()) {
        const place = placeIn(pair, side);
        place.number = undefined;
        place.isHeard = false;
        place.next ??= pair.last;
        if (place.missing.length < MOST_OF_GONE) continue;
        place.missing.splice(0, place.missing.length - MOST_OF_GONE);
        expectNext(place);
      }
      if (preferred === undefined && isUp[otherOf(side)]) flush(pairs.values(), otherOf(side));
    },
    reset: () => {
      for (const side of sides) flush(pairs.values(), side);
      for (const pair of pairs.values()) {
        if (pair.last?.kind === 'trade') continue;
        pair.last = pair.at = pair.updates = undefined;
        for (const side of sides) {
          expectNothing(placeIn(pair, side));
          placeIn(pair, side).isLevel = true;
        }
      }
    },
    take: (side, isLasting, isOf) => {
      const taken = isOf ? [...pairs.values()].filter(({ symbol }) => isOf(symbol)) : [...pairs.values()];
      if (isLasting && !isOf) serving = side;
      for (const pair of taken) {
        pair.carrier = side;
        if (isLasting) pair.serving = side;
      }
      flush(taken, side);
    },
    release: (receivedAt) => {
      for (const side of sides) {
        const all = [...pairs.values()].filter((pair) => preferred === undefined || pair.serving === side);
        const late = all.filter((pair) => (placeIn(pair, side).held[0]?.event.receivedAt ?? Infinity) <= receivedAt);
        for (const pair of late) pair.carrier = side;
        flush(late, side);
        if (all.some((pair) => placeIn(pair, side).held.length > 0 && !isEmitting(pair, side))) onHold();
      }
    },
    truncatedAt: () => truncatedAt,
    begin: (side, book) => {
      const event = book as unknown as E;
      const pair = open(event);
      placeIn(pair, side).isHeard = true;
      note(pair, event, hasBooks);
    },
    books: (side, isOf) =>
      [...pairs.values()].flatMap((pair) =>
        pair.last?.kind === 'depth' && placeIn(pair, side).isHeard && isOf(pair.symbol)
          ? wholeBook(pair.updates, pair.last as unknown as Depth)
          : [],
      ),
  };
};

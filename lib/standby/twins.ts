import { stepOf } from '../model/sequence.js';
import { symbolTables } from '../model/symbolTables.js';
import { topicKey } from '../model/topic.js';
import { topicOf } from '../model/topicOf.js';
import { numbersOf, type Held } from '../session/alignment.js';
import { otherOf, type Side } from './sides.js';
import { isBefore, isSame, isTimed, placeOf, type Timed } from './sameness.js';

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

/** One topic of both. */
interface Pair<E> {
  readonly symbol: string;
  /** What was emitted and a side has not said yet, oldest first. */
  readonly missing: readonly [E[], E[]];
  /** What a side has said and was not emitted, oldest first. */
  readonly held: readonly [Held<E>[], Held<E>[]];
  /** Whether it is known where a side is. */
  readonly isLevel: [boolean, boolean];
  /** The number a side said last, where the vendor counts. */
  readonly own: [number | undefined, number | undefined];
  /** The side that serves, and the one whose words are emitted meanwhile; of a race both sides that are level. */
  serving: Side;
  carrier: Side;
  last: E | undefined;
  /** The last number that was emitted. */
  at: number | undefined;
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
  let serving: Side = preferred ?? 0;
  let order = 0;
  let truncatedAt = -Infinity;

  const open = (event: E): Pair<E> => {
    const topic = topicOf(event);
    const key = topicKey(topic);
    const pair: Pair<E> = pairs.get(key) ?? {
      symbol: event.symbol,
      missing: [[], []],
      held: [[], []],
      isLevel: [!isBehind[0], !isBehind[1]],
      own: [undefined, undefined],
      serving,
      carrier: isBehind[serving] ? otherOf(serving) : serving,
      last: undefined,
      at: undefined,
    };
    pairs.set(key, pair);
    tables.ofTopic(topic).set(event.symbol, pair);
    return pair;
  };

  const pass = (pair: Pair<E>, side: Side, event: E): void => {
    pair.last = event;
    pair.at = numbersOf(event)?.last ?? pair.at;
    emit(event, side);
  };
  const miss = (pair: Pair<E>, side: Side, event: E): void => {
    const missing = pair.missing[side];
    missing.push(event);
    if (missing.length > (isUp[side] ? MOST : MOST_OF_GONE)) missing.splice(0, missing.length / 2);
  };
  const hold = (pair: Pair<E>, side: Side, event: E): void => {
    const held = pair.held[side];
    held.push({ event, order: (order += 1) });
    if (preferred === undefined || side === pair.serving) onHold();
    const isAlone = !isUp[otherOf(side)];
    if (held.length <= (isAlone ? MOST_ALONE : MOST)) return;
    const [oldest] = held.splice(0, held.length / 2).slice(-1);
    if (isAlone && oldest) truncatedAt = Math.max(truncatedAt, oldest.event.receivedAt);
  };
  const drain = (pair: Pair<E>, side: Side): readonly Held<E>[] =>
    pair.held[side].length === 0 ? [] : pair.held[side].splice(0);

  /** Whether a side tells nothing new by its number. */
  const isOld = (pair: Pair<E>, side: Side, event: E): boolean => {
    const numbers = numbersOf(event);
    if (!numbers) return false;
    const before = pair.own[side];
    pair.own[side] = numbers.last;
    if (before !== undefined && numbers.last < before) {
      // The vendor numbers anew.
      pair.at = undefined;
      for (const each of [0, 1] as const) {
        pair.missing[each].length = 0;
        drain(pair, each);
      }
    }
    return isOldOf(pair, event);
  };
  const isOldOf = ({ at }: Pair<E>, event: E): boolean => {
    const numbers = numbersOf(event);
    return numbers !== undefined && at !== undefined && stepOf(numbers, at) === 'old';
  };

  /** A side is level: it goes on behind what it has just said. Trades of the same moment were left out by the other side. */
  const level = (pair: Pair<E>, side: Side, event: E): void => {
    for (const held of drain(pair, side)) {
      if (held.event.kind === 'trade' && !isBefore(held.event, event) && !isOldOf(pair, held.event))
        passLate(pair, side, held.event);
    }
    pair.isLevel[side] = true;
    if (side === pair.serving && preferred !== undefined) pair.carrier = side;
  };
  /** What one side has left out it may still say. */
  const passLate = (pair: Pair<E>, side: Side, event: E): void => {
    pass(pair, side, event);
    miss(pair, otherOf(side), event);
  };

  /** Whether it may be new, and was not emitted before what was emitted last. */
  const isAfter = (event: E, { last }: Pair<E>): boolean => last === undefined || !isBefore(event, last);

  const isEmitting = (pair: Pair<E>, side: Side): boolean =>
    preferred === undefined ? pair.isLevel[side] || !isUp[otherOf(side)] : pair.carrier === side;

  const isOvertaken = ({ last }: Pair<E>, event: E): boolean =>
    event.kind !== 'trade' && isTimed(last) && isTimed(event) && event.time < last.time && !numbersOf(event);

  /** The side that is emitted says something new. */
  const lead = (pair: Pair<E>, side: Side, event: E): void => {
    const other = otherOf(side);
    const held = pair.held[other];
    if (held.length === 0) {
      pass(pair, side, event);
      return miss(pair, other, event);
    }
    const at = placeOf(held.length, (i) => isSame(held[i]?.event, event));
    if (at === -1) {
      // The other side has said them, and this one is past them.
      while (held[0] && held[0].event.kind === 'trade' && isBefore(held[0].event, event)) {
        const [skipped] = held.splice(0, 1);
        if (skipped && isAfter(skipped.event, pair)) passLate(pair, other, skipped.event);
      }
      pass(pair, side, event);
      return miss(pair, other, event);
    }
    // The other side has said it before, and is ahead.
    onRepeat(held[at]?.event.receivedAt ?? -Infinity);
    for (const { event: skipped } of at === 0 ? [] : held.splice(0, at)) {
      if (skipped.kind === 'trade' && isAfter(skipped, pair)) passLate(pair, other, skipped);
    }
    held.shift();
    pass(pair, side, event);
    pair.missing[other].length = 0;
    pair.isLevel[other] = true;
    // A side that only stands by waits.
    if (preferred !== undefined && other !== pair.serving) return;
    for (const each of drain(pair, other)) {
      pass(pair, other, each.event);
      miss(pair, side, each.event);
    }
    if (preferred !== undefined) pair.carrier = other;
  };

  /** Whether a side says what was emitted before; what lies before it is not expected of it any more. */
  const isRepeated = (pair: Pair<E>, side: Side, event: E): boolean => {
    const missing = pair.missing[side];
    const next = missing[0];
    if (next === undefined) return false;
    if (isSame(next, event)) {
      onRepeat(next.receivedAt);
      missing.shift();
      return true;
    }
    const at = placeOf(missing.length, (i) => isSame(missing[i], event));
    const said = missing[at];
    if (said === undefined) return false;
    onRepeat(said.receivedAt);
    missing.splice(0, at + 1);
    return true;
  };

  const said = (side: Side, event: E): void => {
    const pair = tables.ofEvent(event)?.get(event.symbol) ?? open(event);
    if (isOld(pair, side, event)) {
      if (pair.last) onRepeat(pair.last.receivedAt);
      pair.missing[side].length = 0;
      return level(pair, side, event);
    }
    if (isRepeated(pair, side, event)) return level(pair, side, event);
    if (!isEmitting(pair, side)) return hold(pair, side, event);
    if (isOvertaken(pair, event) && pair.missing[side].length > 0) return;
    pair.isLevel[side] = true;
    lead(pair, side, event);
  };

  /** Emits what is held of a side, of these pairs, in order of arrival. */
  const flush = (of: Iterable<Pair<E>>, side: Side): void => {
    const all: { readonly pair: Pair<E>; readonly held: Held<E> }[] = [];
    for (const pair of of) {
      pair.isLevel[side] = true;
      for (const held of drain(pair, side)) all.push({ pair, held });
    }
    for (const { pair, held } of all.sort((a, b) => a.held.order - b.held.order)) {
      const { event } = held;
      if (isOvertaken(pair, event) || isRepeated(pair, side, event)) continue;
      pass(pair, side, event);
      miss(pair, otherOf(side), event);
    }
  };

  return {
    said,
    up: (side) => {
      const isAlone = !isUp[otherOf(side)];
      isBehind[side] = wasUp[side] && !isAlone;
      isUp[side] = wasUp[side] = true;
      for (const pair of pairs.values()) pair.isLevel[side] = isAlone || pair.last === undefined;
    },
    down: (side) => {
      isUp[side] = false;
      isBehind[otherOf(side)] = false;
      for (const pair of pairs.values()) {
        pair.own[side] = undefined;
        const missing = pair.missing[side];
        if (missing.length === 0 && pair.last) missing.push(pair.last);
        else missing.splice(0, missing.length - MOST_OF_GONE);
      }
      if (preferred === undefined && isUp[otherOf(side)]) flush(pairs.values(), otherOf(side));
    },
    reset: () => {
      for (const side of [0, 1] as const) flush(pairs.values(), side);
      for (const pair of pairs.values()) {
        if (pair.last?.kind === 'trade') continue;
        pair.last = pair.at = undefined;
        for (const side of [0, 1] as const) {
          pair.missing[side].length = 0;
          pair.isLevel[side] = true;
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
      for (const side of [0, 1] as const) {
        const all = [...pairs.values()].filter((pair) => preferred === undefined || pair.serving === side);
        const late = all.filter(({ held }) => (held[side][0]?.event.receivedAt ?? Infinity) <= receivedAt);
        for (const pair of late) pair.carrier = side;
        flush(late, side);
        if (all.some((pair) => pair.held[side].length > 0 && !isEmitting(pair, side))) onHold();
      }
    },
    truncatedAt: () => truncatedAt,
  };
};

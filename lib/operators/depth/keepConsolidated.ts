import { checkTimeout } from '../../model/check.js';
import { feedNameOf, isNamed, type FeedEvent } from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { linkTable } from '../../model/link.js';
import { isTime } from '../../model/moment.js';
import { bySymbol } from '../bySymbol.js';
import { checkIdle, DAY, LOOKS } from '../idleLooks.js';
import type { ConsolidatedBook } from './ConsolidatedBook.js';
import { consolidatedSymbol, type ConsolidatedSymbol } from './consolidatedSymbol.js';
import { checkLevels } from './keepBook.js';

/** Options of `consolidateDepth`. */
export interface ConsolidateOptions {
  /**
   * How many levels a side to show.
   *
   * @defaultValue `10`
   */
  readonly levels?: number | undefined;
  /**
   * Milliseconds after its last depth event at which a source drops out of a symbol.
   *
   * @defaultValue never
   */
  readonly maxAge?: number | undefined;
  /**
   * Milliseconds without a depth event of its own after which a symbol is forgotten, at most a sixteenth of it later. `Infinity` is
   * never. Its book is said once more, without sources, if it had some; when it comes back, each source begins anew, one of updates
   * with its next snapshot.
   *
   * @defaultValue `86_400_000`, a day
   */
  readonly idleAfter?: number | undefined;
}

/**
 * Consolidated books of all symbols, as they are kept. `now` is read from one clock, best from one that is never set back;
 * `wall` is what the clock shows by which events say `receivedAt`, and the same as `now` when it is left out.
 */
export interface Consolidation {
  /** Emits the book an event has changed; a `disconnected` may change many. */
  readonly apply: (event: FeedEvent, now: number, wall?: number) => void;
  /** Drops what is too old or idle, emits the books without it, and says when to look again; `Infinity` is never. */
  readonly expire: (now: number, wall?: number) => number;
}

/** When an event came, by the wall clock; what tells no time of receipt came now. */
export const receivedAtOf = ({ receivedAt }: { readonly receivedAt: number }, wall: number): number =>
  isTime(receivedAt) ? receivedAt : wall;

/** Keeps consolidated books without RxJS: who uses it brings the clock. `consolidateDepth` does. */
export const keepConsolidated = (
  { levels = 10, maxAge = Infinity, idleAfter = DAY }: ConsolidateOptions,
  emit: (book: ConsolidatedBook) => void,
): Consolidation => {
  checkLevels(levels);
  if (maxAge !== Infinity) checkTimeout('maxAge', maxAge);
  checkIdle(idleAfter);
  const symbols = bySymbol<Kept>();
  const links = linkTable();
  const keptOf = (symbol: string): Kept =>
    symbols.find(symbol) ??
    symbols.add(symbol, { symbol, ladders: consolidatedSymbol(symbol, levels, maxAge), heardAt: 0 });

  return {
    apply: (event, now, wall = now) => {
      if (event.kind === 'depth') {
        if (!isNamed(event)) return;
        const kept = keptOf(event.symbol);
        kept.heardAt = now;
        const { ladders: symbol } = kept;
        const receivedAt = receivedAtOf(event, wall);
        const isTaken = symbol.accept(
          receivedAt === event.receivedAt ? event : { ...event, receivedAt },
          now,
          Math.max(0, wall - receivedAt),
        );
        // A busy process runs its timers late.
        const isShorter = symbol.expire(now);
        if (isTaken || isShorter) emit(symbol.book(receivedAt));
      } else if (event.kind === 'switched') {
        const left = leftBy(event);
        for (const { ladders: symbol } of left ? symbols.values(left.isOf) : []) {
          if (left && symbol.disconnect(left.feed, Infinity)) emit(symbol.book(receivedAtOf(event, wall)));
        }
      } else if (event.kind === 'disconnected') {
        const feed = feedNameOf(event);
        // A repeated event says nothing of a source that has sent data since.
        const before = links.next(event) === undefined ? event.receivedAt : Infinity;
        for (const { ladders: symbol } of symbols.values()) {
          if (symbol.disconnect(feed, before)) emit(symbol.book(receivedAtOf(event, wall)));
        }
      }
    },
    expire: (now, wall = now) => {
      let next = Infinity;
      for (const { symbol, ladders, heardAt } of symbols.values()) {
        const idleAt = heardAt + idleAfter;
        if (idleAt <= now) {
          symbols.forget(symbol);
          if (ladders.clear()) emit(ladders.book(wall));
          continue;
        }
        if (ladders.expire(now)) emit(ladders.book(wall));
        // No look for each symbol: of many the next one is idle at any moment.
        next = Math.min(next, ladders.nextExpiry(), Math.max(idleAt, now + idleAfter / LOOKS));
      }
      return next;
    },
  };
};

interface Kept {
  readonly symbol: string;
  readonly ladders: ConsolidatedSymbol;
  /** When its last depth event came. */
  heardAt: number;
}

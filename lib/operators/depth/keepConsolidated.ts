import { checkTimeout } from '../../model/check.js';
import { feedNameOf, isNamed, type FeedEvent } from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { linkTable } from '../../model/link.js';
import { isTime } from '../../model/moment.js';
import { bySymbol } from '../bySymbol.js';
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
}

/**
 * Consolidated books of all symbols, as they are kept. `now` is read from one clock, best from one that is never set back;
 * `wall` is what the clock shows by which events say `receivedAt`, and the same as `now` when it is left out.
 */
export interface Consolidation {
  /** Emits the book an event has changed; a `disconnected` may change many. */
  readonly apply: (event: FeedEvent, now: number, wall?: number) => void;
  /** Drops what is too old, emits the books without it, and says when to look again; `Infinity` is never. */
  readonly expire: (now: number, wall?: number) => number;
}

/** When an event came, by the wall clock; what tells no time of receipt came now. */
export const receivedAtOf = ({ receivedAt }: { readonly receivedAt: number }, wall: number): number =>
  isTime(receivedAt) ? receivedAt : wall;

/** Keeps consolidated books without RxJS: who uses it brings the clock. `consolidateDepth` does. */
export const keepConsolidated = (
  { levels = 10, maxAge = Infinity }: ConsolidateOptions,
  emit: (book: ConsolidatedBook) => void,
): Consolidation => {
  checkLevels(levels);
  if (maxAge !== Infinity) checkTimeout('maxAge', maxAge);
  const symbols = bySymbol<ConsolidatedSymbol>();
  const links = linkTable();
  const symbolOf = (symbol: string): ConsolidatedSymbol =>
    symbols.find(symbol) ?? symbols.add(symbol, consolidatedSymbol(symbol, levels, maxAge));

  return {
    apply: (event, now, wall = now) => {
      if (event.kind === 'depth') {
        if (!isNamed(event)) return;
        const symbol = symbolOf(event.symbol);
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
        for (const symbol of left ? symbols.values(left.isOf) : []) {
          if (left && symbol.disconnect(left.feed, Infinity)) emit(symbol.book(receivedAtOf(event, wall)));
        }
      } else if (event.kind === 'disconnected') {
        const feed = feedNameOf(event);
        // A repeated event says nothing of a source that has sent data since.
        const before = links.next(event) === undefined ? event.receivedAt : Infinity;
        for (const symbol of symbols.values()) {
          if (symbol.disconnect(feed, before)) emit(symbol.book(receivedAtOf(event, wall)));
        }
      }
    },
    expire: (now, wall = now) => {
      let next = Infinity;
      for (const symbol of symbols.values()) {
        if (symbol.expire(now)) emit(symbol.book(wall));
        next = Math.min(next, symbol.nextExpiry());
      }
      return next;
    },
  };
};

import { InvalidOption } from '../../model/errors.js';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Depth } from '../../model/marketEvent.js';
import { canonicalSymbol } from '../../model/symbol.js';
import type { ConsolidatedBook } from './ConsolidatedBook.js';
import { consolidatedSymbol, type ConsolidatedSymbol } from './consolidatedSymbol.js';
import { checkLevels } from './keepBook.js';
import { LONGEST_TIMER } from '../../model/longestTimer.js';

/** What `consolidateDepth` may be told. */
export interface ConsolidateOptions {
  /** How many levels a side to show. Defaults to 10. */
  readonly levels?: number | undefined;
  /** Milliseconds after its last depth event at which a source drops out of a symbol. Defaults to never. */
  readonly maxAge?: number | undefined;
}

/** Consolidated books of all symbols, as they are kept. */
export interface Consolidation {
  /** Emits the book an event has changed; a `disconnected` may change many. */
  readonly apply: (event: FeedEvent, now: number) => void;
  /** Drops what is too old, emits the books without it, and says when to look again; `Infinity` is never. */
  readonly expire: (now: number) => number;
}

/** Keeps consolidated books without RxJS: who uses it brings the clock. `consolidateDepth` does. */
export const keepConsolidated = (
  { levels = 10, maxAge = Infinity }: ConsolidateOptions,
  emit: (book: ConsolidatedBook) => void,
): Consolidation => {
  checkLevels(levels);
  if (!(maxAge > 0 && (maxAge <= LONGEST_TIMER || maxAge === Infinity))) {
    throw new InvalidOption('maxAge', maxAge, 'it is a number of milliseconds above 0, and of 24 days at most');
  }
  const symbols = new Map<string, ConsolidatedSymbol>();

  const symbolOf = (depth: Depth): ConsolidatedSymbol => {
    const symbol = canonicalSymbol(depth.symbol);
    let found = symbols.get(symbol);
    if (!found) symbols.set(symbol, (found = consolidatedSymbol(symbol, levels, maxAge)));
    return found;
  };

  return {
    apply: (event, now) => {
      if (event.kind === 'depth') {
        const symbol = symbolOf(event);
        const isTaken = symbol.accept(event, now);
        // A busy process runs its timers late.
        const isShorter = symbol.expire(now);
        if (isTaken || isShorter) emit(symbol.book(event.receivedAt));
      } else if (event.kind === 'disconnected') {
        for (const symbol of symbols.values()) {
          if (symbol.disconnect(event.provider)) emit(symbol.book(event.receivedAt));
        }
      }
    },
    expire: (now) => {
      let next = Infinity;
      for (const symbol of symbols.values()) {
        if (symbol.expire(now)) emit(symbol.book(now));
        next = Math.min(next, symbol.nextExpiry());
      }
      return next;
    },
  };
};

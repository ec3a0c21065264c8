import { checkWhole } from '../../model/check.js';
import type { Depth, Level } from '../../model/marketEvent.js';
import type { BookChanges, BookSide } from './BookChanges.js';
import { diffLevels, noChanges, type Collected } from './diffLevels.js';
import { trackDepth } from './trackDepth.js';

/** The levels of one symbol as one feed gives them, after one event. It is never changed later. */
export interface OrderBook {
  readonly provider: string;
  /** The name of the feed, where its events carry one. */
  readonly feed?: string | undefined;
  /** As the first depth event of the book spelled it. */
  readonly symbol: string;
  /** Best first; never a level of size zero. */
  readonly bids: readonly Level[];
  /** Best first; never a level of size zero. */
  readonly asks: readonly Level[];
  /** False from a gap until the next snapshot; the levels are then those last seen, for display only. */
  readonly valid: boolean;
  /** Whether the best bid is at or above the best ask. */
  readonly crossed: boolean;
  /** The vendor's time of the last depth event in it, epoch milliseconds. */
  readonly time: number;
  /** When its last cause arrived, a depth event or the loss of the link, epoch milliseconds. */
  readonly receivedAt: number;
  /** What an application has to draw or undo; applied in turn to an empty book they give this one. */
  readonly changes: BookChanges;
}

/** Options of `orderBook`. */
export interface OrderBookOptions {
  /**
   * How many levels a side to show.
   *
   * @defaultValue all that are known; then each change of a deep book costs its depth
   */
  readonly levels?: number | undefined;
  /**
   * Milliseconds without a depth event of its own after which the book of a symbol is forgotten, at most a sixteenth of it (and
   * 1 ms at least) later. `Infinity` is never. When the symbol comes back its book begins anew, with the next snapshot.
   *
   * @defaultValue `86_400_000`, a day
   */
  readonly idleAfter?: number | undefined;
}

/** The book of one symbol of one feed, as it is kept. */
export interface BookKeeper {
  /** The book after an event; undefined when that changes nothing, such as an update before the first snapshot. */
  readonly apply: (depth: Depth) => OrderBook | undefined;
  /** The book after a gap at `receivedAt`; undefined when there was none that was valid. */
  readonly invalidate: (receivedAt: number) => OrderBook | undefined;
}

/**
 * Keeps the book of one symbol, without RxJS. `orderBook` does so for all symbols of a feed.
 *
 * Throws `InvalidOption` unless `levels` is a whole number, 1 or more.
 *
 * @example
 * const { apply } = keepBook({ levels: 5 });
 * for await (const depth of depths) draw(apply(depth)?.changes);
 */
export const keepBook = ({ levels = Infinity }: Pick<OrderBookOptions, 'levels'> = {}): BookKeeper => {
  checkLevels(levels);
  const state = trackDepth();
  const { bids, asks } = state;
  let book: OrderBook | undefined;
  let isSnapshot = false;

  const invalidate = (receivedAt: number): OrderBook | undefined => {
    state.invalidate();
    if (!book?.valid) return undefined;
    book = { ...book, valid: false, receivedAt, changes: noChanges };
    return book;
  };

  const isHidden = (price: number, side: BookSide): boolean => {
    const ladder = side === 'bid' ? bids : asks;
    return ladder.has(price) || (isSnapshot && state.isBeyond(ladder, price));
  };

  return {
    apply: (depth) => {
      if (!state.accept(depth)) return state.isValid() ? undefined : invalidate(depth.receivedAt);
      const before = book ?? empty;
      const shownBids = bids.top(levels, before.bids);
      const shownAsks = asks.top(levels, before.asks);
      isSnapshot = depth.type === 'snapshot';
      let changes = noChanges;
      if (shownBids !== before.bids || shownAsks !== before.asks) {
        const into: Collected = { ...noChanges };
        diffLevels('bid', before.bids, shownBids, isHidden, into);
        diffLevels('ask', before.asks, shownAsks, isHidden, into);
        changes = into;
      }
      const bid = shownBids[0];
      const ask = shownAsks[0];
      book = {
        provider: depth.provider,
        feed: depth.feed,
        symbol: book?.symbol ?? depth.symbol,
        bids: shownBids,
        asks: shownAsks,
        valid: true,
        crossed: bid !== undefined && ask !== undefined && bid.price >= ask.price,
        time: depth.time,
        receivedAt: depth.receivedAt,
        changes,
      };
      return book;
    },
    invalidate,
  };
};

const empty: Pick<OrderBook, 'bids' | 'asks'> = { bids: [], asks: [] };

/** Throws `InvalidOption` unless it is a number of levels. */
export const checkLevels = (levels: number): void => {
  if (levels !== Infinity) checkWhole('levels', levels, 'levels a side');
};

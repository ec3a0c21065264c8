import { asyncScheduler, type OperatorFunction } from 'rxjs';
import { feedNameOf, isNamed, type FeedEvent } from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { linkTable } from '../../model/link.js';
import { emitting } from '../emitting.js';
import { checkIdle, DAY, idleLooks } from '../idleLooks.js';
import { diffLevels, noChanges, type Collected } from './diffLevels.js';
import { checkLevels, keepBook, type BookKeeper, type OrderBook, type OrderBookOptions } from './keepBook.js';
import { perSource, type SourceEvent } from '../perSource.js';
import type { WithLink } from '../WithLink.js';

/**
 * The book of each symbol after each depth event, with what changed; passes nothing else on.
 *
 *     events  -s-u-d---u-s-|   s snapshot, u update, d disconnected
 *     books   -B-B-b-----B-|   b `valid: false`, with the levels last seen
 *
 * A gap makes the books of its feed invalid, a missing `sequence` number that of one symbol, until the next snapshot. A `disconnected`
 * that arrives twice, as when two watches of one shared feed are merged, is one gap. Updates before the first snapshot are
 * ignored. A book that is silent for `idleAfter` is said once more, empty and invalid, and forgotten. Throws `InvalidOption` for a
 * wrong `levels` or `idleAfter`.
 *
 * @example
 * feed$.pipe(orderBook({ levels: 5 }))
 */
export const orderBook = (options: OrderBookOptions = {}): OperatorFunction<WithLink<FeedEvent>, OrderBook> => {
  const { levels = Infinity, idleAfter = DAY } = options;
  checkLevels(levels);
  checkIdle(idleAfter);
  return emitting((emit, life) => {
    const books = perSource((event) => newKept(event, levels));
    const links = linkTable();
    const looks = idleLooks(idleAfter, life, (isIdle) => {
      const idle = books.all().filter(({ fedAt }) => isIdle(fedAt));
      for (const { feed, symbol } of idle) books.forget(feed, symbol);
      const isLeft = books.all().length > 0;
      for (const kept of idle) tell(kept, farewell(kept.book));
      return isLeft;
    });
    const tell = (kept: Kept, book: OrderBook | undefined): void => {
      if (!book) return;
      kept.book = book;
      emit(book);
    };
    return (event) => {
      if (event.kind === 'depth') {
        if (!isNamed(event)) return;
        const kept = books.of(event);
        kept.lastReceivedAt = event.receivedAt;
        kept.fedAt = looks.count();
        looks.begin();
        return tell(kept, kept.keeper.apply(event));
      }
      if (event.kind === 'switched') {
        const left = leftBy(event);
        for (const kept of left ? books.allOf(left.feed, left.isOf) : [])
          tell(kept, kept.keeper.invalidate(event.receivedAt));
        return;
      }
      if (event.kind !== 'disconnected') return;
      const isNew = links.next(event) !== undefined;
      for (const kept of books.allOf(feedNameOf(event))) {
        // A repeated event says nothing of a book that has had data since.
        if (isNew || event.receivedAt >= kept.lastReceivedAt) tell(kept, kept.keeper.invalidate(event.receivedAt));
      }
    };
  });
};

/** The book of one symbol of one feed. */
interface Kept {
  readonly feed: string;
  readonly symbol: string;
  readonly keeper: BookKeeper;
  /** As it was emitted last. */
  book: OrderBook | undefined;
  lastReceivedAt: number;
  fedAt: number;
}

const newKept = (event: SourceEvent, levels: number): Kept => ({
  feed: feedNameOf(event),
  symbol: event.symbol,
  keeper: keepBook({ levels }),
  book: undefined,
  lastReceivedAt: -Infinity,
  fedAt: 0,
});

/** The book of a symbol that is forgotten: who applies the changes in turn has an empty one then, as the next one begins with. */
const farewell = (book: OrderBook | undefined): OrderBook | undefined => {
  if (!book || (!book.valid && book.bids.length + book.asks.length === 0)) return undefined;
  const changes: Collected = { ...noChanges };
  diffLevels('bid', book.bids, [], () => false, changes);
  diffLevels('ask', book.asks, [], () => false, changes);
  return { ...book, bids: [], asks: [], valid: false, crossed: false, receivedAt: asyncScheduler.now(), changes };
};

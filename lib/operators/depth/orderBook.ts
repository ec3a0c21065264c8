import type { OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { emitting } from '../emitting.js';
import { checkLevels, keepBook, type OrderBook, type OrderBookOptions } from './keepBook.js';
import { perSource } from './perSource.js';

/**
 * The book of each symbol after each depth event, with what changed; passes nothing else on.
 *
 *     events  -s-u-d---u-s-|   s snapshot, u update, d disconnected
 *     books   -B-B-b-----B-|   b `valid: false`, with the levels last seen
 *
 * A gap makes the books of its provider invalid, a hole in `sequence` that of one symbol, until the next snapshot.
 * Updates before the first snapshot are ignored. Throws `InvalidOption` for `levels` that are no number of levels.
 *
 * @example
 * feed$.pipe(orderBook({ levels: 5 }))
 */
export const orderBook = (options: OrderBookOptions = {}): OperatorFunction<FeedEvent, OrderBook> => {
  checkLevels(options.levels ?? Infinity);
  return emitting((emit) => {
    const books = perSource(() => keepBook(options));
    return (event) => {
      if (event.kind === 'depth') {
        const book = books.of(event.provider, event.symbol).apply(event);
        if (book) emit(book);
      } else if (event.kind === 'disconnected') {
        for (const { invalidate } of books.allOf(event.provider)) {
          const book = invalidate(event.receivedAt);
          if (book) emit(book);
        }
      }
    };
  });
};

import type { OperatorFunction } from 'rxjs';
import { feedNameOf, isNamed, type FeedEvent } from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { linkTable } from '../../model/link.js';
import { emitting } from '../emitting.js';
import { checkLevels, keepBook, type OrderBook, type OrderBookOptions } from './keepBook.js';
import { perSource } from '../perSource.js';
import type { WithLink } from '../WithLink.js';

/**
 * The book of each symbol after each depth event, with what changed; passes nothing else on.
 *
 *     events  -s-u-d---u-s-|   s snapshot, u update, d disconnected
 *     books   -B-B-b-----B-|   b `valid: false`, with the levels last seen
 *
 * A gap makes the books of its feed invalid, a missing `sequence` number that of one symbol, until the next snapshot. A `disconnected`
 * that arrives twice, as when two watches of one shared feed are merged, is one gap. Updates before the first snapshot are
 * ignored. Throws `InvalidOption` unless `levels` is a whole number above 0.
 *
 * @example
 * feed$.pipe(orderBook({ levels: 5 }))
 */
export const orderBook = (options: OrderBookOptions = {}): OperatorFunction<WithLink<FeedEvent>, OrderBook> => {
  checkLevels(options.levels ?? Infinity);
  return emitting((emit) => {
    const books = perSource(() => ({ ...keepBook(options), lastReceivedAt: -Infinity }));
    const links = linkTable();
    return (event) => {
      if (event.kind === 'depth') {
        if (!isNamed(event)) return;
        const kept = books.of(event);
        kept.lastReceivedAt = event.receivedAt;
        const book = kept.apply(event);
        if (book) emit(book);
        return;
      }
      if (event.kind === 'switched') {
        const left = leftBy(event);
        for (const { invalidate } of left ? books.allOf(left.feed, left.isOf) : []) {
          const book = invalidate(event.receivedAt);
          if (book) emit(book);
        }
        return;
      }
      if (event.kind !== 'disconnected') return;
      const isNew = links.next(event) !== undefined;
      for (const { invalidate, lastReceivedAt } of books.allOf(feedNameOf(event))) {
        // A repeated event says nothing of a book that has had data since.
        if (!isNew && event.receivedAt < lastReceivedAt) continue;
        const book = invalidate(event.receivedAt);
        if (book) emit(book);
      }
    };
  });
};

import type { OperatorFunction } from 'rxjs';
import type { Level } from '../../model/marketEvent.js';
import { emitting } from '../emitting.js';
import type { OrderBook } from './keepBook.js';
import { bestOf } from './measures.js';
import { perSource } from './perSource.js';

/** Best bid and offer of one symbol. */
export interface Bbo {
  readonly provider: string;
  /** The name of the feed, where its events carry one. */
  readonly feed?: string | undefined;
  readonly symbol: string;
  /** Absent when there are no bids. */
  readonly bid?: Level | undefined;
  /** Absent when there are no asks. */
  readonly ask?: Level | undefined;
  /** False from a gap until the next snapshot. */
  readonly valid: boolean;
  readonly time: number;
  readonly receivedAt: number;
}

/**
 * The best bid and ask of each symbol: the first, and then whenever a price, a size or `valid` is another one.
 *
 *     books  -a-a-b---i-b-|   a, b with other tops, i `valid: false`
 *     tops   -A---B---I-B-|
 *
 * @example
 * feed$.pipe(orderBook({ levels: 1 }), topOfBook())
 */
export const topOfBook = (): OperatorFunction<OrderBook, Bbo> =>
  emitting((emit) => {
    const tops = perSource<{ last?: Bbo }>(() => ({}));
    return (book) => {
      const top = tops.of(book);
      const { last } = top;
      const bid = bestOf(book.bids);
      const ask = bestOf(book.asks);
      if (last && last.valid === book.valid && isSame(last.bid, bid) && isSame(last.ask, ask)) return;
      const { provider, feed, symbol, valid, time, receivedAt } = book;
      emit((top.last = { provider, feed, symbol: last?.symbol ?? symbol, bid, ask, valid, time, receivedAt }));
    };
  });

const isSame = (a: Level | undefined, b: Level | undefined): boolean =>
  a === b || (a?.price === b?.price && a?.size === b?.size && a?.orders === b?.orders);

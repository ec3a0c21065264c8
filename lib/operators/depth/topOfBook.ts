import type { OperatorFunction } from 'rxjs';
import { feedNameOf } from '../../model/feedEvent.js';
import type { Bbo, Level } from '../../model/marketEvent.js';
import { emitting } from '../emitting.js';
import type { OrderBook } from './keepBook.js';
import { bestOf } from './measures.js';
import { perSource } from '../perSource.js';

/**
 * The best bid and ask of each symbol: the first, and then whenever a price, a size or `valid` is another one. They are
 * events of kind `bbo`, as some vendors push them.
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
      const spelled = last?.symbol ?? symbol;
      top.last = { kind: 'bbo', provider, feed, symbol: spelled, bid, ask, valid, time, receivedAt };
      // A book that says so is forgotten.
      if (!valid && bid === undefined && ask === undefined) tops.forget(feedNameOf(book), symbol);
      emit(top.last);
    };
  });

const isSame = (a: Level | undefined, b: Level | undefined): boolean =>
  a === b || (a?.price === b?.price && a?.size === b?.size && a?.orders === b?.orders);

import type { OperatorFunction } from 'rxjs';
import type { Level } from '../../model/marketEvent.js';
import { emitting } from '../emitting.js';
import type { OrderBook } from './keepBook.js';
import { perSource } from './perSource.js';

/** Best bid and offer of one symbol. */
export interface Bbo {
  readonly provider: string;
  readonly symbol: string;
  /** Absent when nobody bids. */
  readonly bid?: Level | undefined;
  /** Absent when nobody offers. */
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
      const top = tops.of(book.provider, book.symbol);
      const { last } = top;
      const bid = book.bids[0];
      const ask = book.asks[0];
      if (last && last.valid === book.valid && isSame(last.bid, bid) && isSame(last.ask, ask)) return;
      const { provider, symbol, valid, time, receivedAt } = book;
      emit((top.last = { provider, symbol, bid, ask, valid, time, receivedAt }));
    };
  });

const isSame = (a: Level | undefined, b: Level | undefined): boolean =>
  a === b || (a?.price === b?.price && a?.size === b?.size && a?.orders === b?.orders);

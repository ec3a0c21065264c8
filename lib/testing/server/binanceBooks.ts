import type { Depth, Level } from '../../model/marketEvent.js';

/** What goes out of a book: the levels that changed, and the numbers of the changes. */
interface BookChange {
  readonly first: number;
  readonly last: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

type Side = Map<number, number>;

/**
 * The books of a vendor that pushes only changes, by its codes: each depth that it sends changes one, and the whole of it can be asked for. A
 * `snapshot` to be sent is what the book is from then on: what changes by that goes out.
 */
export const binanceBooks = () => {
  const books = new Map<string, { readonly bids: Side; readonly asks: Side; last: number }>();
  const bookOf = (code: string) => {
    const book = books.get(code) ?? { bids: new Map<number, number>(), asks: new Map<number, number>(), last: 0 };
    books.set(code, book);
    return book;
  };

  const changed = (side: Side, levels: readonly Level[], isWhole: boolean): readonly Level[] => {
    const prices = new Set(levels.map(({ price }) => price));
    const gone = isWhole ? [...side.keys()].filter((price) => !prices.has(price)) : [];
    const all = [...levels, ...gone.map((price): Level => ({ price, size: 0 }))];
    for (const { price, size = 1 } of all) {
      if (size === 0) side.delete(price);
      else side.set(price, size);
    }
    return all;
  };

  return {
    /** The number of the last change. */
    numberOf: (code: string): number => bookOf(code).last,
    /** What a depth changes. */
    change: (code: string, { type, sequence, bids, asks }: Depth): BookChange => {
      const book = bookOf(code);
      const first = sequence && 'first' in sequence ? sequence.first : book.last + 1;
      book.last = sequence?.last ?? first;
      const isWhole = type === 'snapshot';
      return {
        first,
        last: book.last,
        bids: changed(book.bids, bids, isWhole),
        asks: changed(book.asks, asks, isWhole),
      };
    },
    /** The whole book as REST says it, with so many levels a side. */
    whole: (code: string, limit: number): object => {
      const { bids, asks, last } = bookOf(code);
      const rows = (side: Side, descending: boolean): readonly (readonly string[])[] =>
        [...side]
          .sort(([a], [b]) => (descending ? b - a : a - b))
          .slice(0, limit || 100)
          .map(([price, size]) => [String(price), String(size)]);
      return { lastUpdateId: last, bids: rows(bids, true), asks: rows(asks, false) };
    },
  };
};

import type { Depth } from '../model/marketEvent.js';
import { bySymbol } from '../operators/bySymbol.js';
import { lastDepth, type LastDepth } from '../share/lastDepth.js';

/** What is known of a book with one more of its events: its updates since the snapshot, if it is sent in updates. */
export const updatesAfter = (
  depth: Depth,
  updates: LastDepth | undefined,
  last: Depth | undefined,
): LastDepth | undefined => {
  if (depth.type !== 'update') return undefined;
  const known = updates ?? lastDepth(last);
  known.update(depth, undefined);
  return known;
};

/** The whole book as a snapshot, where it is known. */
export const wholeBook = (updates: LastDepth | undefined, last: Depth): readonly Depth[] => {
  const whole = updates ? updates.snapshot(undefined) : last;
  return whole?.type === 'snapshot' ? [whole] : [];
};

/** The books of a line as it has sent them, for when it takes over. */
export interface Books {
  readonly take: (depth: Depth) => void;
  /** The link was lost: what was known is not believed any more. */
  readonly clear: () => void;
  /** The whole books that are known, of some symbols. */
  readonly all: (isOf: (symbol: string) => boolean) => readonly Depth[];
}

interface Kept {
  last: Depth;
  updates: LastDepth | undefined;
}

export const booksOf = (): Books => {
  let kept = bySymbol<Kept>();
  return {
    take: (depth) => {
      const { symbol } = depth;
      const book = kept.find(symbol);
      const updates = updatesAfter(depth, book?.updates, book?.last);
      if (book) {
        book.updates = updates;
        book.last = depth;
      } else kept.add(symbol, { last: depth, updates });
    },
    clear: () => (kept = bySymbol()),
    all: (isOf) =>
      [...kept.values()].flatMap(({ last, updates }) => (isOf(last.symbol) ? wholeBook(updates, last) : [])),
  };
};

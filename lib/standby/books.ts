import type { Depth } from '../model/marketEvent.js';
import { bySymbol } from '../operators/bySymbol.js';
import { lastDepth, type LastDepth } from '../share/lastDepth.js';

/** The books of a line as it has sent them, for when it takes over. */
export interface Books {
  readonly take: (depth: Depth) => void;
  /** The link was lost: what was known is not believed any more. */
  readonly clear: () => void;
  /** The whole books that are known, as snapshots. */
  readonly all: () => readonly Depth[];
}

interface Kept {
  last: Depth;
  /** Of a book that is sent in updates. */
  updates: LastDepth | undefined;
}

export const booksOf = (): Books => {
  let kept = bySymbol<Kept>();
  return {
    take: (depth) => {
      const book = kept.find(depth.symbol) ?? kept.add(depth.symbol, { last: depth, updates: undefined });
      if (depth.type === 'update') (book.updates ??= lastDepth(book.last)).update(depth, undefined);
      else book.updates = undefined;
      book.last = depth;
    },
    clear: () => (kept = bySymbol()),
    all: () =>
      [...kept.values()].flatMap(({ last, updates }) => {
        const whole = updates ? updates.snapshot(undefined) : last;
        return whole?.type === 'snapshot' ? [whole] : [];
      }),
  };
};

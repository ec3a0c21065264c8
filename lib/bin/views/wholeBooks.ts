import { keepBook, type BookKeeper, type Depth, type FeedEvent } from '../../index.js';

/** The book of one symbol: its last snapshot, and once there was an update a book that is kept. */
interface Kept {
  snapshot: Depth | undefined;
  keeper: BookKeeper | undefined;
}

/**
 * Turns the updates of books into what they make of the best prices: the best level of an update is only the best of what
 * changed. Snapshots pass, and cost nothing until an update follows them. After a gap a book has no levels before its next
 * snapshot.
 */
export const wholeBooks = (): ((source: string, event: FeedEvent) => FeedEvent) => {
  const bySource = new Map<string, Map<string, Kept>>();

  const keptOf = (source: string, symbol: string): Kept => {
    const books = bySource.get(source) ?? new Map<string, Kept>();
    bySource.set(source, books);
    const kept = books.get(symbol) ?? { snapshot: undefined, keeper: undefined };
    books.set(symbol, kept);
    return kept;
  };

  return (source, event) => {
    if (event.kind === 'disconnected') bySource.delete(source);
    if (event.kind !== 'depth') return event;
    const kept = keptOf(source, event.symbol);
    if (event.type === 'snapshot') {
      kept.snapshot = event;
      kept.keeper?.apply(event);
      return event;
    }
    if (!kept.keeper) {
      kept.keeper = keepBook({ levels: 1 });
      if (kept.snapshot) kept.keeper.apply(kept.snapshot);
    }
    const book = kept.keeper.apply(event);
    const { bids, asks } = book?.valid ? book : nothing;
    return { ...event, type: 'snapshot', bids, asks };
  };
};

const nothing: Pick<Depth, 'bids' | 'asks'> = { bids: [], asks: [] };

import type { ConsolidatedLevel, SourceSize } from './ConsolidatedBook.js';
import type { Ladder } from './ladder.js';

/** A side of a feed, on its way into a consolidated one. */
export interface LadderSource {
  readonly provider: string;
  readonly ladder: Ladder;
  /** What a size is multiplied with, so that all are in one unit. */
  readonly lot: number;
}

/** The best levels of several sides of one kind, equal prices joined. Its cost is `levels` times the sources. */
export const mergeLadders = (sources: readonly LadderSource[], levels: number): readonly ConsolidatedLevel[] => {
  const merged: ConsolidatedLevel[] = [];
  const ranks = sources.map(() => 0);
  while (merged.length < levels) {
    const price = bestOf(sources, ranks);
    if (price === undefined) break;
    merged.push(takeLevel(sources, ranks, price));
  }
  return merged;
};

const bestOf = (sources: readonly LadderSource[], ranks: readonly number[]): number | undefined => {
  let best: number | undefined;
  for (let i = 0; i < sources.length; i++) {
    const { ladder } = sources[i] as LadderSource;
    const rank = ranks[i] as number;
    if (rank >= ladder.depth()) continue;
    const price = ladder.priceAt(rank);
    if (best === undefined || (ladder.side === 'bid' ? price > best : price < best)) best = price;
  }
  return best;
};

/** Joins what stands at this price and steps past it. */
const takeLevel = (sources: readonly LadderSource[], ranks: number[], price: number): ConsolidatedLevel => {
  const parts: SourceSize[] = [];
  let sum = 0;
  for (let i = 0; i < sources.length; i++) {
    const { provider, ladder, lot } = sources[i] as LadderSource;
    const rank = ranks[i] as number;
    if (rank >= ladder.depth() || ladder.priceAt(rank) !== price) continue;
    const size = ladder.sizeAt(rank) * lot;
    parts.push({ provider, size });
    sum += size;
    ranks[i] = rank + 1;
  }
  return { price, size: sum, sources: parts };
};

import type { ConsolidatedLevel, SourceSize } from './ConsolidatedBook.js';
import type { BookSide } from './BookChanges.js';
import type { Ladder } from './ladder.js';

/** A side of a feed, on its way into a consolidated one. */
export interface LadderSource {
  readonly provider: string;
  readonly ladder: Ladder;
  /** What a size is multiplied with, so that all are in one unit. */
  readonly lot: number;
}

const START = Infinity;
const EXHAUSTED = -Infinity;

/**
 * Merges one side of several feeds, as often as it is called: the best levels of all, equal prices joined.
 *
 * It walks down all ladders at once and never looks below the last level it shows. What is as it was last time is the
 * same object again: most events change a level or two, and the objects are most of the cost.
 */
export const ladderMerger = (
  side: BookSide,
  sources: readonly LadderSource[],
  levels: number,
): (() => readonly ConsolidatedLevel[]) => {
  const sign = side === 'bid' ? 1 : -1;
  const ranks = new Int32Array(sources.length);
  /** The key of each source at its rank. */
  const heads = new Float64Array(sources.length);
  let shown: readonly ConsolidatedLevel[] = [];

  const place = (source: number, rank: number): void => {
    ranks[source] = rank;
    heads[source] = (sources[source] as LadderSource).ladder.keyAt(rank);
  };

  /** Steps past what stands at this head, everywhere, and says which one is the best then. */
  const stepPast = (head: number): number => {
    let best = EXHAUSTED;
    for (let i = 0; i < heads.length; i++) {
      if (heads[i] === head) place(i, (ranks[i] as number) + 1);
      if ((heads[i] as number) > best) best = heads[i] as number;
    }
    return best;
  };

  const sizeAt = (source: number): number => {
    const { ladder, lot } = sources[source] as LadderSource;
    return ladder.sizeAt(ranks[source] as number) * lot;
  };

  const isSame = (head: number, level: ConsolidatedLevel): boolean => {
    if (level.price !== sign * head) return false;
    let part = 0;
    for (let i = 0; i < heads.length; i++) {
      if (heads[i] !== head) continue;
      const before = level.sources[part++];
      if (before?.size !== sizeAt(i) || before.provider !== sources[i]?.provider) return false;
    }
    return part === level.sources.length;
  };

  const joined = (head: number): ConsolidatedLevel => {
    const parts: SourceSize[] = [];
    let sum = 0;
    for (let i = 0; i < heads.length; i++) {
      if (heads[i] !== head) continue;
      const size = sizeAt(i);
      parts.push({ provider: (sources[i] as LadderSource).provider, size });
      sum += size;
    }
    return { price: sign * head, size: sum, sources: parts };
  };

  return () => {
    ranks.fill(-1);
    heads.fill(START);
    const merged: ConsolidatedLevel[] = [];
    for (let head = stepPast(START); merged.length < levels && head !== EXHAUSTED; head = stepPast(head)) {
      const before = shown[merged.length];
      merged.push(before && isSame(head, before) ? before : joined(head));
    }
    shown = merged;
    return merged;
  };
};

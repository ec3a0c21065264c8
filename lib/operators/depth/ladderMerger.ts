import type { ConsolidatedLevel, SourceSize } from './ConsolidatedBook.js';
import type { BookSide } from './BookChanges.js';
import type { Ladder, LevelColumn } from './ladder.js';
import { mergeMany, mergeThree, type MergedRows } from './mergeColumns.js';

/** A side of a feed, on its way into a consolidated one. */
export interface LadderSource {
  readonly provider: string;
  readonly ladder: Ladder;
  /** What a size is multiplied with, so that all are in one unit. */
  readonly lot: number;
}

const FIRST_ROOM = 16;
const FEW = 3;

/**
 * Merges one side of several feeds, as often as it is called: the best levels of all, equal prices joined.
 *
 * All of it is numbers until it is known which levels are other ones than last time: most events change a level or two,
 * and the objects are most of the cost. What is as it was is the same object again, the whole side too.
 */
export const ladderMerger = (
  side: BookSide,
  sources: readonly LadderSource[],
  levels: number,
): (() => readonly ConsolidatedLevel[]) => {
  const sign = side === 'bid' ? 1 : -1;
  const width = Math.max(FEW, sources.length);
  const columns = Array.from({ length: width }, noLevels);
  const merge = width === FEW ? mergeThree : mergeMany;
  let before = rowsOf(FIRST_ROOM, width);
  let rows = rowsOf(FIRST_ROOM, width);
  let shown: readonly ConsolidatedLevel[] = [];

  /** Whether any source has other levels among its best than last time. */
  const copyAll = (): boolean => {
    let isAnother = false;
    for (let i = 0; i < sources.length; i++) {
      const { ladder } = sources[i] as LadderSource;
      if (ladder.copyTop(levels, columns[i] as LevelColumn)) isAnother = true;
    }
    return isAnother;
  };

  const roomNeeded = (): number => {
    let known = 0;
    for (const { ladder } of sources) known += ladder.depth();
    return Math.min(levels, known);
  };

  const isSame = (row: number): boolean => {
    if (rows.keys[row] !== before.keys[row]) return false;
    for (let i = row * width; i < (row + 1) * width; i++) if (rows.sizes[i] !== before.sizes[i]) return false;
    return true;
  };

  const joined = (row: number): ConsolidatedLevel => {
    const parts: SourceSize[] = [];
    let sum = 0;
    for (let i = 0; i < sources.length; i++) {
      const { provider, lot } = sources[i] as LadderSource;
      const size = (rows.sizes[row * width + i] as number) * lot;
      if (size === 0) continue;
      parts.push({ provider, size });
      sum += size;
    }
    return { price: sign * (rows.keys[row] as number), size: sum, sources: parts };
  };

  return () => {
    if (!copyAll()) return shown;
    [before, rows] = [rows, before];
    const room = roomNeeded();
    if (rows.keys.length < room) rows = rowsOf(2 * room, width);
    const length = merge(columns, levels, rows);
    const known = Math.min(length, shown.length);
    let same = 0;
    while (same < known && isSame(same)) same += 1;
    if (same === length && same === shown.length) return shown;
    const merged = shown.slice(0, same);
    for (let row = same; row < length; row++) {
      const level = row < known && isSame(row) ? shown[row] : undefined;
      merged.push(level ?? joined(row));
    }
    shown = merged;
    return merged;
  };
};

const noLevels = (): LevelColumn => ({
  keys: new Float64Array(FIRST_ROOM).fill(-Infinity),
  sizes: new Float64Array(FIRST_ROOM),
});

const rowsOf = (room: number, width: number): MergedRows => ({
  keys: new Float64Array(room),
  sizes: new Float64Array(room * width),
});

import type { ConsolidatedLevel, SourceSize } from './ConsolidatedBook.js';
import type { BookSide } from './BookChanges.js';
import { NOT_GIVEN, type Ladder, type LevelColumn } from './LadderView.js';
import { mergeMany, mergeThree, type MergedRows } from './mergeColumns.js';

/** A side of a feed, on its way into a consolidated one. */
export interface LadderSource {
  readonly provider: string;
  readonly feed?: string | undefined;
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

  /** The first row from there on that is another one than before, or the end. */
  const nextOther = (from: number, most: number): number => {
    const { keys, sizes } = rows;
    const { keys: keysBefore, sizes: sizesBefore } = before;
    let row = from;
    for (let i = from * width; row < most; row++) {
      if (keys[row] !== keysBefore[row]) break;
      const end = i + width;
      while (i < end && sizes[i] === sizesBefore[i]) i += 1;
      if (i < end) break;
    }
    return row;
  };

  // Made as long as it will be: an array that is pushed to makes room for seventeen.
  const joined = (row: number): ConsolidatedLevel => {
    const { keys, sizes } = rows;
    const first = row * width;
    let held = 0;
    for (let i = first; i < first + width; i++) if (sizes[i] !== 0) held += 1;
    const parts = new Array<SourceSize>(held);
    let sum = 0;
    for (let i = 0, next = 0; next < held; i++) {
      const size = sizes[first + i] as number;
      if (size === 0) continue;
      const { provider, feed, lot } = sources[i] as LadderSource;
      if (size === NOT_GIVEN) {
        parts[next++] = feed === undefined ? { provider } : { provider, feed };
        sum = NaN;
        continue;
      }
      parts[next++] = feed === undefined ? { provider, size: size * lot } : { provider, feed, size: size * lot };
      sum += size * lot;
    }
    const price = sign * (keys[row] as number);
    return sum > 0 ? { price, size: sum, sources: parts } : { price, sources: parts };
  };

  return () => {
    if (!copyAll()) return shown;
    [before, rows] = [rows, before];
    const room = roomNeeded();
    if (rows.keys.length < room) rows = rowsOf(2 * room, width);
    const length = merge(columns, levels, rows);
    const known = Math.min(length, shown.length);
    let next = nextOther(0, known);
    if (next === length && next === shown.length) return shown;
    const merged = new Array<ConsolidatedLevel>(length);
    for (let row = 0; row < length; row++) {
      if (row > next) next = nextOther(row, known);
      merged[row] = row < next ? (shown[row] as ConsolidatedLevel) : joined(row);
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

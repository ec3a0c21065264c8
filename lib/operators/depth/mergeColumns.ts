import type { LevelColumn } from './LadderView.js';

/** Merged levels: a key for each, and the size that each column has there, zero where it has none. */
export interface MergedRows {
  readonly keys: Float64Array;
  readonly sizes: Float64Array;
}

/** Merges columns into the best `count` rows, equal keys in one, and returns how many there are. */
export type MergeColumns = (columns: readonly LevelColumn[], count: number, into: MergedRows) => number;

/** For three columns, fewer with empty ones; written out, because few have more feeds. */
export const mergeThree: MergeColumns = (columns, count, { keys, sizes }) => {
  const [a, b, c] = columns as readonly [LevelColumn, LevelColumn, LevelColumn];
  const { keys: keysA, sizes: sizesA } = a;
  const { keys: keysB, sizes: sizesB } = b;
  const { keys: keysC, sizes: sizesC } = c;
  let [rankA, rankB, rankC] = [0, 0, 0];
  let keyA = keysA[0] as number;
  let keyB = keysB[0] as number;
  let keyC = keysC[0] as number;
  let used = 0;
  for (let at = 0; used < count; used++, at += 3) {
    const better = keyA > keyB ? keyA : keyB;
    const best = better > keyC ? better : keyC;
    if (best === -Infinity) break;
    keys[used] = best;
    sizes[at] = 0;
    sizes[at + 1] = 0;
    sizes[at + 2] = 0;
    if (keyA === best) {
      sizes[at] = sizesA[rankA++] as number;
      keyA = keysA[rankA] as number;
    }
    if (keyB === best) {
      sizes[at + 1] = sizesB[rankB++] as number;
      keyB = keysB[rankB] as number;
    }
    if (keyC === best) {
      sizes[at + 2] = sizesC[rankC++] as number;
      keyC = keysC[rankC] as number;
    }
  }
  return used;
};

/** For any number of columns. */
export const mergeMany: MergeColumns = (columns, count, { keys, sizes }) => {
  const ranks = new Int32Array(columns.length);
  const keyOf = ({ keys: own }: LevelColumn, i: number): number => own[ranks[i] as number] as number;
  let used = 0;
  for (let at = 0; used < count; used++) {
    const best = columns.reduce((found, column, i) => Math.max(found, keyOf(column, i)), -Infinity);
    if (best === -Infinity) break;
    keys[used] = best;
    columns.forEach((column, i) => {
      const rank = ranks[i] as number;
      const isHere = column.keys[rank] === best;
      sizes[at++] = isHere ? (column.sizes[rank] as number) : 0;
      if (isHere) ranks[i] = rank + 1;
    });
  }
  return used;
};

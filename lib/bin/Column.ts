import type { Span } from './line.js';

/** One column of a table of rows. */
export interface Column<R> {
  readonly heading: string;
  /** In a narrow terminal the column with the highest rank goes first. */
  readonly rank: number;
  /** The least width, so that the table does not jump about as figures grow. */
  readonly width: number;
  readonly side: 'left' | 'right';
  readonly cell: (row: R, now: number) => Span;
}

/** The space between two columns. */
export const GAP = 2;

/** A column with the width that its cells need. */
export type Placed<C> = C & { readonly taken: number };

/** The columns that fit into a width, dropping the least important first. */
export const placed = <R, C extends Column<R>>(
  columns: readonly C[],
  rows: readonly R[],
  now: number,
  width: number,
): readonly Placed<C>[] => {
  let kept = columns.map<Placed<C>>((column) => ({
    ...column,
    taken: rows.reduce(
      (widest, row) => Math.max(widest, column.cell(row, now).text.length),
      Math.max(column.width, column.heading.length),
    ),
  }));
  while (kept.length > 1 && widthOf(kept) > width) {
    const least = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== least);
  }
  return kept;
};

/** The width of columns side by side. */
export const widthOf = (kept: readonly { readonly taken: number }[]): number =>
  kept.reduce((sum, { taken }) => sum + taken + GAP, -GAP);

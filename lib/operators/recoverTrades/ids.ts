/** Ids in a row, both ends included. */
export interface Ids {
  readonly first: number;
  readonly last: number;
}

/** How many they are. */
export const countOf = (rows: readonly Ids[]): number =>
  rows.reduce((sum, { first, last }) => sum + last - first + 1, 0);

/** Rows of ids without one id; the very same where it is not among them. */
export const without = (rows: readonly Ids[], id: number): readonly Ids[] => {
  const at = rows.findIndex(({ first, last }) => id >= first && id <= last);
  const row = rows[at];
  if (row === undefined) return rows;
  const rest = [
    { first: row.first, last: id - 1 },
    { first: id + 1, last: row.last },
  ].filter(({ first, last }) => first <= last);
  return [...rows.slice(0, at), ...rest, ...rows.slice(at + 1)];
};

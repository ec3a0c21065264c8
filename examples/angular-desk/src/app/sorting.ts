import type { Quote } from 'rxtape';

/** What the list can be sorted by; without a sort it is in the order of its owner. */
export type Column = 'symbol' | 'last' | 'change' | 'volume';

/** What a row shows, as far as it can be sorted by that. */
export interface Sortable {
  readonly last: number | undefined;
  readonly change: number | undefined;
  readonly volume: number | undefined;
}

/** A sort by a column, the largest first where it is `down`. */
export interface Sort {
  readonly by: Column;
  readonly down: boolean;
}

/** Since the close of the day before, or over the last hours for a vendor that counts no day. */
export const changeOf = (quote: Quote | undefined): number | undefined => {
  const from = quote?.previousClose ?? quote?.rolling?.open;
  return quote && from ? quote.last / from - 1 : undefined;
};

/** What has no figure comes last, however it is sorted. */
export const sorted = (
  symbols: readonly string[],
  sort: Sort | undefined,
  figures: ReadonlyMap<string, Sortable>,
): readonly string[] => {
  if (!sort) return symbols;
  const { by, down } = sort;
  const sign = down ? -1 : 1;
  if (by === 'symbol')
    return [...symbols].sort((one, other) => sign * one.localeCompare(other, 'en', { numeric: true }));
  const figure = (symbol: string): number => figures.get(symbol)?.[by] ?? (down ? -Infinity : Infinity);
  return [...symbols].sort((one, other) => {
    const [a, b] = [figure(one), figure(other)];
    return a === b ? 0 : sign * (a - b);
  });
};

/** One click sorts down, the next one up, the third is the order of the owner. */
export const nextSort = (sort: Sort | undefined, by: Column): Sort | undefined => {
  if (sort?.by !== by) return { by, down: by !== 'symbol' };
  return sort.down === (by !== 'symbol') ? { by, down: !sort.down } : undefined;
};

/** The plain ways: objects, Maps and sorts. */
import type { Level } from '../lib/model/marketEvent.js';
import type { BookChanges, BookSide, LevelChange } from '../lib/operators/depth/BookChanges.js';
import type { ConsolidatedLevel } from '../lib/operators/depth/ConsolidatedBook.js';

interface PlainSide {
  readonly set: (level: Level) => void;
  readonly top: (count: number) => readonly Level[];
}

/** What has changed, in lists that are pushed to. */
export type Lists = { readonly [K in keyof BookChanges]: LevelChange[] };

const signOf = (side: BookSide): number => (side === 'bid' ? -1 : 1);

/** An array of levels, best first: a binary search, and `splice`. */
export const arraySide = (side: BookSide): PlainSide => {
  const sign = signOf(side);
  const levels: Level[] = [];
  return {
    set: (level) => {
      let low = 0;
      let high = levels.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sign * levels[middle]!.price < sign * level.price) low = middle + 1;
        else high = middle;
      }
      const isFound = levels[low]?.price === level.price;
      if (level.size !== 0) levels.splice(low, isFound ? 1 : 0, level);
      else if (isFound) levels.splice(low, 1);
    },
    top: (count) => levels.slice(0, count),
  };
};

/** A Map of levels, which is sorted when it is read. */
export const sortedSide = (side: BookSide): PlainSide => {
  const sign = signOf(side);
  const levels = new Map<number, Level>();
  return {
    set: (level) => {
      if (level.size !== 0) levels.set(level.price, level);
      else levels.delete(level.price);
    },
    top: (count) => [...levels.values()].sort((a, b) => sign * (a.price - b.price)).slice(0, count),
  };
};

/** What has changed, by a Map of what was and a Map of what is. */
export const mapDiff = (side: BookSide, before: readonly Level[], after: readonly Level[], into: Lists): void => {
  const was = new Map(before.map((level) => [level.price, level]));
  const is = new Map(after.map((level) => [level.price, level]));
  for (const { price, size } of is.values()) {
    const old = was.get(price);
    if (!old) into.added.push({ side, price, size, before: 0 });
    else if (old.size !== size) into.changed.push({ side, price, size, before: old.size });
  }
  for (const { price, size } of was.values()) {
    if (!is.has(price)) into.removed.push({ side, price, size: 0, before: size });
  }
};

/** Everything in one array, sorted; then neighbours of one price are joined. */
export const concatAndSort = (
  side: BookSide,
  sources: readonly { readonly provider: string; readonly levels: readonly Level[] }[],
  count: number,
): readonly ConsolidatedLevel[] => {
  const sign = signOf(side);
  const all = sources
    .flatMap(({ provider, levels }) => levels.map(({ price, size = 0 }) => ({ price, size, provider })))
    .sort((a, b) => sign * (a.price - b.price));
  const joined: { price: number; size: number; sources: { provider: string; size: number }[] }[] = [];
  for (const { price, size, provider } of all) {
    const last = joined.at(-1);
    if (last?.price === price) {
      last.size += size;
      last.sources.push({ provider, size });
    } else joined.push({ price, size, sources: [{ provider, size }] });
  }
  return joined.slice(0, count);
};

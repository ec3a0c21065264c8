import type { Level } from '../../model/marketEvent.js';
import type { BookChanges, BookSide, LevelChange } from './BookChanges.js';

/** Changes that are still being collected. */
export type Collected = { -readonly [K in keyof BookChanges]: BookChanges[K] };

/** Most lists of most books are empty, so that they are one. */
const none: readonly LevelChange[] = [];

export const noChanges: BookChanges = { added: none, changed: none, removed: none, outOfWindow: none };

/**
 * Collects what leads from some levels of a side to others, both best first, in one walk along the two.
 *
 * `isHidden` is asked of each level that is gone: whether it may be there still, out of view.
 */
export const diffLevels = (
  side: BookSide,
  before: readonly Level[],
  after: readonly Level[],
  isHidden: (price: number, side: BookSide) => boolean,
  into: Collected,
): void => {
  const isBid = side === 'bid';
  const known = before.length;
  const shown = after.length;
  let i = 0;
  while (i < known && i < shown && before[i] === after[i]) i += 1;
  let j = i;
  while (i < known && j < shown) {
    const old = before[i] as Level;
    const now = after[j] as Level;
    const { price } = now;
    if (price === old.price) {
      if (old.size !== now.size || old.orders !== now.orders)
        into.changed = joined(into.changed, changeTo(now, side, old.size));
      i += 1;
      j += 1;
    } else if (price > old.price === isBid) {
      into.added = joined(into.added, changeTo(now, side, 0));
      j += 1;
    } else {
      takeAway(old, side, isHidden, into);
      i += 1;
    }
  }
  for (; j < shown; j++) into.added = joined(into.added, changeTo(after[j] as Level, side, 0));
  for (; i < known; i++) takeAway(before[i] as Level, side, isHidden, into);
};

const takeAway = (
  { price, size }: Level,
  side: BookSide,
  isHidden: (price: number, side: BookSide) => boolean,
  into: Collected,
): void => {
  const change = { side, price, size: 0, before: size };
  if (isHidden(price, side)) into.outOfWindow = joined(into.outOfWindow, change);
  else into.removed = joined(into.removed, change);
};

/** A list of one has room for one; what is pushed into an empty list makes room for seventeen. */
const joined = (list: readonly LevelChange[], change: LevelChange): readonly LevelChange[] => {
  if (list.length === 0) return [change];
  (list as LevelChange[]).push(change);
  return list;
};

const changeTo = ({ price, size, orders }: Level, side: BookSide, before: number | undefined): LevelChange =>
  orders === undefined ? { side, price, size, before } : { side, price, size, before, orders };

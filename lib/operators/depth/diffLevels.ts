import type { Level } from '../../model/marketEvent.js';
import type { BookChanges, BookSide, LevelChange } from './BookChanges.js';

/** Changes that are still being collected. */
export type Collected = { readonly [K in keyof BookChanges]: LevelChange[] };

/**
 * Collects what leads from some levels of a side to others, both best first, in one walk along the two.
 *
 * `isHidden` is asked of each level that is gone: whether it may be there still, out of view.
 */
export const diffLevels = (
  side: BookSide,
  before: readonly Level[],
  after: readonly Level[],
  isHidden: (price: number) => boolean,
  into: Collected,
): void => {
  const isBid = side === 'bid';
  const known = before.length;
  const shown = after.length;
  let i = 0;
  let j = 0;
  while (i < known && j < shown) {
    const old = before[i] as Level;
    const now = after[j] as Level;
    const { price } = now;
    if (price === old.price) {
      if (old.size !== now.size || old.orders !== now.orders) into.changed.push(changeTo(now, side, old.size));
      i += 1;
      j += 1;
    } else if (price > old.price === isBid) {
      into.added.push(changeTo(now, side, 0));
      j += 1;
    } else {
      takeAway(old, side, isHidden, into);
      i += 1;
    }
  }
  for (; j < shown; j++) into.added.push(changeTo(after[j] as Level, side, 0));
  for (; i < known; i++) takeAway(before[i] as Level, side, isHidden, into);
};

const takeAway = (
  { price, size }: Level,
  side: BookSide,
  isHidden: (price: number) => boolean,
  into: Collected,
): void => {
  (isHidden(price) ? into.outOfWindow : into.removed).push({ side, price, size: 0, before: size });
};

const changeTo = ({ price, size, orders }: Level, side: BookSide, before: number): LevelChange =>
  orders === undefined ? { side, price, size, before } : { side, price, size, before, orders };

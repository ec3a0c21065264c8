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
  const sign = side === 'bid' ? 1 : -1;
  let i = 0;
  let j = 0;
  for (;;) {
    const old = before[i];
    const now = after[j];
    const oldKey = old ? sign * old.price : -Infinity;
    const nowKey = now ? sign * now.price : -Infinity;
    if (now && nowKey > oldKey) {
      into.added.push(changeTo(now, side, 0));
      j += 1;
    } else if (old && oldKey > nowKey) {
      const { price, size } = old;
      (isHidden(price) ? into.outOfWindow : into.removed).push({ side, price, size: 0, before: size });
      i += 1;
    } else if (old && now) {
      if (old.size !== now.size || old.orders !== now.orders) into.changed.push(changeTo(now, side, old.size));
      i += 1;
      j += 1;
    } else return;
  }
};

const changeTo = ({ price, size, orders }: Level, side: BookSide, before: number): LevelChange =>
  orders === undefined ? { side, price, size, before } : { side, price, size, before, orders };

import { kinds } from './kind.js';
import { FAILS, looking, SAME, UNSURE, verdict, type Judge } from './verdict.js';

/** Judges an array by its items. */
export const arrayOf = (item: Judge): Judge => {
  const takesNumbers = (item.accepts & kinds.finite) !== 0;
  return looking(kinds.array, (value) => {
    const items = value as readonly unknown[];
    let i = 0;
    // A loop that only counts reads an array of doubles in place; the general one boxes each of them.
    if (takesNumbers) while (i < items.length && isFiniteNumber(items[i])) i++;
    let sure = true;
    for (; i < items.length; i++) {
      const found = verdict(item, items[i]);
      if (found === FAILS) return FAILS;
      if (found === UNSURE) sure = false;
    }
    return sure ? SAME : UNSURE;
  });
};

const isFiniteNumber = (value: unknown): boolean => typeof value === 'number' && value - value === 0;

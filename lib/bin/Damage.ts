import type { BadCassette } from '../record/index.js';

/** Lines of a recording that could not be read. */
export interface Damage {
  readonly note: (damage: BadCassette) => void;
  readonly count: () => number;
  /** The first ones, in the words of whoever met them. */
  readonly first: () => readonly BadCassette[];
  /** All in one line; undefined when there was none. */
  readonly line: () => string | undefined;
}

/** So many are kept word for word. */
const KEPT = 20;

export const newDamage = (): Damage => {
  const first: BadCassette[] = [];
  let count = 0;
  return {
    note: (damage) => {
      count += 1;
      if (first.length < KEPT) first.push(damage);
    },
    count: () => count,
    first: () => first,
    line: () => {
      const [one] = first;
      if (!one) return undefined;
      if (count === 1) return one.message;
      const lines = first.map(({ file, line }) => `${file}:${line}`).join(', ');
      return `${count} lines are damaged and were skipped: ${lines}${count > first.length ? ' and more' : ''}`;
    },
  };
};

import fc from 'fast-check';
import type { Depth, Level } from '../../../lib/model/marketEvent.js';
import { aDepth } from '../../../lib/testing/builders.js';

/** `99x5 98x1` */
export const levels = (text: string): Level[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((level) => level.split('x').map(Number))
    .map(([price = NaN, size = NaN]) => ({ price, size }));

/** `99x5 98x1 | 101x3` */
const sides = (text: string): Pick<Depth, 'bids' | 'asks'> => {
  const [bids = '', asks = ''] = text.split('|');
  return { bids: levels(bids.trim()), asks: levels(asks.trim()) };
};

export const snapshot = (text: string, overrides: Partial<Depth> = {}): Depth =>
  aDepth({ ...sides(text), ...overrides });

export const update = (text: string, overrides: Partial<Depth> = {}): Depth =>
  aDepth({ type: 'update', ...sides(text), ...overrides });

const level = fc.record({ price: fc.integer({ min: 1, max: 30 }), size: fc.integer({ min: 0, max: 3 }) });

const orderedLevel = fc.record(
  {
    price: fc.integer({ min: 1, max: 30 }),
    size: fc.integer({ min: 0, max: 3 }),
    orders: fc.integer({ min: 1, max: 2 }),
  },
  { requiredKeys: ['price', 'size'] },
);

const side = (best: 'highest' | 'lowest') =>
  fc
    .uniqueArray(orderedLevel, { maxLength: 8, selector: ({ price }) => price })
    .map((found) => found.sort((a, b) => (best === 'highest' ? b.price - a.price : a.price - b.price)));

export const someSnapshot: fc.Arbitrary<Depth> = fc
  .record({ bids: side('highest'), asks: side('lowest') })
  .map((both) => aDepth(both));

export const someUpdate: fc.Arbitrary<Depth> = fc
  .record({ bids: fc.array(level, { maxLength: 4 }), asks: fc.array(level, { maxLength: 4 }) })
  .map((both) => aDepth({ type: 'update', ...both }));

/** Mostly updates. */
export const someDepth = fc.oneof({ arbitrary: someSnapshot, weight: 1 }, { arbitrary: someUpdate, weight: 4 });

/** A side kept as simply as can be. */
export const naiveSide = (best: 'highest' | 'lowest') => {
  let known = new Map<number, Level>();
  return {
    take: (type: Depth['type'], changes: readonly Level[]): void => {
      if (type === 'snapshot') known = new Map();
      changes.forEach((one) => (one.size === 0 ? known.delete(one.price) : known.set(one.price, one)));
    },
    top: (count = Infinity): Level[] =>
      [...known.values()].sort((a, b) => (best === 'highest' ? b.price - a.price : a.price - b.price)).slice(0, count),
  };
};

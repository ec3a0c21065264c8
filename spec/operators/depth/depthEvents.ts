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

/** Prices, and what stands in rows that are no levels. */
const somePrice = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 30 }), weight: 20 },
  { arbitrary: fc.constantFrom(0, NaN, Infinity, -Infinity), weight: 1 },
);

/** Sizes, placeholders, none given, and what is no size. */
export const someSize: fc.Arbitrary<number | undefined> = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 3 }), weight: 12 },
  { arbitrary: fc.constant(undefined), weight: 2 },
  { arbitrary: fc.constantFrom(-1, NaN, Infinity), weight: 1 },
);

const level = fc.record({ price: somePrice, size: someSize });

const orderedLevel = fc.record(
  {
    price: somePrice,
    size: someSize,
    orders: fc.integer({ min: 1, max: 2 }),
  },
  { requiredKeys: ['price', 'size'] },
);

/** Mostly best first; as vendors send them, with prices that come twice. */
const side = (best: 'highest' | 'lowest') =>
  fc
    .tuple(fc.array(orderedLevel, { maxLength: 8 }), fc.nat(3))
    .map(([found, disorder]) =>
      disorder === 0
        ? found
        : found.sort((a, b) => (best === 'highest' ? b.price - a.price || 0 : a.price - b.price || 0)),
    );

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
      for (const one of changes) {
        if (one.price === 0 || !Number.isFinite(one.price)) continue;
        if (one.size === undefined || (one.size > 0 && one.size < Infinity)) known.set(one.price, one);
        else known.delete(one.price);
      }
    },
    top: (count = Infinity): Level[] =>
      [...known.values()].sort((a, b) => (best === 'highest' ? b.price - a.price : a.price - b.price)).slice(0, count),
  };
};

import fc from 'fast-check';
import type { Eq } from 'fp-ts/lib/Eq.js';
import type { Ord } from 'fp-ts/lib/Ord.js';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost, HeartbeatMissed } from '../../lib/model/errors.js';
import { askOrd, bidOrd, gapOrd, gapSemigroup, levelEq, topicEq } from '../../lib/model/instances.js';
import type { Gap } from '../../lib/model/link.js';
import type { Level } from '../../lib/model/marketEvent.js';
import { klines, quotes, trades, type Topic } from '../../lib/model/topic.js';

const small = fc.integer({ min: 0, max: 3 });
const maybe = fc.option(small, { nil: undefined });
const level: fc.Arbitrary<Level> = fc.record({ price: small, size: maybe, orders: maybe });
const gap: fc.Arbitrary<Gap> = fc.record({
  feed: fc.constantFrom('a', 'b'),
  from: small,
  to: small,
  attempts: small,
  cause: fc.constantFrom(undefined, flattenError(new ConnectionLost(1006)), flattenError(new HeartbeatMissed(5))),
});
const topic: fc.Arbitrary<Topic> = fc.constantFrom(
  ...quotes('700.HK'),
  ...quotes('00700.HK'),
  ...trades('700.HK'),
  ...klines('1m', '700.HK'),
  ...klines('5m', '0700.HK'),
);

const isEquivalence = <A>(some: fc.Arbitrary<A>, { equals }: Eq<A>): void =>
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      expect(equals(a, a)).toBe(true);
      expect(equals(a, b)).toBe(equals(b, a));
      if (equals(a, b) && equals(b, c)) expect(equals(a, c)).toBe(true);
    }),
    { numRuns: 1_000 },
  );

const isTotalOrder = <A>(some: fc.Arbitrary<A>, { equals, compare }: Ord<A>): void =>
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      expect(compare(a, b) === 0).toBe(equals(a, b));
      expect(compare(a, b) + compare(b, a)).toBe(0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 1_000 },
  );

describe.each([
  ['levelEq', level, levelEq],
  ['topicEq', topic, topicEq],
] as readonly (readonly [string, fc.Arbitrary<unknown>, Eq<unknown>])[])('%s', (_name, some, instance) => {
  it('is an equivalence', () => isEquivalence(some, instance));
});

describe.each([
  ['askOrd', level, askOrd],
  ['bidOrd', level, bidOrd],
  ['gapOrd', gap, gapOrd],
] as readonly (readonly [string, fc.Arbitrary<unknown>, Ord<unknown>])[])('%s', (_name, some, instance) => {
  it('is an equivalence', () => isEquivalence(some, instance));
  it('is a total order', () => isTotalOrder(some, instance));
});

describe('the orders', () => {
  it('put the best level first, and gaps in order of time', () => {
    const levels = [10, 12, 11].map((price) => ({ price, size: 1 }));
    expect([...levels].sort(askOrd.compare).map(({ price }) => price)).toEqual([10, 11, 12]);
    expect([...levels].sort(bidOrd.compare).map(({ price }) => price)).toEqual([12, 11, 10]);
    const gaps = [5, 1, 3].map((from): Gap => ({ feed: 'a', from, to: 9, attempts: 1, cause: undefined }));
    expect([...gaps].sort(gapOrd.compare).map(({ from }) => from)).toEqual([1, 3, 5]);
  });

  it('take the spellings of one instrument for one topic', () => {
    const [plain, padded, trade] = [...quotes('700.HK'), ...quotes('00700.HK'), ...trades('700.HK')] as const;
    expect([topicEq.equals(plain!, padded!), topicEq.equals(plain!, trade!)]).toEqual([true, false]);
  });
});

describe('gapSemigroup', () => {
  it('is associative', () => {
    fc.assert(
      fc.property(gap, gap, gap, (a, b, c) => {
        const { concat } = gapSemigroup;
        expect(concat(concat(a, b), c)).toEqual(concat(a, concat(b, c)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('spans both, with the cause of the earlier one', () => {
    const cause = flattenError(new ConnectionLost(1006));
    const early: Gap = { feed: 'a', from: 1, to: 4, attempts: 2, cause };
    const late: Gap = { feed: 'a', from: 3, to: 9, attempts: 1, cause: undefined };
    const joined = { feed: 'a', from: 1, to: 9, attempts: 3, cause };
    expect([gapSemigroup.concat(early, late), gapSemigroup.concat(late, early)]).toEqual([joined, joined]);
  });
});

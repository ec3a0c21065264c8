import * as fc from 'fast-check';
import { sameSaid } from '../../lib/session/sameSaid.js';

const OWN = ['receivedAt', 'feed', 'symbol'];
type Facts = Readonly<Record<string, unknown>>;

/** The same in the plainest way. */
const naive = (a: Facts, b: Facts): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => !OWN.includes(key))
    .every((key) => {
      const isUntimed =
        key === 'time' && [a, b].every(({ time, receivedAt }) => time !== undefined && time === receivedAt);
      return (
        isUntimed ||
        Object.is(a[key], b[key]) ||
        (a[key] !== undefined && JSON.stringify(a[key]) === JSON.stringify(b[key]))
      );
    });

const keys = ['time', 'receivedAt', 'feed', 'symbol', 'price', 'size', 'id', 'bids'];
const value = fc.constantFrom<unknown>(undefined, 1, 2, 'a', [{ price: 1 }], [{ price: 2 }]);
const level = { price: 1, size: 2 };
const facts = fc.dictionary(fc.constantFrom(...keys), value, { noNullPrototype: true });

describe('what two connections have said of a topic', () => {
  it('is the same where all facts are but those of the connection', () => {
    fc.assert(
      fc.property(facts, facts, fc.boolean(), (a, changes, isFresh) => {
        const b = isFresh ? changes : { ...a, ...changes };
        expect(sameSaid(a, b)).toBe(naive(a, b));
        expect(sameSaid(b, a)).toBe(naive(a, b));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each<readonly [string, Facts, Facts, boolean]>([
    ['which only one names', { price: 1, feed: 'a' }, { price: 1, size: 1 }, false],
    ['that one has as undefined', { price: 1, size: undefined }, { price: 1 }, true],
    ['of receipt', { price: 1, receivedAt: 1, time: 1 }, { price: 1, receivedAt: 2, time: 2 }, true],
    ['of the vendor', { price: 1, receivedAt: 1, time: 1 }, { price: 1, receivedAt: 2, time: 3 }, false],
    ['of a ladder', { bids: [{ price: 1 }] }, { bids: [{ price: 1, size: undefined }] }, false],
    ['of a book, which is equal', { kind: 'depth', bids: [level] }, { kind: 'depth', bids: [{ ...level }] }, true],
    ['of a book', { kind: 'depth', bids: [level] }, { kind: 'depth', bids: [{ ...level, size: 3 }] }, false],
    ['of a level', { kind: 'depth', bids: [level] }, { kind: 'depth', bids: [{ ...level, orders: 3 }] }, false],
    ['of a book that is longer', { kind: 'depth', bids: [level] }, { kind: 'depth', bids: [level, level] }, false],
    [
      'of a book that has no sizes',
      { kind: 'depth', bids: [{ price: 1 }] },
      { kind: 'depth', bids: [{ price: 1 }] },
      true,
    ],
    ['of a book that is none', { kind: 'depth', bids: [null] }, { kind: 'depth', bids: [level] }, false],
    ['that is no number', { price: NaN }, { price: NaN }, true],
  ])('goes by a fact %s', (_, a, b, isSame) => {
    expect([sameSaid(a, b), sameSaid(b, a)]).toEqual([isSame, isSame]);
  });
});

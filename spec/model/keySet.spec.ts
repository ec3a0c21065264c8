import * as fc from 'fast-check';
import { noKeys, type KeySet } from '../../lib/model/keySet.js';

const key = fc.constantFrom(...Array.from('abcdefghijklmnop'));
const step = fc.record({ isIn: fc.boolean(), keys: fc.array(key, { maxLength: 5 }) });

describe('a set of keys', () => {
  it('is what a `Set` is after each step, and is never changed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const plain = new Set<string>();
        const made: (readonly [KeySet, readonly string[]])[] = [];
        let keys = noKeys;
        for (const { isIn, keys: some } of steps) {
          const isSame = some.every((one) => plain.has(one) === isIn);
          for (const one of some)
            if (isIn) plain.add(one);
            else plain.delete(one);
          const next = isIn ? keys.with(some) : keys.without(some);
          expect(next === keys).toBe(isSame);
          keys = next;
          made.push([keys, [...plain].sort()]);
        }
        for (const [set, all] of made) {
          expect([set.size, set.keys().sort()]).toEqual([all.length, all]);
          for (const one of 'abcdefghijklmnop') expect(set.has(one)).toBe(all.includes(one));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes 50,000 one by one, and loses them so, in no time that grows with their square', () => {
    const began = performance.now();
    let keys = noKeys;
    for (let i = 0; i < 50_000; i++) keys = keys.with([`key ${i}`]);
    expect(keys.size).toBe(50_000);
    for (let i = 0; i < 50_000; i++) keys = keys.without([`key ${i}`]);
    expect(keys.keys()).toEqual([]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

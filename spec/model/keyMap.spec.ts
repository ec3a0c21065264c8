import * as fc from 'fast-check';
import { differing, emptyMap, type KeyMap } from '../../lib/model/keyMap.js';

const letters = Array.from('abcdefghijklmnop');
const key = fc.constantFrom(...letters);
const step = fc.oneof(
  fc.record({ isIn: fc.constant(true), entries: fc.array(fc.tuple(key, fc.nat(2)), { maxLength: 5 }) }),
  fc.record({ isIn: fc.constant(false), entries: fc.array(fc.tuple(key, fc.constant(0)), { maxLength: 5 }) }),
);

describe('a table that is never changed', () => {
  it('is what a `Map` is after each step', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const plain = new Map<string, number>();
        const made: (readonly [KeyMap<number>, ReadonlyMap<string, number>])[] = [];
        let table = emptyMap<number>();
        for (const { isIn, entries } of steps) {
          const before = new Map(plain);
          for (const [one, value] of entries)
            if (isIn) plain.set(one, value);
            else plain.delete(one);
          const next = isIn ? table.with(entries) : table.without(entries.map(([one]) => one));
          const changed = letters.filter((one) => before.get(one) !== plain.get(one));
          const told = differing(table, next);
          expect(changed.every((one) => told.has(one))).toBe(true);
          if (next === table) expect(changed).toEqual([]);
          table = next;
          made.push([table, new Map(plain)]);
        }
        for (const [one, all] of made) {
          expect([one.size, new Map(one), one.values().sort()]).toEqual([all.size, all, [...all.values()].sort()]);
          for (const letter of letters) {
            expect([one.get(letter), one.has(letter)]).toEqual([all.get(letter), all.has(letter)]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('tells of few keys what a step has changed, however many there are', () => {
    let told = 0;
    let table = emptyMap<number>();
    for (let i = 0; i < 10_000; i++) {
      const next = table.with([[`key ${i}`, i]]);
      told += differing(table, next).size;
      table = next;
    }
    // A look at all of them each time would be fifty million.
    expect(told).toBeLessThan(10_000 * 40);
  });
});

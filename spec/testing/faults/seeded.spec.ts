import * as fc from 'fast-check';
import { seeded } from '../../../lib/testing/faults/intercept.js';

const drawn = (seed: number, name: string): readonly number[] => {
  const random = seeded(seed, name);
  return Array.from({ length: 20 }, random);
};

describe('seeded', () => {
  it('draws the same numbers, from 0 and below 1, for the same seed and name', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, name) => {
        expect(drawn(seed, name)).toEqual(drawn(seed, name));
        expect(drawn(seed, name).every((number) => number >= 0 && number < 1)).toBe(true);
      }),
    );
  });

  it('draws others for another seed, and for another name', () => {
    expect(drawn(1, 'garble')).not.toEqual(drawn(2, 'garble'));
    expect(drawn(1, 'garble')).not.toEqual(drawn(1, 'duplicate'));
  });

  it('draws evenly', () => {
    const random = seeded(1, 'evenly');
    const tenths = new Map<number, number>();
    for (let i = 0; i < 10_000; i += 1) {
      const tenth = Math.floor(random() * 10);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    expect([...tenths.values()].every((times) => times > 900 && times < 1_100)).toBe(true);
    expect(tenths.size).toBe(10);
  });
});

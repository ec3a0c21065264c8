import * as fc from 'fast-check';
import { chunks } from '../../lib/session/chunks.js';

describe('chunks', () => {
  it('keeps all values in order, in full runs but for the last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (values, size) => {
        const runs = chunks(values, size);
        expect(runs.flat()).toEqual(values);
        expect(runs.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(runs.every(({ length }) => length > 0 && length <= size)).toBe(true);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { isLonger } from '../../lib/transport/isLonger.js';

describe('isLonger', () => {
  it('counts bytes, as the wire does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(64), (text, bytes) => {
        expect(isLonger(text, bytes)).toBe(Buffer.byteLength(text) > bytes);
      }),
    );
  });
});

import fc from 'fast-check';
import { mapStrings } from '../../lib/codec/mapStrings.js';

const upper = (text: string): string => text.toUpperCase();

describe('mapStrings', () => {
  it('changes each string, and no key', () => {
    const value = { a: 'x', b: ['y', 1, null, true, { c: 'z' }] };
    expect(mapStrings(value, upper)).toEqual({ a: 'X', b: ['Y', 1, null, true, { c: 'Z' }] });
  });

  it('gives an equal value back where nothing changes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(mapStrings(value, (text) => text)).toEqual(value);
      }),
    );
  });

  it('keeps a member called __proto__ an ordinary one', () => {
    const mapped = mapStrings(JSON.parse('{"__proto__":{"a":"x"}}'), upper);
    expect(Object.getPrototypeOf(mapped)).toBe(Object.prototype);
    expect(JSON.stringify(mapped)).toBe('{"__proto__":{"a":"X"}}');
  });

  it.each(['[', '{"a":'])('leaves out what nobody could quote, deep inside %s', (open) => {
    const close = open === '[' ? ']' : '}';
    const deep: unknown = JSON.parse(`${open.repeat(1e5)}"secret"${close.repeat(1e5)}`);
    expect(JSON.stringify(mapStrings(deep, upper))).not.toMatch(/secret/i);
  });
});

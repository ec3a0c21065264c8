import fc from 'fast-check';
import * as t from 'io-ts';
import { numeric } from '../../lib/codec/fields.js';
import { readerOf } from '../../lib/codec/reader.js';
import { aCase } from './aCase.js';

describe('readerOf', () => {
  it('reads what decode reads', () => {
    fc.assert(
      fc.property(aCase, ([codec, value]) => {
        const decoded = codec.decode(structuredClone(value));
        expect(readerOf(codec)(value)).toEqual(decoded._tag === 'Right' ? decoded.right : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back the value itself when it has the wanted form', () => {
    const row = { price: 1 };
    expect(readerOf(t.type({ price: numeric }))(row)).toBe(row);
  });

  it('does not run decode to find out that a value fails', () => {
    const decode = jest.fn(t.string.validate);
    const codec = t.type({ tag: t.literal('a'), own: new t.Type('own', t.string.is, decode, t.identity) });
    expect(readerOf(codec)({ own: 'x', tag: 'b' })).toBeUndefined();
    expect(decode).not.toHaveBeenCalled();
  });

  it('lets nothing in by way of __proto__', () => {
    const read = readerOf(t.type({ price: numeric, size: t.number }));
    expect(read(JSON.parse('{"price":"1","__proto__":{"size":2}}'))).toBeUndefined();
    const level = read(JSON.parse('{"price":"1","size":3,"__proto__":{"size":2,"evil":true}}'));
    expect(level).toEqual({ price: 1, size: 3 });
    expect(Object.getPrototypeOf(level)).toBe(Object.prototype);
  });

  it('withstands a frame that nests deeper than the stack', () => {
    const depth = 200_000;
    const deep: unknown = JSON.parse(`{"price":"1","x":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(readerOf(t.type({ price: numeric }))(deep)?.price).toBe(1);
  });
});

import fc from 'fast-check';
import * as t from 'io-ts';
import { guardOf } from '../../lib/codec/reader.js';
import { numeric, optional } from '../../lib/codec/fields.js';
import { aCase, anIdentityCase } from './aCase.js';

const accepts = (codec: t.Mixed, value: unknown) => codec.decode(value)._tag === 'Right';

describe('guardOf', () => {
  it('says yes only where decode gives the value back', () => {
    fc.assert(
      fc.property(aCase, ([codec, value]) => {
        fc.pre(guardOf(codec)(value));
        expect(codec.decode(value)).toEqual(t.success(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('says yes wherever decode does, for codecs that change nothing', () => {
    fc.assert(
      fc.property(anIdentityCase, ([codec, value]) => {
        expect(guardOf(codec)(value)).toBe(accepts(codec, value));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the same answer whatever it was asked before', () => {
    fc.assert(
      fc.property(anIdentityCase, fc.array(fc.jsonValue()), ([codec, value], others) => {
        const guard = guardOf(codec);
        const before = guard(value);
        others.forEach(guard);
        expect(guard(value)).toBe(before);
      }),
    );
  });

  it('learns anew when the sender changes the order of fields', () => {
    const guard = guardOf(t.type({ a: t.string, b: t.number, c: t.boolean }));
    const rows = ['{"a":"","b":1,"c":true}', '{"c":true,"x":null,"b":1,"a":""}', '{"b":1,"c":"no","a":""}', '{"a":""}'];
    expect([...rows, ...rows].map((row) => guard(JSON.parse(row)))).toEqual([
      ...[true, true, false, false],
      ...[true, true, false, false],
    ]);
  });

  it('takes any number of fields that the codec does not name', () => {
    const guard = guardOf(t.type({ a: t.number }));
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x${'x'.repeat(i % 80)}${i}`, i]));
    expect([{ ...many, a: 1 }, { ...many, a: '' }, many, { a: 1, ...many }].map(guard)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(guardOf(t.strict({ a: t.number }))({ ...many, a: 1 })).toBe(false);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'does not take an inherited %s for a field',
    (key) => {
      for (const codec of [t.unknown, t.undefined, optional(t.string)]) {
        expect(guardOf(t.type({ [key]: codec }))({})).toBe(false);
      }
      expect(guardOf(t.partial({ [key]: t.string }))({})).toBe(false);
      expect(guardOf(t.type({ [key]: t.string }))(JSON.parse(`{"${key}":"own"}`))).toBe(true);
    },
  );

  it('is not moved by a field called __proto__', () => {
    const guard = guardOf(t.type({ a: t.number }));
    expect(guard(JSON.parse('{"__proto__":{"a":1}}'))).toBe(false);
    expect(guard(JSON.parse('{"__proto__":{"a":"x"},"a":1}'))).toBe(true);
  });

  it('asks decode where a codec is of unknown making', () => {
    const own = new t.Type<string, string>('own', t.string.is, t.string.validate, t.identity);
    const changing = new t.Type<string, string>('own', t.string.is, () => t.success('changed'), t.identity);
    expect(['', 1].map(guardOf(own))).toEqual([true, false]);
    expect([{ a: '' }, { a: 1 }, {}].map(guardOf(t.type({ a: own })))).toEqual([true, false, false]);
    expect(guardOf(t.type({ a: changing }))({ a: '' })).toBe(false);
    expect(guardOf(t.union([changing, t.string]))('')).toBe(false);
  });

  it('does not vouch for a later part of a union when an earlier one may accept', () => {
    const guard = guardOf(t.union([numeric, t.string]));
    expect([1, '1', 'x', null].map(guard)).toEqual([true, false, true, false]);
  });

  it('does not vouch for what an exact codec would strip', () => {
    const guard = guardOf(t.strict({ a: t.number }));
    expect([{ a: 1 }, { a: 1, b: 2 }, {}].map(guard)).toEqual([true, false, false]);
    const refined = guardOf(t.exact(t.refinement(t.type({ a: t.number }), ({ a }) => a !== 2)));
    expect([{ a: 1 }, { a: 1, b: 2 }, { a: 2 }].map(refined)).toEqual([true, false, false]);
  });

  it.each([
    ['a symbol', Symbol('s')],
    ['a function', () => 0],
    ['NaN', NaN],
    ['an overflow', JSON.parse('1e999')],
  ])('refuses %s as a numeric', (_, value) => {
    expect(guardOf(numeric)(value)).toBe(false);
    expect(guardOf(t.array(numeric))([1, value])).toBe(false);
  });
});

import { ConnectionLost } from '../../../lib/model/errors.js';
import { differences, hasPart, like, nameOf, sameValue, shown } from '../../../lib/testing/diff/values.js';

const circular: { self?: unknown } = {};
circular.self = circular;

describe('sameValue', () => {
  it.each<[string, unknown, unknown]>([
    ['a field that is undefined, and none', { a: 1, b: undefined }, { a: 1 }],
    ['NaN', NaN, NaN],
    ['lists of equal values', [{ a: [1] }], [{ a: [1] }]],
    ['dates', new Date(5), new Date(5)],
    ['maps and sets', [new Map([['a', { b: 1 }]]), new Set([1])], [new Map([['a', { b: 1 }]]), new Set([1])]],
    ['errors of equal facts', new ConnectionLost(1000), new ConnectionLost(1000)],
    ['a value and a matcher that takes it', { price: 3 }, expect.objectContaining({ price: expect.any(Number) })],
    ['a matcher and a value it takes', like({ price: 3 }), { price: 3, size: 1 }],
  ])('takes for equal %s', (_, a, b) => {
    expect(sameValue(a, b)).toBe(true);
  });

  it.each<[string, unknown, unknown]>([
    ['values', 1, 2],
    ['a value and null', { a: 1 }, null],
    ['null and a value', null, { a: 1 }],
    ['an object and a number', {}, 0],
    ['a list and an object', [], {}],
    ['a list and its beginning', [1, undefined], [1]],
    ['fields', { a: 1 }, { a: 2 }],
    ['dates', new Date(5), new Date(6)],
    ['a map and an object', new Map(), {}],
    ['errors of other facts', new ConnectionLost(1000), new ConnectionLost(1001)],
    ['an error and what has its fields', new ConnectionLost(1000), Object.assign({}, new ConnectionLost(1000))],
  ])('tells apart %s', (_, a, b) => {
    expect(sameValue(a, b)).toBe(false);
  });
});

describe('like', () => {
  it('names the fields that matter, in objects, lists and errors', () => {
    const value = { price: 1, levels: [{ price: 2, size: 3 }], cause: new ConnectionLost(1006) };
    expect(value).toEqual(like({ levels: [{ size: 3 }], cause: { code: 1006 } }));
    expect(hasPart(value, { levels: [] })).toBe(false);
    expect(hasPart(value, { levels: { 0: { size: 3 } } })).toBe(true);
    expect(hasPart(value, { price: { of: 1 } })).toBe(false);
    expect(hasPart({ ...value, levels: 3 }, { levels: [{}] })).toBe(false);
    expect(hasPart({ ...value, levels: {} }, { levels: [] })).toBe(false);
    expect(hasPart(value, { cause: new ConnectionLost(1000) })).toBe(false);
    expect(hasPart(value, { price: expect.any(String) })).toBe(false);
  });
});

describe('differences', () => {
  it('names the fields by their path', () => {
    expect(differences({ a: [1, { b: 2 }], c: 1 }, { a: [1, { b: 3 }], c: 1 })).toEqual([
      { path: 'a.1.b', received: 2, expected: 3 },
    ]);
  });

  it('gives wholes that differ in no field', () => {
    expect(differences(new Date(1), new Date(2))).toEqual([{ path: '', received: new Date(1), expected: new Date(2) }]);
    expect(differences([1], like([1, 2]))).toEqual([{ path: '1', received: undefined, expected: 2 }]);
    expect(differences(1, like({ a: 1 }))).toEqual([{ path: '', received: 1, expected: { a: 1 } }]);
  });
});

describe('shown', () => {
  it.each([
    ['a word', '"a word"'],
    [undefined, 'undefined'],
    [{ big: 3n }, '{"big":"3"}'],
    [circular, '[object Object]'],
    [new ConnectionLost(1006), 'ConnectionLost: the connection was lost (close code 1006)'],
    [like({ a: 1 }), 'like {"a":1}'],
    [expect.any(Number), 'Any<Number>'],
    [{ asymmetricMatch: () => true, toString: () => 'anything even' }, 'anything even'],
  ])('puts %p on a line', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('cuts what is long', () => {
    expect(shown('x'.repeat(300))).toHaveLength(201);
  });

  it('names an event by its kind and symbol', () => {
    expect([{ kind: 'quote', symbol: 'AAPL.US' }, like({ kind: 'connected' }), 3, null].map(nameOf)).toEqual([
      'quote AAPL.US',
      'connected',
      '',
      '',
    ]);
  });
});

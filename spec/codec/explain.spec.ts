import fc from 'fast-check';
import * as t from 'io-ts';
import { explain } from '../../lib/codec/explain.js';
import { numeric, optional } from '../../lib/codec/fields.js';
import { aCase } from './aCase.js';

const Level = t.intersection([t.type({ p: numeric, v: numeric }), t.partial({ o: optional(numeric) })]);
const Tick = t.type({ type: t.literal('tick'), s: t.string, ld: numeric });
const Depth = t.type({ type: t.literal('depth'), s: t.string, a: t.readonlyArray(Level) });
const Push = t.type({ code: t.number, data: t.union([Tick, Depth]) });
const Answer = t.type({ code: t.number, resAc: t.keyof({ auth: null, subscribe: null }), msg: t.string });
const Frame = t.union([Answer, Push]);

const tick = (fields: object) => ({ code: 1, data: { type: 'tick', s: 'AAPL', ld: 1, ...fields } });
const depth = (...a: unknown[]) => ({ code: 1, data: { type: 'depth', s: 'AAPL', a } });

describe('explain', () => {
  it.each([
    ['a wrong leaf', Push, tick({ ld: 'abc' }), ['data.ld: "abc" is not a number']],
    ['an absent member', Push, depth({ v: 1 }), ['data.a.0.p: missing']],
    ['an optional member', Push, depth({ p: 1, v: 1, o: {} }), ['data.a.0.o: an object is not a number']],
    ['an unknown tag', Push, tick({ type: 'news' }), ['data.type: "news" is none of "tick", "depth"']],
    ['an absent tag', Push, { code: 1, data: { s: 'AAPL' } }, ['data.type: missing']],
    ['the part of a union that was meant', Frame, tick({ ld: null }), ['data.ld: null is not a number']],
    ['the same, by another literal', Frame, { code: 1, resAc: 'auth' }, ['msg: missing']],
    ['a value of the wrong kind', Frame, [1], ['an array is not a known object']],
  ])('names %s', (_, codec, value, lines) => {
    expect(explain(codec, value)).toEqual(lines);
  });

  it('finds something to say exactly where decode fails', () => {
    fc.assert(
      fc.property(aCase, ([codec, value]) => {
        expect(explain(codec, value).length > 0).toBe(codec.decode(value)._tag === 'Left');
      }),
      { numRuns: 2000 },
    );
  });

  it('is short, whatever comes', () => {
    fc.assert(
      fc.property(aCase, fc.jsonValue(), ([codec], value) => {
        const lines = explain(codec, value);
        expect(lines.length).toBeLessThanOrEqual(5);
        expect(lines.filter((line) => line.length > 200)).toEqual([]);
      }),
    );
    const [line] = explain(t.number, 'x'.repeat(1000));
    expect(line).toBe(`"${'x'.repeat(59)}…" is not a number`);
    expect(explain(t.array(t.number), Array(1_000_000).fill('x'))).toHaveLength(5);
  });

  it.each([
    ['an array for a record', t.type({ a: t.string }), [null], 'an array is not a known object'],
    ['a record for an array', t.array(t.string), {}, 'an object is not an array'],
    ['what JSON cannot write', t.array(t.string), () => 0, 'a function is not an array'],
    ['a strict record', t.strict({ a: t.readonly(t.string) }), { a: 1, b: 1 }, 'a: 1 is not a string'],
    ['a predicate', t.Int, 1.5, '1.5 is not Int'],
    ['what the predicate was never asked', t.Int, 'x', '"x" is not a number'],
    ['null', t.null, true, 'true is not null'],
    ['an inherited name', t.partial({ constructor: t.string }), {}, 'constructor: missing'],
    ['a union', t.union([t.string, t.number, t.array(t.number)]), null, 'null is none of a string, a number, an array'],
    [
      'a place in what only decode understands',
      t.type({ a: t.tuple([t.type({ b: t.string })]) }),
      { a: [{ b: 1 }] },
      'a.0.b: 1 is not a string',
    ],
    [
      'a part of an intersection of tuples',
      t.intersection([t.tuple([t.number]), t.tuple([t.number])]),
      [''],
      '0: "" is not a number',
    ],
    ['the array of a union', t.union([t.string, t.readonlyArray(t.number)]), [''], '0: "" is not a number'],
    ['a union of nothings', t.union([t.null, t.undefined]), 1, '1 is none of null, undefined'],
  ])('says it of %s', (_, codec, value, line) => {
    expect(explain(codec, value)).toEqual([line]);
  });

  it('takes the credential out of the keys that a frame makes up', () => {
    const redact = (text: string) => text.replaceAll('s3cret', '***');
    expect(explain(t.record(t.string, t.number), { s3cret: 's3cret' }, redact)).toEqual(['***: "***" is not a number']);
    const [line] = explain(t.record(t.string, t.number), { ['k'.repeat(1_000)]: '' }, redact);
    expect(line).toBe(`${'k'.repeat(59)}…: "" is not a number`);
  });

  it('does not have decode list a million problems, whatever is around them', () => {
    const rows = t.array(t.number);
    const frame = { rows: Array(1_000_000).fill('x') };
    for (const codec of [
      t.strict({ rows }),
      t.readonly(t.type({ rows })),
      t.refinement(t.partial({ rows }), () => true),
    ]) {
      const validate = jest.spyOn(codec, 'validate');
      expect(explain(codec, frame)).toHaveLength(5);
      expect(validate).not.toHaveBeenCalled();
    }
  });
});

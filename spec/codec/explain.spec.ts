import * as t from 'io-ts';
import { explain } from '../../lib/codec/explain.js';
import { numeric } from '../../lib/codec/numeric.js';
import { optional } from '../../lib/codec/optional.js';

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
});

import fc from 'fast-check';
import * as t from 'io-ts';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { newCursor, placeAt, type Cursor } from '../../lib/codec/cursor.js';
import { numeric, optional } from '../../lib/codec/fields.js';
import { scannerSource } from '../../lib/codec/generator/scannerSource.js';
import { readerOf } from '../../lib/codec/reader.js';
import * as functions from '../../lib/codec/scan.js';

const cursor = newCursor();

/** The scanner of a codec, compiled as a module of its own. */
const scannerOf = (codec: t.Mixed): ((text: string | Buffer) => unknown) => {
  const source = scannerSource({ Frame: codec }, { codecs: './frames.js', functions: './scan.js' });
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: { scanFrame?: (at: Cursor) => unknown } = {};
  // What users check in and compile, the spec compiles at once.
  runInNewContext(outputText, { exports: exported, require: () => functions });
  return (text) => {
    placeAt(cursor, Buffer.from(text));
    return exported.scanFrame?.(cursor);
  };
};

/** The members of a value that a codec names; absent ones are undefined. */
const named = (codec: t.Mixed, value: unknown): unknown => {
  const {
    _tag: tag,
    props,
    types,
    type,
  } = codec as unknown as {
    readonly _tag: string;
    readonly props?: t.Props;
    readonly types?: readonly t.Mixed[];
    readonly type?: t.Mixed;
  };
  if (typeof value !== 'object' || value === null) return value;
  if (tag === 'UnionType') return named(types?.find((part) => readerOf(part)(value) !== undefined) ?? t.unknown, value);
  if (tag === 'TupleType') return types?.map((part, i) => named(part, (value as readonly unknown[])[i]));
  if (Array.isArray(value)) return value.map((item) => named(type ?? t.unknown, item));
  if (tag === 'IntersectionType') return Object.assign({}, ...(types ?? []).map((part) => named(part, value)));
  return Object.fromEntries(
    Object.entries(props ?? {}).map(([key, part]) => [key, named(part, (value as Record<string, unknown>)[key])]),
  );
};

const Level = t.intersection([t.type({ p: t.union([numeric, t.null]) }), t.partial({ v: optional(numeric) })]);
const Row = t.intersection([
  t.type({ symbol: t.string, last_price: numeric }),
  t.partial({
    at: t.unknown,
    isOpen: optional(t.boolean),
    a: optional(t.array(Level)),
    b: t.array(t.tuple([numeric, t.string])),
  }),
]);
const Frames = t.union([
  t.type({ op: t.literal('rows'), data: t.array(Row) }),
  t.type({ op: t.keyof({ one: null, other: null }), data: Level, theLongestNameOfAll: optional(t.number) }),
  t.type({ op: t.undefined, s: t.union([t.number, t.string]), n: t.null, x: t.boolean }),
]);

/** What a sender might write: mostly what fits, in any order, with members that the codec does not name. */
const figure = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.integer().map(String),
  fc.constantFrom<unknown>('1.50', null, 'x', ''),
);
const text = fc.oneof(fc.constantFrom('AAPL.US', '', 'rows', '浦发银行', 'a"b', 'a\\b', '\n'), fc.string());
const anything = fc.oneof(figure, text, fc.boolean(), fc.jsonValue({ maxDepth: 2 }));
const level = fc.record({ p: figure, v: figure, po: anything }, { requiredKeys: ['p'] });
const row = fc.record(
  {
    symbol: text,
    last_price: figure,
    at: anything,
    isOpen: fc.oneof(fc.boolean(), anything),
    a: fc.oneof(fc.array(level), fc.constant(null)),
    b: fc.array(fc.tuple(figure, text)),
    ext: anything,
    last_pricf: anything,
  },
  { requiredKeys: ['symbol', 'last_price'] },
);
const frame = fc.oneof(
  fc.record({ op: fc.constant('rows'), data: fc.array(row), ext: anything }, { requiredKeys: ['op', 'data'] }),
  fc.record(
    {
      data: level,
      op: fc.constantFrom('one', 'other', 'none'),
      theLongestNameOfAll: fc.oneof(fc.double(), anything),
      xxtheLongestNameOfAll: anything,
    },
    { requiredKeys: ['op', 'data'] },
  ),
  fc.record({ s: fc.oneof(text, figure), n: fc.constant(null), x: fc.boolean() }),
  anything,
);

describe('a scanner that is made of codecs', () => {
  const scan = scannerOf(Frames);
  const read = readerOf(Frames);
  let known = 0;

  const agrees = (bytes: Buffer): void => {
    const found = scan(bytes);
    if (found === undefined) return;
    known += 1;
    const value = read(JSON.parse(bytes.toString()));
    expect(value).not.toBeUndefined();
    expect(named(Frames, found)).toStrictEqual(named(Frames, value));
  };

  it('reads what the codec reads, to the bit, or declines', () => {
    known = 0;
    fc.assert(
      fc.property(frame, (value) => agrees(Buffer.from(JSON.stringify(value)))),
      { numRuns: 5_000 },
    );
    expect(known).toBeGreaterThan(500);
  });

  it('reads no more than the codec of what has wrong bytes', () => {
    known = 0;
    const edits = fc.array(
      fc.tuple(
        fc.nat(),
        fc.oneof(fc.constantFrom(...Buffer.from('"\\{}[],:0-.e\0 ')), fc.integer({ min: 0, max: 255 })),
        fc.integer({ min: 0, max: 3 }),
      ),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(frame, edits, (value, changes) => {
        let bytes = Buffer.from(JSON.stringify(value));
        for (const [place, byte, lost] of changes) {
          const at = place % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + lost)]);
        }
        agrees(bytes);
      }),
      { numRuns: 10_000 },
    );
    expect(known).toBeGreaterThan(25);
  });

  it('knows the usual by heart, in any order of the keys', () => {
    expect(
      scan('{"data":[{"last_price":"1.50","b":[[1,"x"]],"symbol":"A","ext":{"名":["é",{}]}}],"op":"rows"}'),
    ).toMatchObject({
      op: 'rows',
      data: [{ symbol: 'A', last_price: 1.5, b: [[1, 'x']], a: undefined }],
    });
    expect(scan('{"op":"one","data":{"p":null,"v":2},"theLongestNameOfAll":3}')).toMatchObject({
      theLongestNameOfAll: 3,
    });
    expect(scan('{"s":"x","n":null,"x":true}')).toMatchObject({ s: 'x', n: null, x: true });
  });

  it.each([
    ['white space', '{"s":"x", "n":null,"x":true}'],
    ['an escape', '{"s":"\\u0041","n":null,"x":true}'],
    ['what stands behind it', '{"s":"x","n":null,"x":true}\n'],
    ['a mark before it', '\ufeff{"s":"x","n":null,"x":true}'],
    ['letters beyond ASCII in a text that is asked for', '{"s":"é","n":null,"x":true}'],
    ['a value nested too deep', `{"s":"x","n":null,"x":true,"y":${'['.repeat(9)}${']'.repeat(9)}}`],
    ['a key with a letter beyond ASCII', '{"é":1,"s":"x","n":null,"x":true}'],
    ['a record in the place of a key', '{"é":1},"s":"x","n":null,"x":true}'],
    ['nothing', ''],
    ['a frame that breaks off', '{"s":"x","n":nu'],
  ])('declines %s', (_, frame) => expect(scan(frame)).toBeUndefined());

  it('takes a member that is said twice as it was said last', () => {
    expect(scan('{"s":"x","s":2,"n":null,"x":true}')).toMatchObject({ s: 2 });
  });

  it('declines a list of more items than it has room for, and reads the next frame', () => {
    const many = JSON.stringify({ op: 'rows', data: Array(5_000).fill({ symbol: 'A', last_price: 1 }) });
    expect(scan(many)).toBeUndefined();
    expect(scan('{"s":"x","n":null,"x":true}')).toBeDefined();
  });

  it.each([
    ['a record of any keys', t.type({ a: t.record(t.string, t.number) }), /Frame\.a: no scanner can be made of/],
    ['a name beyond ASCII', t.type({ 价: t.number }), /names of plain ASCII/],
    [
      'a member in two parts of an intersection',
      t.intersection([t.type({ a: t.number }), t.type({ a: t.number })]),
      /name it in one/,
    ],
    ['two tuples', t.union([t.tuple([t.number, t.number]), t.tuple([t.string, t.string])]), /two tuples/],
  ])('says that it cannot be made of %s', (_, codec, message) => {
    expect(() => scannerSource({ Frame: codec }, { codecs: './frames.js' })).toThrow(message);
  });

  it('imports from the package unless it is said from where', () => {
    expect(scannerSource({ Frame: Level }, { codecs: './frames.js' })).toContain("from 'rxtape/scan'");
  });
});

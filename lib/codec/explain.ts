import type * as t from 'io-ts';
import { isRecord } from './json.js';
import { refuses } from './reader.js';
import { shapeOf } from './check.js';

const MAX_LINES = 5;
const MAX_LENGTH = 200;
const MAX_LOOKS = 100;
const MAX_STRING = 60;
/** As much of a string goes through `redact`; what lies behind is not shown. */
const LOOKED_AT = 8_192;

/**
 * Why the codec refuses a value: at most five lines of at most 200 characters, such as `data.ld: "abc" is not a number`
 * or `data.a.0.p: missing`; empty when it accepts it.
 *
 * Of a union it explains the part that the value comes nearest to. Strings go through `redact` and are cut short; arrays
 * and objects are not shown. It stops at the first problems, and looks no deeper than the codec does.
 */
export const explain = (codec: t.Mixed, value: unknown, redact: Redact = asItIs): readonly string[] => {
  const lines = new Set<string>();
  let looks = 0;
  for (const problem of problems(codec, value, [])) {
    lines.add(cut(lineOf(problem, redact), MAX_LENGTH));
    looks += 1;
    // Of lines that are cut, many may be the same.
    if (lines.size === MAX_LINES || looks === MAX_LOOKS) break;
  }
  return [...lines];
};

type Redact = (text: string) => string;

const asItIs: Redact = (text) => text;

/** The text, or its beginning and an ellipsis. */
export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/**
 * A value in a message: strings quoted and cut, objects and arrays by what they are, never by what they hold. A string goes
 * through `redact` before it is cut: half a credential would not be recognised afterwards.
 */
export const show = (value: unknown, redact: Redact = asItIs): string => {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(shortened(value, redact));
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
};

const shortened = (text: string, redact: Redact): string => cut(redact(text.slice(0, LOOKED_AT)), MAX_STRING);

type Path = readonly (string | number)[];

interface Problem {
  readonly path: Path;
  /** What is there; undefined where nothing is. */
  readonly found: unknown;
  /** The names of what may be there. */
  readonly wanted: readonly string[];
}

const lineOf = ({ path, found, wanted }: Problem, redact: Redact): string => {
  const where = path.map((key) => shortened(String(key), redact)).join('.');
  if (path.length > 0 && found === undefined) return `${where}: missing`;
  const text = `${show(found, redact)} is ${wanted.length > 1 ? 'none of' : 'not'} ${wanted.join(', ')}`;
  return path.length > 0 ? `${where}: ${text}` : text;
};

/** Lazy, so that a long array of bad items costs only the lines that are shown. */
function* problems(codec: t.Mixed, value: unknown, path: Path): Generator<Problem, void> {
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'InterfaceType':
    case 'PartialType':
      if (!isRecord(value)) break;
      return yield* memberProblems(shape, value, path);
    case 'ArrayType':
    case 'ReadonlyArrayType':
      if (!Array.isArray(value)) break;
      for (const [i, item] of value.entries())
        if (refuses(shape.type, item)) yield* problems(shape.type, item, [...path, i]);
      return;
    case 'IntersectionType':
      for (const part of shape.types) yield* problems(part, value, path);
      return;
    case 'ReadonlyType':
    case 'ExactType':
      return yield* problems(shape.type, value, path);
    case 'RefinementType':
      if (!refuses(shape.type, value)) break;
      return yield* problems(shape.type, value, path);
    case 'UnionType':
      if (refuses(codec, value)) yield* unionProblems(shape.types, value, path);
      return;
  }
  yield* ownProblems(codec, value, path);
}

function* memberProblems(
  { _tag, props }: t.InterfaceType<t.Props> | t.PartialType<t.Props>,
  fields: Readonly<Record<string, unknown>>,
  path: Path,
): Generator<Problem, void> {
  const required = _tag === 'InterfaceType';
  for (const [key, member] of Object.entries(props)) {
    const inner = [...path, key];
    if (Object.hasOwn(fields, key)) {
      if (required || fields[key] !== undefined) yield* problems(member, fields[key], inner);
    } else if (key in Object.prototype || (required && refuses(member, undefined))) {
      yield { path: inner, found: undefined, wanted: [nameOf(member)] };
    }
  }
}

/** As many of a part of a union are compared. */
const COMPARED = MAX_LINES + 1;

function* unionProblems(codecs: readonly t.Mixed[], value: unknown, path: Path): Generator<Problem, void> {
  const something = codecs.filter((codec) => !isOneOf(codec, 'NullType', 'UndefinedType'));
  const [only, ...others] = something;
  if (only && others.length === 0) return yield* problems(only, value, path);
  const parts = (only ? something : codecs).map((codec) => first(COMPARED, problems(codec, value, path)));
  const nearest = parts.reduce((a, b) => (distance(b, path) < distance(a, path) ? b : a));
  // What each part wants to be different is what tells them apart, such as a tag; the rest follows from it.
  for (const problem of nearest) {
    const there = parts.map((part) => part.filter(({ path }) => isSamePath(path, problem.path)));
    const wanted = new Set(there.flat().flatMap((other) => other.wanted));
    if (wanted.size === 1 || there.some((some) => some.length === 0)) continue;
    yield { ...problem, wanted: [...wanted] };
    return;
  }
  yield* nearest;
}

const first = (count: number, found: Iterable<Problem>): readonly Problem[] => {
  const some: Problem[] = [];
  for (const problem of found) if (some.push(problem) === count) break;
  return some;
};

/** How far a value is from fitting; infinitely where it is of another kind. */
const distance = (found: readonly Problem[], path: Path): number =>
  found.some((problem) => problem.path.length === path.length) ? Infinity : found.length;

const isSamePath = (a: Path, b: Path): boolean => a.length === b.length && a.every((key, i) => key === b[i]);

/** What the codec itself finds. Where it lists more than the lines that are wanted, they have been found already. */
function* ownProblems(codec: t.Mixed, value: unknown, path: Path): Generator<Problem, void> {
  const decoded = codec.decode(value);
  if (decoded._tag === 'Right') return;
  for (const { context } of decoded.left) {
    const last = context.at(-1);
    if (!last) continue;
    // A part of a union or of an intersection has a number, and is no place in the value.
    const isPlace = (_: unknown, i: number): boolean =>
      i > 0 && !isOneOf(context[i - 1]?.type, 'UnionType', 'IntersectionType');
    const keys = context.filter(isPlace).map(({ key }) => key);
    yield { path: [...path, ...keys], found: last.actual, wanted: [nameOf(last.type)] };
  }
}

const isOneOf = (codec: object | undefined, ...tags: readonly string[]): boolean =>
  tags.includes((codec as { readonly _tag?: string } | undefined)?._tag ?? '');

type Named = Pick<t.Mixed, 'name'>;

/** The name of a codec in a message: a word gets its article, and a structure is called by what it is. */
const nameOf = ({ name }: Named): string => {
  if (/^(?:Readonly)?Array</.test(name)) return 'an array';
  if (/[{<]/.test(name)) return 'a known object';
  if (!/^[a-z]/.test(name) || /^(?:null|undefined)$/.test(name)) return name;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
};

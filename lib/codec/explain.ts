import type * as t from 'io-ts';
import { isRecord } from './isRecord.js';
import { literalsOf, tagOf, type Tag } from './literals.js';
import { meant } from './meant.js';
import { shapeOf } from './shape.js';
import { judge } from './judge.js';
import { cut, nameOf, show } from './show.js';
import { FAILS, UNSURE, type Verdict } from './verdict.js';

const MAX_LINES = 5;
const MAX_LENGTH = 200;
const MAX_LOOKS = 100;

/**
 * Why the codec refuses a value: at most five lines of at most 200 characters, such as `data.ld: "abc" is not a number`
 * or `data.a.0.p: missing`; empty when it accepts it.
 *
 * Of a union it explains the part that was meant, going by the literals that match. Strings go through `redact` and are
 * cut short; arrays and objects are not shown. It stops at the first problems, and looks no deeper than the codec does.
 */
export const explain = (codec: t.Mixed, value: unknown, redact?: Redact): readonly string[] => {
  const lines = new Set<string>();
  let looks = 0;
  for (const { path, says } of problems(codec, value, [], (shown) => show(shown, redact))) {
    lines.add(cut(path.length > 0 ? `${path.join('.')}: ${says}` : says, MAX_LENGTH));
    looks += 1;
    // Of lines that are cut, many may be the same.
    if (lines.size === MAX_LINES || looks === MAX_LOOKS) break;
  }
  return [...lines];
};

type Redact = (text: string) => string;

type Show = (value: unknown) => string;

type Path = readonly (string | number)[];

interface Problem {
  readonly path: Path;
  readonly says: string;
}

/** Lazy, so that a long array of bad items costs no more than the lines that are wanted. */
function* problems(codec: t.Mixed, value: unknown, path: Path, say: Show): Generator<Problem, void> {
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'InterfaceType':
    case 'PartialType':
      if (!isRecord(value)) break;
      return yield* memberProblems(shape, value, path, say);
    case 'ArrayType':
    case 'ReadonlyArrayType':
      if (!Array.isArray(value)) break;
      for (const [i, item] of value.entries())
        if (refuses(shape.type, item)) yield* problems(shape.type, item, [...path, i], say);
      return;
    case 'IntersectionType':
      for (const part of shape.types) yield* problems(part, value, path, say);
      return;
    case 'ReadonlyType':
    case 'ExactType':
      return yield* problems(shape.type, value, path, say);
    case 'RefinementType':
      if (!refuses(shape.type, value)) break;
      return yield* problems(shape.type, value, path, say);
    case 'UnionType':
      if (!refuses(codec, value)) return;
      return yield* unionProblems(shape.types, value, path, say);
  }
  if (refuses(codec, value)) yield { path, says: `${say(value)} is not ${nameOf(codec)}` };
}

type Fields = Readonly<Record<string, unknown>>;

function* memberProblems(
  { _tag, props }: t.InterfaceType<t.Props> | t.PartialType<t.Props>,
  fields: Fields,
  path: Path,
  say: Show,
): Generator<Problem, void> {
  const required = _tag === 'InterfaceType';
  for (const [key, member] of Object.entries(props)) {
    const inner = [...path, key];
    if (Object.hasOwn(fields, key)) {
      if (required || fields[key] !== undefined) yield* problems(member, fields[key], inner, say);
    } else if (key in Object.prototype || (required && refuses(member, undefined))) {
      yield { path: inner, says: 'missing' };
    }
  }
}

function* unionProblems(codecs: readonly t.Mixed[], value: unknown, path: Path, say: Show): Generator<Problem, void> {
  const something = codecs.filter((codec) => !isNothing(codec));
  const wanted = something.length > 0 ? something : codecs;
  const tag = isRecord(value) ? tagOf(wanted) : undefined;
  if (tag) return yield* taggedProblems(tag, value as Fields, path, say);
  const one = wanted.length === 1 ? wanted[0] : meant(wanted, value);
  if (one) return yield* problems(one, value, path, say);
  const names = new Set(wanted.map(nameOf));
  yield { path, says: `${say(value)} is ${names.size > 1 ? 'none of' : 'not'} ${[...names].join(', ')}` };
}

function* taggedProblems({ key, codecs }: Tag, fields: Fields, path: Path, say: Show): Generator<Problem, void> {
  const codec = codecs.get(fields[key]);
  const inner = [...path, key];
  if (codec) yield* problems(codec, fields, path, say);
  else if (!Object.hasOwn(fields, key)) yield { path: inner, says: 'missing' };
  else
    yield {
      path: inner,
      says: `${say(fields[key])} is none of ${[...codecs.keys()].map((tag) => show(tag)).join(', ')}`,
    };
}

const isNothing = (codec: t.Mixed): boolean => literalsOf(codec)?.every((literal) => literal == null) ?? false;

/** By the judge where it is certain: `decode` makes a list of all that is wrong, and a frame can hold a million bad items. */
const refuses = (codec: t.Mixed, value: unknown): boolean => {
  const found = judgeOf(codec)(value);
  return found === FAILS || (found === UNSURE && codec.decode(value)._tag === 'Left');
};

const judges = new WeakMap<t.Mixed, (value: unknown) => Verdict>();

const judgeOf = (codec: t.Mixed): ((value: unknown) => Verdict) => {
  const known = judges.get(codec) ?? judge(codec);
  judges.set(codec, known);
  return known;
};

import type * as t from 'io-ts';
import { isRecord } from './isRecord.js';
import { literalsOf, tagOf, type Tag } from './literals.js';
import { meant } from './meant.js';
import { shapeOf } from './shape.js';
import { cut, nameOf, show } from './show.js';

const MAX_LINES = 5;
const MAX_LENGTH = 200;

/**
 * Why the codec refuses a value: at most five lines of at most 200 characters, such as `data.ld: "abc" is not a number`
 * or `data.a.0.p: missing`; empty when it accepts it.
 *
 * Of a union it explains the part that was meant, going by the literals that match. Strings are cut short, not
 * redacted; arrays and objects are not shown.
 */
export const explain = (codec: t.Mixed, value: unknown): readonly string[] => {
  const lines = new Set<string>();
  for (const { path, says } of problems(codec, value, [])) {
    lines.add(cut(path.length > 0 ? `${path.join('.')}: ${says}` : says, MAX_LENGTH));
    if (lines.size === MAX_LINES) break;
  }
  return [...lines];
};

type Path = readonly (string | number)[];

interface Problem {
  readonly path: Path;
  readonly says: string;
}

/** Lazy, so that a long array of bad items costs no more than the lines that are wanted. */
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
      for (const [i, item] of value.entries()) yield* problems(shape.type, item, [...path, i]);
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
      if (!refuses(codec, value)) return;
      return yield* unionProblems(shape.types, value, path);
  }
  if (refuses(codec, value)) yield { path, says: `${show(value)} is not ${nameOf(codec)}` };
}

type Fields = Readonly<Record<string, unknown>>;

function* memberProblems(
  { _tag, props }: t.InterfaceType<t.Props> | t.PartialType<t.Props>,
  fields: Fields,
  path: Path,
): Generator<Problem, void> {
  const required = _tag === 'InterfaceType';
  for (const [key, member] of Object.entries(props)) {
    const inner = [...path, key];
    if (Object.hasOwn(fields, key)) {
      if (required || fields[key] !== undefined) yield* problems(member, fields[key], inner);
    } else if (key in Object.prototype || (required && refuses(member, undefined))) {
      yield { path: inner, says: 'missing' };
    }
  }
}

function* unionProblems(codecs: readonly t.Mixed[], value: unknown, path: Path): Generator<Problem, void> {
  const something = codecs.filter((codec) => !isNothing(codec));
  const wanted = something.length > 0 ? something : codecs;
  const tag = isRecord(value) ? tagOf(wanted) : undefined;
  if (tag) return yield* taggedProblems(tag, value as Fields, path);
  const one = wanted.length === 1 ? wanted[0] : meant(wanted, value);
  if (one) return yield* problems(one, value, path);
  const names = new Set(wanted.map(nameOf));
  yield { path, says: `${show(value)} is ${names.size > 1 ? 'none of' : 'not'} ${[...names].join(', ')}` };
}

function* taggedProblems({ key, codecs }: Tag, fields: Fields, path: Path): Generator<Problem, void> {
  const codec = codecs.get(fields[key]);
  const inner = [...path, key];
  if (codec) yield* problems(codec, fields, path);
  else if (!Object.hasOwn(fields, key)) yield { path: inner, says: 'missing' };
  else yield { path: inner, says: `${show(fields[key])} is none of ${[...codecs.keys()].map(show).join(', ')}` };
}

const isNothing = (codec: t.Mixed): boolean => literalsOf(codec)?.every((literal) => literal == null) ?? false;

const refuses = (codec: t.Mixed, value: unknown): boolean => codec.decode(value)._tag === 'Left';

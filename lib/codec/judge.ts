import type * as t from 'io-ts';
import { arrayOf } from './arrayOf.js';
import { statedIdentity } from './identity.js';
import { anyKind, kinds } from './kind.js';
import { literalsOf, tagOf, type Tag } from './literals.js';
import { record } from './record.js';
import { shapeOf } from './shape.js';
import {
  both,
  either,
  FAILS,
  looking,
  ofKind,
  oneOf,
  opaque,
  refined,
  SAME,
  stated,
  UNSURE,
  verdict,
} from './verdict.js';
import type { Judge, Verdict } from './verdict.js';

/** What `codec.decode` would do to a value: fail, give it back, or neither for certain. Made once, then asked often. */
export const judge = (codec: t.Mixed): ((value: unknown) => Verdict) => {
  const root = judgeOf(codec);
  return (value) => verdict(root, value);
};

const judgeOf = (codec: t.Mixed): Judge => {
  const statement = statedIdentity(codec);
  if (statement) return stated(statement);
  const literals = literalsOf(codec);
  if (literals) return oneOf(literals);
  const members = membersOf(codec);
  if (members) return record(members);
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'StringType':
      return ofKind(kinds.string);
    case 'NumberType':
      return ofKind(kinds.finite | kinds.nonFinite);
    case 'BooleanType':
      return ofKind(kinds.boolean);
    case 'UnknownType':
      return ofKind(anyKind);
    case 'AnyDictionaryType':
      return ofKind(kinds.record);
    case 'AnyArrayType':
      return ofKind(kinds.array);
    case 'IntersectionType':
      return intersection(shape.types.map(judgeOf).reduce(both));
    case 'UnionType': {
      const tag = tagOf(shape.types);
      return tag ? tagged(tag) : shape.types.map(judgeOf).reduce(either);
    }
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return arrayOf(judgeOf(shape.type));
    case 'ReadonlyType':
      return judgeOf(shape.type);
    case 'ExactType': {
      const known = membersOf(shape.type);
      return known ? record(known, opaque) : both(judgeOf(shape.type), opaque);
    }
    case 'RefinementType':
      return refined(judgeOf(shape.type), shape.predicate as (value: unknown) => boolean);
    default:
      return opaque;
  }
};

/** The judges of a record codec's members, or of several that are intersected; undefined for any other codec. */
const membersOf = (codec: t.Mixed): Judges | undefined => {
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'InterfaceType':
      return mapProps(shape.props, judgeOf);
    case 'PartialType':
      return mapProps(shape.props, (member) => either(judgeOf(member), ofKind(kinds.undefined)));
    case 'ReadonlyType':
      return membersOf(shape.type);
    case 'IntersectionType': {
      const parts = shape.types.map(membersOf);
      return parts.every((part) => part !== undefined) ? parts.reduce(merged) : undefined;
    }
    default:
      return undefined;
  }
};

/** Never sure of arrays: as soon as one part has copied an array, io-ts merges them into a record. */
const intersection = (all: Judge): Judge => ({
  accepts: all.accepts & ~kinds.array,
  rejects: all.rejects,
  look: (value) => {
    const found = verdict(all, value);
    return found === SAME && Array.isArray(value) ? UNSURE : found;
  },
});

type Judges = ReadonlyMap<string, Judge>;

const mapProps = (props: t.Props, judge: (member: t.Mixed) => Judge): Judges =>
  new Map(Object.entries(props).map(([key, member]) => [key, judge(member)]));

const merged = (first: Judges, second: Judges): Judges =>
  [...second].reduce((all, [key, judge]) => {
    const other = first.get(key);
    return all.set(key, other ? both(other, judge) : judge);
  }, new Map(first));

/** One look at the tag, and only the part that it names is asked; the others would fail. */
const tagged = ({ key, codecs }: Tag): Judge => {
  const judges = new Map([...codecs].map(([value, codec]) => [value, judgeOf(codec)]));
  return looking(kinds.record, (value) => {
    const judge = judges.get((value as Readonly<Record<string, unknown>>)[key]);
    return judge ? judge.look(value) : FAILS;
  });
};

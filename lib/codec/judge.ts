import type * as t from 'io-ts';
import { anyKind, kindOf, kinds, statedIdentity, type Identity } from './identity.js';
import { literalsOf, tagOf, type Tag } from './literals.js';
import { shapeOf } from './shape.js';

/** What `decode` would do to a value, known without running it. */
export type Verdict = typeof FAILS | typeof SAME | typeof UNSURE;

export const FAILS = 0;
/** It gives the value back. */
export const SAME = 1;
/** It has to be run to know: it may change the value, or nothing is known of the codec. */
export const UNSURE = 2;

/**
 * The verdict on one value. The value's kind settles most; `look` is asked about the kinds that are in neither set.
 *
 * A leaf is two bit sets and no call, which is what makes a guard cost a fraction of `JSON.parse`.
 */
interface Judge extends Identity {
  readonly look: (value: unknown) => Verdict;
}

const unsure = (): Verdict => UNSURE;
const ofKind = (accepts: number): Judge => ({ accepts, rejects: anyKind & ~accepts, look: unsure });
const looking = (kind: number, look: (value: unknown) => Verdict): Judge => ({
  accepts: 0,
  rejects: anyKind & ~kind,
  look,
});

const verdict = (judge: Judge, value: unknown): Verdict => {
  const kind = kindOf(value);
  return (judge.accepts & kind) !== 0 ? SAME : (judge.rejects & kind) !== 0 ? FAILS : judge.look(value);
};

/** The judge of a codec; made once per codec, and then kept. */
const judgeOf = (codec: t.Mixed): Judge => {
  const stated = statedIdentity(codec);
  if (stated) return { ...stated, look: unsure };
  const literals = literalsOf(codec);
  if (literals) return oneOf(literals);
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'StringType':
      return ofKind(kinds.string);
    case 'NumberType':
      return ofKind(kinds.finite | kinds.nonFinite);
    case 'BooleanType':
      return ofKind(kinds.boolean);
    case 'VoidType':
      return ofKind(kinds.undefined);
    case 'UnknownType':
    case 'AnyType':
      return ofKind(anyKind);
    case 'NeverType':
      return ofKind(0);
    case 'AnyDictionaryType':
      return ofKind(kinds.record);
    case 'AnyArrayType':
      return ofKind(kinds.array);
    case 'InterfaceType':
    case 'PartialType':
      return record(membersOf(codec) ?? []);
    case 'IntersectionType': {
      const members = membersOf(codec);
      return members ? record(members) : shape.types.map(judgeOf).reduce(both);
    }
    case 'UnionType': {
      const tag = tagOf(shape.types);
      return tag ? tagged(tag) : shape.types.map(judgeOf).reduce(either);
    }
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return arrayOf(judgeOf(shape.type));
    case 'ReadonlyType':
      return judgeOf(shape.type);
    case 'ExactType':
      return exact(judgeOf(shape.type), new Set(membersOf(shape.type)?.map(({ key }) => key)));
    case 'RefinementType':
      return refined(judgeOf(shape.type), shape.predicate as (value: unknown) => boolean);
    default:
      return { accepts: 0, rejects: 0, look: unsure };
  }
};

/** One member of a record. */
interface Member extends Judge {
  readonly key: string;
}

/** The members of a record codec, or of several that are intersected; undefined for any other codec. */
const membersOf = (codec: t.Mixed): readonly Member[] | undefined => {
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'InterfaceType':
      return Object.entries(shape.props).map(([key, member]) => ({ key, ...judgeOf(member) }));
    case 'PartialType':
      return Object.entries(shape.props).map(([key, member]) => ({
        key,
        ...either(judgeOf(member), ofKind(kinds.undefined)),
      }));
    case 'ReadonlyType':
      return membersOf(shape.type);
    case 'IntersectionType': {
      const parts = shape.types.map(membersOf);
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    default:
      return undefined;
  }
};

const oneOf = (literals: readonly unknown[]): Judge => {
  const kind = literals.reduce<number>((bits, literal) => bits | kindOf(literal), 0);
  const values = new Set(literals);
  const [only] = literals;
  return looking(
    kind,
    values.size === 1 ? (value) => (value === only ? SAME : FAILS) : (value) => (values.has(value) ? SAME : FAILS),
  );
};

const record = (members: readonly Member[]): Judge => {
  const keys = members.map(({ key }) => key);
  const accepts = members.map((member) => member.accepts);
  const rejects = members.map((member) => member.rejects);
  const looks = members.map(({ look }) => look);
  // These every object inherits, so a plain read would find them where the sender wrote nothing.
  const inherited = keys.filter((key) => key in Object.prototype);
  return looking(kinds.record, (value) => {
    const fields = value as Readonly<Record<string, unknown>>;
    for (const key of inherited) if (!Object.hasOwn(fields, key)) return FAILS;
    let result: Verdict = SAME;
    for (let i = 0; i < keys.length; i++) {
      const field = fields[keys[i] as string];
      const kind = kindOf(field);
      if (((accepts[i] as number) & kind) !== 0) continue;
      if (((rejects[i] as number) & kind) !== 0) return FAILS;
      const found = (looks[i] as Judge['look'])(field);
      if (found === FAILS) return FAILS;
      if (found === UNSURE) result = UNSURE;
    }
    return result;
  });
};

const arrayOf = (item: Judge): Judge =>
  looking(kinds.array, (value) => {
    const items = value as readonly unknown[];
    let result: Verdict = SAME;
    for (let i = 0; i < items.length; i++) {
      const found = verdict(item, items[i]);
      if (found === FAILS) return FAILS;
      if (found === UNSURE) result = UNSURE;
    }
    return result;
  });

/** The first that does not fail, as io-ts tries them in order. */
const either = (first: Judge, second: Judge): Judge => ({
  accepts: first.accepts | (first.rejects & second.accepts),
  rejects: first.rejects & second.rejects,
  look: (value) => {
    const found = verdict(first, value);
    return found === FAILS ? verdict(second, value) : found;
  },
});

const tagged = ({ key, codecs }: Tag): Judge => {
  const judges = new Map([...codecs].map(([value, codec]) => [value, judgeOf(codec)]));
  return looking(kinds.record, (value) => {
    const judge = judges.get((value as Readonly<Record<string, unknown>>)[key]);
    return judge ? judge.look(value) : FAILS;
  });
};

/** Fails if one does. io-ts merges arrays into a record as soon as one of them was copied, so those are never sure. */
const both = (first: Judge, second: Judge): Judge => ({
  accepts: first.accepts & second.accepts,
  rejects: first.rejects | second.rejects,
  look: (value) => {
    const found = verdict(first, value);
    const other = found === FAILS ? FAILS : verdict(second, value);
    return other === SAME ? (Array.isArray(value) ? UNSURE : found) : other;
  },
});

const exact = (inner: Judge, known: ReadonlySet<string>): Judge =>
  looking(kinds.record, (value) => {
    const found = verdict(inner, value);
    if (found !== SAME) return found;
    return Object.keys(value as object).every((key) => known.has(key)) ? SAME : UNSURE;
  });

const refined = (inner: Judge, predicate: (value: unknown) => boolean): Judge => ({
  accepts: 0,
  rejects: inner.rejects,
  look: (value) => {
    const found = verdict(inner, value);
    return found === SAME && !predicate(value) ? FAILS : found;
  },
});

/** What `codec.decode` would do to a value: fail, give it back, or neither for certain. */
export const judge = (codec: t.Mixed): ((value: unknown) => Verdict) => {
  const root = judgeOf(codec);
  return (value) => verdict(root, value);
};

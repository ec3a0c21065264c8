import type * as t from 'io-ts';
import { numberOf, numeric } from './fields.js';

/** The codecs whose structure is understood here, by `_tag`. Any other is asked by its `decode`. */
type Shape =
  | t.LiteralType<string | number | boolean>
  | t.KeyofType<Readonly<Record<string, unknown>>>
  | t.InterfaceType<t.Props>
  | t.PartialType<t.Props>
  | t.IntersectionType<t.Mixed[]>
  | t.UnionType<t.Mixed[]>
  | t.ArrayType<t.Mixed>
  | t.ReadonlyArrayType<t.Mixed>
  | t.TupleType<t.Mixed[]>
  | t.ReadonlyType<t.Mixed>
  | t.ExactType<t.Mixed>
  | t.RefinementType<t.Mixed>;

interface Other {
  readonly _tag: undefined;
}

/** The codec as one of the shapes that are understood, to be switched on; or a codec of another shape. */
export const shapeOf = (codec: t.Mixed): Shape | Other => codec as unknown as Shape | Other;

export const FAILS = 0;
/** `decode` gives the value back. */
export const SAME = 1;
/** `decode` has to be run to know: it may change the value, or nothing is known of the codec. */
export const UNSURE = 2;

type Result = typeof FAILS | typeof SAME | typeof UNSURE;

// The kinds of values that can be told apart without looking closer, as bits.
const STRING = 1;
/** A number that JSON can write. */
const FINITE = 2;
/** `NaN` and the infinities; `JSON.parse('1e999')` makes one. */
const NON_FINITE = 4;
const BOOLEAN = 8;
const NULL = 16;
const UNDEFINED = 32;
const RECORD = 64;
const ARRAY = 128;
/** What JSON knows nothing of: functions, symbols, bigints. */
const OTHER = 256;
const ANY = 511;

/** The bit of the value's kind. Each `typeof` is compared where it stands: a `switch` would make a string of it first. */
const kindOf = (value: unknown): number => {
  if (typeof value === 'number') return value - value === 0 ? FINITE : NON_FINITE;
  if (typeof value === 'string') return STRING;
  if (typeof value === 'object') return value === null ? NULL : Array.isArray(value) ? ARRAY : RECORD;
  if (typeof value === 'boolean') return BOOLEAN;
  return typeof value === 'undefined' ? UNDEFINED : OTHER;
};

/**
 * What `decode` does to a value, known without running it. The value's kind settles most: a leaf is two sets of bits and
 * no call, which is what makes a check cost a fraction of `JSON.parse`. A kind in neither set fails.
 */
interface Check {
  /** The kinds that always decode to themselves. */
  readonly accepts: number;
  /** The kinds that `look` is asked about. */
  readonly looks: number;
  readonly look: (value: unknown) => Result;
}

/** What `decode` would do to the value. */
export const resultOf = (check: Check, value: unknown): Result => {
  const kind = kindOf(value);
  return (check.accepts & kind) !== 0 ? SAME : (check.looks & kind) !== 0 ? check.look(value) : FAILS;
};

const looking = (looks: number, look: Check['look'], accepts = 0): Check => ({ accepts, looks, look });

const ofKind = (accepts: number): Check => looking(0, () => FAILS, accepts);

const opaque = looking(ANY, () => UNSURE);

const figure = looking(STRING, (value) => (Number.isFinite(numberOf(value)) ? UNSURE : FAILS), FINITE);

const leaves: ReadonlyMap<string | undefined, Check> = new Map([
  ['StringType', ofKind(STRING)],
  ['NumberType', ofKind(FINITE | NON_FINITE)],
  ['BooleanType', ofKind(BOOLEAN)],
  ['NullType', ofKind(NULL)],
  ['UndefinedType', ofKind(UNDEFINED)],
  ['UnknownType', ofKind(ANY)],
  ['AnyArrayType', ofKind(ARRAY)],
  ['AnyDictionaryType', ofKind(RECORD)],
]);

const checks = new WeakMap<t.Mixed, Check>();

/** The check of a codec; made once. */
export const checkOf = (codec: t.Mixed): Check => {
  const check = checks.get(codec) ?? newCheck(codec);
  checks.set(codec, check);
  return check;
};

const newCheck = (codec: t.Mixed): Check => {
  if (codec === numeric) return figure;
  const members = membersOf(codec);
  if (members) return recordOf(members);
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'LiteralType':
      return oneOf([shape.value]);
    case 'KeyofType':
      return oneOf(Object.keys(shape.keys));
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return arrayOf(checkOf(shape.type));
    case 'UnionType':
      return shape.types.map(checkOf).reduce(either);
    case 'ReadonlyType':
      return checkOf(shape.type);
    case 'ExactType':
      return both(checkOf(shape.type), opaque);
    case 'RefinementType':
      return refined(checkOf(shape.type), shape.predicate as (value: unknown) => boolean);
    default:
      return leaves.get(shape._tag) ?? opaque;
  }
};

type Members = ReadonlyMap<string, Check>;

/** The checks of a record codec's members, or of several that are intersected; undefined for any other codec. */
const membersOf = (codec: t.Mixed): Members | undefined => {
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'InterfaceType':
      return mapProps(shape.props, checkOf);
    case 'PartialType':
      return mapProps(shape.props, (member) => either(checkOf(member), ofKind(UNDEFINED)));
    case 'IntersectionType': {
      const parts = shape.types.map(membersOf);
      return parts.every((part) => part !== undefined) ? parts.reduce(merged) : undefined;
    }
    default:
      return undefined;
  }
};

const mapProps = (props: t.Props, check: (member: t.Mixed) => Check): Members =>
  new Map(Object.entries(props).map(([key, member]) => [key, check(member)]));

const merged = (first: Members, second: Members): Members =>
  [...second].reduce((all, [key, check]) => {
    const other = first.get(key);
    return all.set(key, other ? both(other, check) : check);
  }, new Map(first));

const oneOf = (values: readonly unknown[]): Check => {
  const known = new Set(values);
  const kinds = values.reduce<number>((bits, value) => bits | kindOf(value), 0);
  return looking(kinds, (value) => (known.has(value) ? SAME : FAILS));
};

/** The first that does not fail, as io-ts tries the parts of a union in order. */
const either = (first: Check, second: Check): Check => {
  const accepts = first.accepts | (second.accepts & ~first.looks);
  const looks = first.looks | (second.looks & ~first.accepts);
  // Such as an array or nothing: only the first ever looks, so it is asked without a detour.
  if (second.looks === 0 && (first.looks & second.accepts) === 0) return looking(looks, first.look, accepts);
  const look = (value: unknown): Result => {
    const found = resultOf(first, value);
    return found === FAILS ? resultOf(second, value) : found;
  };
  return looking(looks, look, accepts);
};

/** Fails if one does, and is sure if both are. */
const both = (first: Check, second: Check): Check => {
  const accepts = first.accepts & second.accepts;
  const looks = (first.accepts | first.looks) & (second.accepts | second.looks) & ~accepts;
  const look = (value: unknown): Result => {
    const found = resultOf(first, value);
    const other = found === FAILS ? FAILS : resultOf(second, value);
    return other === SAME ? found : other;
  };
  return looking(looks, look, accepts);
};

/** What the inner one says, unless the value is its own and the predicate refuses it. */
const refined = (inner: Check, predicate: (value: unknown) => boolean): Check =>
  looking(inner.accepts | inner.looks, (value) => {
    const found = resultOf(inner, value);
    return found === SAME && !predicate(value) ? FAILS : found;
  });

const arrayOf = (item: Check): Check => {
  const takesNumbers = (item.accepts & FINITE) !== 0;
  return looking(ARRAY, (value) => {
    const items = value as readonly unknown[];
    let i = 0;
    // A loop that only counts reads an array of doubles in place; the general one boxes each of them.
    if (takesNumbers) while (i < items.length && isFiniteNumber(items[i])) i++;
    let sure = true;
    for (; i < items.length; i++) {
      const found = resultOf(item, items[i]);
      if (found === FAILS) return FAILS;
      if (found === UNSURE) sure = false;
    }
    return sure ? SAME : UNSURE;
  });
};

const isFiniteNumber = (value: unknown): boolean => typeof value === 'number' && value - value === 0;

/** One member of a record, and the one that came after it in the last record seen. */
interface MemberCheck extends Check {
  /** Undefined for a field that is not known by heart. */
  readonly key: string | undefined;
  /** What its absence adds to the case against a record. */
  readonly weight: number;
  /** Whether a finite number will do; most fields of a market are numbers, and need no look at their kind. */
  readonly takesNumbers: boolean;
  next: MemberCheck;
}

/** What an absent member weighs, by what its codec makes of `undefined`. */
const weights = { [SAME]: 0, [UNSURE]: 1, [FAILS]: 0x10000 };

/** How many keys are remembered, and how long a key may be: bounds the memory against a sender that makes up keys. */
const MOST_KEYS = 128;
const LONGEST_KEY = 64;

const memberOf = (key: string | undefined, check: Check, weight = 0): MemberCheck => {
  const takesNumbers = (check.accepts & FINITE) !== 0;
  const member = { key, ...check, weight, takesNumbers, next: undefined as unknown as MemberCheck };
  member.next = member;
  return member;
};

/**
 * Checks a record by its members. A field that the codec does not name may hold anything.
 *
 * It walks the fields that are there rather than the members that may be: V8 reads the fields of a `for…in` by
 * position, several times faster than by a key that varies, and absent members cost nothing. A sender writes its
 * fields in one order, so each member remembers its successor, and the map is asked only when that guess is wrong.
 */
const recordOf = (checked: Members): Check => {
  const members = new Map<string, MemberCheck>();
  let all = 0;
  for (const [key, check] of checked) {
    // Every object inherits some members; where the sender wrote none, io-ts finds those.
    const weight = weights[key in Object.prototype ? FAILS : resultOf(check, undefined)];
    members.set(key, memberOf(key, check, weight));
    all += weight;
  }
  const other = memberOf(undefined, ofKind(ANY));
  const met = (key: string): MemberCheck => {
    if (members.size >= MOST_KEYS || key.length > LONGEST_KEY) return other;
    const member = memberOf(key, ofKind(ANY));
    members.set(key, member);
    return member;
  };
  const start = memberOf(undefined, ofKind(ANY));
  return looking(RECORD, (value) => {
    const fields = value as Readonly<Record<string, unknown>>;
    let missing = all;
    let sure = true;
    let last = start;
    for (const key in fields) {
      const field = fields[key];
      let member = last.next;
      if (member.key !== key) member = last.next = members.get(key) ?? met(key);
      last = member;
      missing -= member.weight;
      if (typeof field === 'number' && member.takesNumbers && field - field === 0) continue;
      const kind = kindOf(field);
      if ((member.accepts & kind) !== 0) continue;
      if ((member.looks & kind) === 0) return FAILS;
      const found = member.look(field);
      if (found === FAILS) return FAILS;
      if (found === UNSURE) sure = false;
    }
    return missing >= weights[FAILS] ? FAILS : sure && missing === 0 ? SAME : UNSURE;
  });
};

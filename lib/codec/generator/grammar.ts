import type * as t from 'io-ts';
import { shapeOf } from '../check.js';
import { numeric } from '../fields.js';
import { refuses } from '../reader.js';

/**
 * What a codec takes of JSON, by what a value begins with. Codecs that are alternatives of each other are read as one, so
 * that nothing is read twice; which of them the value fits is seen afterwards.
 */
export interface Grammar {
  /** Texts are taken as they are, or are numbers in quotes; in a union it may be either. */
  readonly text?: 'as it is' | 'a number' | 'either' | undefined;
  /** The texts that there can be; any, where they are not known. */
  readonly texts?: readonly string[] | undefined;
  readonly number?: boolean | undefined;
  readonly boolean?: boolean | undefined;
  readonly null?: boolean | undefined;
  readonly list?: Grammar | undefined;
  readonly tuple?: readonly Grammar[] | undefined;
  readonly record?: RecordGrammar | undefined;
}

/** A record: all members that its alternatives name, each as all of them take it. */
export interface RecordGrammar {
  readonly members: ReadonlyMap<string, Grammar>;
  readonly alternatives: readonly Alternative[];
}

/** One of the records that there can be. */
export type Alternative = ReadonlyMap<string, Member>;

export interface Member {
  readonly grammar: Grammar;
  readonly isRequired: boolean;
}

/** What codecs take. Throws for a codec that no scanner can be made of; `path` is where it stands. */
export const grammars = (): ((codec: t.Mixed, path: string) => Grammar) => {
  // The same codec in two places is read by the same code.
  const known = new Map<t.Mixed, Grammar>();
  const grammarOf = (codec: t.Mixed, path: string): Grammar => {
    const grammar = known.get(codec) ?? newGrammar(codec, path);
    known.set(codec, grammar);
    return grammar;
  };

  const newGrammar = (codec: t.Mixed, path: string): Grammar => {
    if (codec === numeric) return { number: true, text: 'a number' };
    const members = membersOf(codec, path);
    if (members) return { record: recordOf([members]) };
    const shape = shapeOf(codec);
    switch (shape._tag) {
      case 'LiteralType':
        if (typeof shape.value !== 'string') break;
        return { text: 'as it is', texts: [shape.value] };
      case 'KeyofType':
        return { text: 'as it is', texts: Object.keys(shape.keys) };
      case 'ArrayType':
      case 'ReadonlyArrayType':
        return { list: grammarOf(shape.type, `${path}[]`) };
      case 'UnionType':
        return shape.types.map((part) => grammarOf(part, path)).reduce(merged);
      case 'ReadonlyType':
        return grammarOf(shape.type, path);
      case 'TupleType':
        return { tuple: shape.types.map((item, i) => grammarOf(item, `${path}[${i}]`)) };
    }
    const leaf = leaves.get(shape._tag);
    if (leaf) return leaf;
    throw new Error(
      `${path}: no scanner can be made of ${codec.name}; see docs/add-a-provider.md for what it can read`,
    );
  };

  const membersOf = (codec: t.Mixed, path: string): Alternative | undefined => {
    const shape = shapeOf(codec);
    switch (shape._tag) {
      case 'InterfaceType':
      case 'PartialType':
        return new Map(
          Object.entries(shape.props).map(([key, member]) => [
            key,
            {
              grammar: grammarOf(member, `${path}.${key}`),
              isRequired: shape._tag === 'InterfaceType' && refuses(member, undefined),
            },
          ]),
        );
      case 'IntersectionType': {
        const parts = shape.types.map((part) => membersOf(part, path));
        if (!parts.every((part) => part !== undefined)) return undefined;
        const all = parts.flatMap((part) => [...part]);
        const twice = all.find(([key], i) => all.findIndex(([other]) => other === key) < i);
        if (twice) throw new Error(`${path}.${twice[0]}: two parts of an intersection name it; name it in one`);
        return new Map(all);
      }
      default:
        return undefined;
    }
  };
  return grammarOf;
};

const anything: Grammar = { text: 'as it is', number: true, boolean: true, null: true };

const leaves: ReadonlyMap<string | undefined, Grammar> = new Map<string, Grammar>([
  ['StringType', { text: 'as it is' }],
  ['NumberType', { number: true }],
  ['BooleanType', { boolean: true }],
  ['NullType', { null: true }],
  // No JSON means it, so that there is nothing to read.
  ['UndefinedType', {}],
  // Lists and records may be anything too, and are declined: a frame that has them is read as a text.
  ['UnknownType', anything],
]);

const recordOf = (alternatives: readonly Alternative[]): RecordGrammar => {
  const members = new Map<string, Grammar>();
  for (const [key, { grammar }] of alternatives.flatMap((alternative) => [...alternative])) {
    const other = members.get(key);
    members.set(key, other ? merged(other, grammar) : grammar);
  }
  return { members, alternatives };
};

const merged = (first: Grammar, second: Grammar): Grammar => {
  if (first === second) return first;
  const { record, list, tuple } = first;
  if (tuple && second.tuple) throw new Error('two tuples in a union cannot be told apart; see docs/add-a-provider.md');
  const texts =
    first.text && second.text
      ? first.texts && second.texts && [...first.texts, ...second.texts]
      : (first.texts ?? second.texts);
  return {
    text: first.text && second.text && first.text !== second.text ? 'either' : (first.text ?? second.text),
    texts,
    number: first.number ?? second.number,
    boolean: first.boolean ?? second.boolean,
    null: first.null ?? second.null,
    list: list && second.list ? merged(list, second.list) : (list ?? second.list),
    tuple: tuple ?? second.tuple,
    record:
      record && second.record
        ? recordOf([...new Set([...record.alternatives, ...second.record.alternatives])])
        : (record ?? second.record),
  };
};

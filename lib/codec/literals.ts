import type * as t from 'io-ts';
import { shapeOf } from './shape.js';

/** The values of a codec that accepts but a few, such as a literal; undefined for any other codec. */
export const literalsOf = (codec: t.Mixed): readonly unknown[] | undefined => {
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'LiteralType':
      return [shape.value];
    case 'KeyofType':
      return Object.keys(shape.keys);
    case 'NullType':
      return [null];
    case 'UndefinedType':
      return [undefined];
    case 'ReadonlyType':
      return literalsOf(shape.type);
    case 'UnionType': {
      const values = shape.types.map(literalsOf);
      return values.every((some) => some !== undefined) ? values.flat() : undefined;
    }
    default:
      return undefined;
  }
};

/** The members without which the codec accepts no record, by key. */
export const requiredOf = (codec: t.Mixed): t.Props => {
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'InterfaceType':
      return shape.props;
    case 'IntersectionType':
      return Object.assign({}, ...shape.types.map(requiredOf)) as t.Props;
    case 'ReadonlyType':
    case 'ExactType':
    case 'RefinementType':
      return requiredOf(shape.type);
    default:
      return {};
  }
};

/** A member that tells the codecs of a union apart: its key, and which codec each of its values leads to. */
export interface Tag {
  readonly key: string;
  readonly codecs: ReadonlyMap<unknown, t.Mixed>;
}

/** The first member that tells the codecs apart by its literals, if there is one. */
export const tagOf = (codecs: readonly t.Mixed[]): Tag | undefined => {
  const members = codecs.map(requiredOf);
  for (const key of Object.keys(members[0] ?? {})) {
    const byValue = new Map<unknown, t.Mixed>();
    const tells = codecs.every((codec, i) => {
      const member = members[i]?.[key];
      const values = member && literalsOf(member);
      if (!values?.every((value) => !byValue.has(value))) return false;
      values.forEach((value) => byValue.set(value, codec));
      return true;
    });
    if (tells) return { key, codecs: byValue };
  }
  return undefined;
};

import type * as t from 'io-ts';

/** The io-ts codecs that are understood here, by `_tag`. */
export type Shape =
  | t.StringType
  | t.NumberType
  | t.BooleanType
  | t.NullType
  | t.UndefinedType
  | t.UnknownType
  | t.AnyDictionaryType
  | t.AnyArrayType
  | t.LiteralType<Literal>
  | t.KeyofType<Readonly<Record<string, unknown>>>
  | t.InterfaceType<t.Props>
  | t.PartialType<t.Props>
  | t.UnionType<t.Mixed[]>
  | t.IntersectionType<t.Mixed[]>
  | t.ArrayType<t.Mixed>
  | t.ReadonlyArrayType<t.Mixed>
  | t.ReadonlyType<t.Mixed>
  | t.ExactType<t.Mixed>
  | t.RefinementType<t.Mixed>;

export type Literal = string | number | boolean;

/** A codec of one's own, or one that is rare on the wire: nothing is known of it. */
export interface Opaque {
  readonly _tag: undefined;
}

/** The codec as one of the known shapes, to be switched on; also a codec that is none of them. */
export const shapeOf = (codec: t.Mixed): Shape | Opaque => codec as unknown as Shape | Opaque;

import * as t from 'io-ts';

/**
 * The codec, or nothing: absent, `undefined` or `null`, each kept as it came. In a `t.type` and in a `t.partial` alike;
 * the normaliser turns `null` into `undefined`.
 */
export const optional = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.UndefinedC, t.NullC]> =>
  t.union([codec, t.undefined, t.null], `optional ${codec.name}`);

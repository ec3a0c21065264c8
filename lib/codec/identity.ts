import type * as t from 'io-ts';

/** The kinds of values that can be told apart without looking closer, as bits. */
export const kinds = {
  string: 1,
  /** A number that JSON can write. */
  finite: 2,
  /** `NaN` and the infinities; `JSON.parse('1e999')` makes one. */
  nonFinite: 4,
  boolean: 8,
  null: 16,
  undefined: 32,
  record: 64,
  array: 128,
  /** What JSON knows nothing of: functions, symbols, bigints. */
  other: 256,
} as const;

/** All kinds. */
export const anyKind = 511;

/** The bit of the value's kind. */
export const kindOf = (value: unknown): number => {
  switch (typeof value) {
    case 'number':
      return value - value === 0 ? kinds.finite : kinds.nonFinite;
    case 'string':
      return kinds.string;
    case 'object':
      return value === null ? kinds.null : Array.isArray(value) ? kinds.array : kinds.record;
    case 'boolean':
      return kinds.boolean;
    case 'undefined':
      return kinds.undefined;
    default:
      return kinds.other;
  }
};

/** What `decode` does to a value, going by its kind. A kind in neither set has to be looked at. */
export interface Identity {
  /** Kinds that always decode to themselves. */
  readonly accepts: number;
  /** Kinds that never decode. */
  readonly rejects: number;
}

const statement = Symbol('identity');

interface Stated {
  readonly [statement]?: Identity;
}

/**
 * The codec, saying which kinds of values it leaves alone and which it refuses, so that a guard may vouch for them.
 *
 * A codec of one's own that states nothing sends every value through `decode`.
 */
export const stateIdentity = <C extends t.Mixed>(codec: C, identity: Identity): C => {
  Object.assign(codec, { [statement]: identity } satisfies Stated);
  return codec;
};

/** What the codec has stated about itself, if anything. */
export const statedIdentity = (codec: t.Mixed): Identity | undefined => (codec as Stated)[statement];

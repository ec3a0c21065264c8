import type * as t from 'io-ts';

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
 *
 * @example
 * stateIdentity(trimmed, { accepts: 0, rejects: anyKind & ~kinds.string })
 */
export const stateIdentity = <C extends t.Mixed>(codec: C, identity: Identity): C => {
  Object.assign(codec, { [statement]: identity } satisfies Stated);
  return codec;
};

/** What the codec has stated about itself, if anything. */
export const statedIdentity = (codec: t.Mixed): Identity | undefined => (codec as Stated)[statement];

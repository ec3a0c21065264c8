import type * as t from 'io-ts';

/** What `decode` does to a value, going by its kind. A kind in neither set has to be looked at. */
export interface Identity {
  /** Kinds that always decode to themselves. */
  readonly accepts: number;
  /** Kinds that never decode. */
  readonly rejects: number;
}

/** What a codec says of itself. */
export interface Statement extends Identity {
  /**
   * Whether a value of the other kinds decodes at all. Without it `decode` is asked, which makes a list of all that is
   * wrong with a frame.
   */
  readonly decodes?: ((value: unknown) => boolean) | undefined;
}

const statement = Symbol('identity');

interface Stated {
  readonly [statement]?: Statement;
}

/**
 * The codec, saying which kinds of values it leaves alone and which it refuses, so that a guard may vouch for them.
 *
 * A codec of one's own that states nothing sends every value through `decode`.
 *
 * @example
 * stateIdentity(trimmed, { accepts: 0, rejects: anyKind & ~kinds.string })
 */
export const stateIdentity = <C extends t.Mixed>(codec: C, identity: Statement): C => {
  Object.assign(codec, { [statement]: identity } satisfies Stated);
  return codec;
};

/** What the codec has stated about itself, if anything. */
export const statedIdentity = (codec: t.Mixed): Statement | undefined => (codec as Stated)[statement];

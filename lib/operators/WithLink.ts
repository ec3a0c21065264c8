/** Exists in types only. */
declare const linkEventsAreLeftOut: unique symbol;

/** Events that `ofKind` chose of a feed, without those that say a gap. */
export interface WithoutLink {
  readonly [linkEventsAreLeftOut]?: true;
}

/**
 * Events of a feed with those that say its gaps, for an operator that needs them: what `ofKind` chose without `disconnected` is
 * a type error.
 */
export type WithLink<E> = E & { readonly [linkEventsAreLeftOut]?: undefined };

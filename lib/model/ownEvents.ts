/**
 * The events of providers of your own, by kind: empty until you declare them. All that takes or gives a `FeedEvent`, a
 * `Topic` or a `Channel` then knows them.
 *
 * An event has at least `kind`, which is its key here, `provider`, `feed?` and `receivedAt`. One with a `symbol` answers the
 * topic whose `channel` is its kind; one without is news of the link, for everybody. An entry that is no such event is left
 * out.
 *
 * @example
 * declare module 'rxtape' {
 *   interface OwnEvents {
 *     funding: Funding;
 *   }
 * }
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it is for others to fill
export interface OwnEvents {}

/** What every event of a feed carries. */
export interface EventFacts {
  /** Which factory it came from: `itick`, `tickflow`, or the name of a provider of your own. */
  readonly provider: string;
  /** The name of the feed it came from; an event made by hand without one belongs to the feed named as its provider. */
  readonly feed?: string | undefined;
  /** When it arrived or happened here, by the RxJS clock, in epoch milliseconds. */
  readonly receivedAt: number;
}

/** What providers of your own say, as declared in `OwnEvents`. */
export type OwnEvent = {
  readonly [K in keyof OwnEvents]: Extract<OwnEvents[K], EventFacts & { readonly kind: K }>;
}[keyof OwnEvents];

/** What providers of your own say of a symbol, as declared in `OwnEvents`: it answers a topic. */
export type OwnData = Extract<OwnEvent, { readonly symbol: string }>;

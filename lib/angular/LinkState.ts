import type { LinkEvent, Switched } from '../model/feedEvent.js';

/**
 * The state of the connection of a feed, after its last event. With several vendors in one feed: of the one that
 * emitted last.
 */
export interface LinkState {
  /**
   * `idle`: there is no watcher. `connecting`: there is one, and no link event yet. `live`. `lost`: until the next attempt
   * succeeds. `ended`: the feed is over; `reload` or the next watcher starts a new one. `server`: the page is rendered on a server,
   * where nothing connects.
   */
  readonly state: 'idle' | 'connecting' | 'live' | 'lost' | 'ended' | 'server';
  /** The provider that emitted last. */
  readonly provider: string | undefined;
  /** The last hole in the data, `from` and `to` in epoch milliseconds. It outlives the outage. */
  readonly lastGap: { readonly from: number; readonly to: number } | undefined;
  /** Why it is `lost`, or the error that `ended` it; undefined otherwise, and when the feed just completed. */
  readonly cause: unknown;
  /** When the next attempt begins, in epoch milliseconds; only while `lost`. */
  readonly retryAt: number | undefined;
  /** Milliseconds from the last ping to its pong, where the vendor answers pings. */
  readonly roundTrip: number | undefined;
  /**
   * Of a `standby`: the last switch of the whole feed, which says who serves since when and why; undefined before the first one.
   * What neither line had is the `lastGap`.
   */
  readonly switched: Switched | undefined;
}

/** Before anybody watches. */
export const idle: LinkState = {
  state: 'idle',
  provider: undefined,
  lastGap: undefined,
  cause: undefined,
  retryAt: undefined,
  roundTrip: undefined,
  switched: undefined,
};

/** The state after an event of the link. */
export const nextLink = (link: LinkState, event: LinkEvent): LinkState => {
  const { provider } = event;
  switch (event.kind) {
    case 'connected':
      return {
        ...idle,
        state: 'live',
        provider,
        lastGap: event.resumed ?? link.lastGap,
        roundTrip: link.roundTrip,
        switched: link.switched,
      };
    case 'disconnected':
      return { ...link, state: 'lost', provider, cause: event.cause, retryAt: event.retryAt };
    case 'latency':
      return { ...link, provider, roundTrip: event.roundTrip };
    case 'switched':
      if (event.symbols !== 'all') return link;
      return { ...link, provider, roundTrip: undefined, switched: event, lastGap: event.hole ?? link.lastGap };
    default:
      return link;
  }
};

import type { FeedError } from './errors.js';
import type { MarketEvent } from './marketEvent.js';
import type { Topic } from './topic.js';

/** What every event of the connection carries. */
interface Link {
  /** Which factory it came from. */
  readonly provider: string;
  /** When it happened here, by the RxJS clock, in epoch milliseconds. */
  readonly receivedAt: number;
}

/** A session is ready and the wish is about to be sent; market data of the session come after it. */
export interface Connected extends Link {
  readonly kind: 'connected';
  /** Which attempt of this outage succeeded, from 1. */
  readonly attempt: number;
  /**
   * The hole in the data, in epoch milliseconds: `from` the last frame of the lost link `to` now, across all failed
   * attempts. Undefined on the first connection.
   */
  readonly resumed: { readonly from: number; readonly to: number } | undefined;
}

/** The link is gone, or an attempt to get one failed. Nothing after it belongs to what came before. */
export interface Disconnected extends Link {
  readonly kind: 'disconnected';
  /** Why; always an error that `isRecoverable`, as any other ends the feed. */
  readonly cause: FeedError;
  /** How many times in a row it has failed in this outage, from 1. */
  readonly attempt: number;
  /** When the next attempt begins, in epoch milliseconds. */
  readonly retryAt: number;
}

/** The vendor rejected part of the wish; the rest streams on. It is asked again only when the wish for it is renewed. */
export interface Refused extends Link {
  readonly kind: 'refused';
  /** What was rejected; empty when the vendor says that something was, but not what. */
  readonly topics: readonly Topic[];
  /** The vendor's words. */
  readonly reason: string;
}

/** A frame that fits no codec. The stream goes on. */
export interface Undecodable extends Link {
  readonly kind: 'undecodable';
  /** The frame, without credentials and cut to a readable length. */
  readonly frame: string;
  /** What did not fit, a line each, with the path to it. */
  readonly problems: readonly string[];
}

/** A ping came back. */
export interface Latency extends Link {
  readonly kind: 'latency';
  /** Milliseconds from the ping to its pong. */
  readonly roundTrip: number;
}

/** What the connection says. */
export type LinkEvent = Connected | Disconnected | Refused | Undecodable | Latency;

/** What the market and the connection say, in order. */
export type FeedEvent = MarketEvent | LinkEvent;

/** The kinds of events in a feed. */
export type FeedEventKind = FeedEvent['kind'];

/** Whether an event is of the market, and not of the link; narrows the type. */
export const isMarketEvent = <E extends { readonly kind: string }>(event: E): event is Extract<E, MarketEvent> => {
  const { kind } = event;
  return kind === 'trade' || kind === 'quote' || kind === 'depth' || kind === 'kline';
};

import type { FeedErrorData, OtherErrorData } from './errorData.js';
import type { Interval } from './interval.js';
import { isLinkKind, isMarketKind, isOwnKind } from './kinds.js';
import type { MarketEvent } from './marketEvent.js';
import type { EventFacts, OwnEvent } from './ownEvents.js';
import type { Topic } from './topic.js';

/** A session is ready and the wanted topics are about to be sent; market data of the session come after it. */
export interface Connected extends EventFacts {
  readonly kind: 'connected';
  /** Which attempt of this outage succeeded, from 1. */
  readonly attempt: number;
  /**
   * The hole in the data, in epoch milliseconds: `from` the last frame of the lost link `to` now, across all failed
   * attempts. Undefined on the first connection. `from` is never after `to`. Data of a topic flow from its `subscribed`
   * on, so that its own hole ends there. `lost` is how many events were lost in it, where that is known: on the way from
   * another process they are numbered.
   */
  readonly resumed: { readonly from: number; readonly to: number; readonly lost?: number | undefined } | undefined;
}

/** The link is gone, or an attempt to get one failed. Nothing after it belongs to what came before. */
export interface Disconnected extends EventFacts {
  readonly kind: 'disconnected';
  /** Why, as plain data with the `_tag` of its error; always one that `isRecoverable`, as any other ends the feed. */
  readonly cause: FeedErrorData;
  /** How many times in a row it has failed in this outage, from 1. */
  readonly attempt: number;
  /** When the next attempt begins, in epoch milliseconds. */
  readonly retryAt: number;
}

/**
 * The vendor serves these topics from now on: it has acknowledged them, or not answered for 5 s, or their first data came.
 * It comes before those data, once for each topic and session. Coverage of a topic counts from here. A vendor that answers
 * later than that may still refuse a topic: `refused` ends it.
 */
export interface Subscribed extends EventFacts {
  readonly kind: 'subscribed';
  readonly topics: readonly Topic[];
}

/**
 * These served topics are not wanted any more. The event comes at once and the command to the vendor follows. Data that still
 * arrive for them are dropped silently.
 */
export interface Unsubscribed extends EventFacts {
  readonly kind: 'unsubscribed';
  readonly topics: readonly Topic[];
}

/**
 * The vendor rejected some of the wanted topics; the rest streams on. A rejected topic is asked for again only after it was
 * taken out of the list and put back.
 */
export interface Refused extends EventFacts {
  readonly kind: 'refused';
  /** What was rejected; empty when the vendor says that something was, but not what. */
  readonly topics: readonly Topic[];
  /** The vendor's words. */
  readonly reason: string;
}

/** The vendor sends data that were never asked for. They are dropped, with one such event for each topic and session. */
export interface Unexpected extends EventFacts {
  readonly kind: 'unexpected';
  /** What came, in the vendor's spelling as far as it is known. */
  readonly topic: Topic;
  /** How many events of the topic have been dropped in this session so far. */
  readonly count: number;
}

/** A frame that fits no codec. The stream goes on. */
export interface Undecodable extends EventFacts {
  readonly kind: 'undecodable';
  /** The frame, without credentials and cut to a readable length. */
  readonly frame: string;
  /** What did not fit, a line each, with the path to it. */
  readonly problems: readonly string[];
}

/** A ping came back. */
export interface Latency extends EventFacts {
  readonly kind: 'latency';
  /** Milliseconds from the ping to its pong. */
  readonly roundTrip: number;
  /** How far the vendor's clock is ahead of this machine's, in milliseconds, where the pong tells its time. */
  readonly clockOffset?: number | undefined;
}

/** How well the history that closed a hole agrees with what was seen. */
export interface BackfillProof {
  /**
   * `whole` when the growth of the cumulative figure across the hole is what the history says less what was seen; `short`
   * when it is not; `none` where there is no figure on both sides of the hole.
   */
  readonly volume: 'whole' | 'short' | 'none';
  /** By how much the figure grew beyond what the history and the bars say, in the vendor's unit; only where it is `short`. */
  readonly unexplained?: number | undefined;
  /** How many bars beside the hole were seen wholly and asked for as well, and how many of them the history agrees with. */
  readonly overlap: { readonly compared: number; readonly agreed: number };
}

/** A hole in the bars of a symbol is closed, or given up. */
export interface Backfilled extends EventFacts {
  readonly kind: 'backfilled';
  readonly symbol: string;
  readonly interval: Interval;
  /** First moment of the first bar with a hole in it, epoch milliseconds. */
  readonly from: number;
  /** First moment after the last one. */
  readonly to: number;
  /** Whether all bars are there now, some, or none. */
  readonly outcome: 'whole' | 'partial' | 'none';
  /** How many bars the history gave. */
  readonly bars: number;
  /** When the bars open that it did not give. */
  readonly missing: readonly number[];
  readonly proof: BackfillProof;
  /** How many times the history was asked. */
  readonly attempts: number;
  /** Why something is missing, and what helps. */
  readonly reason?: string | undefined;
}

/** A hole in the numbers of the trades of a symbol is closed, or given up. */
export interface Recovered extends EventFacts {
  readonly kind: 'recovered';
  readonly symbol: string;
  /** The ids of the first trade and the last one that were missing. */
  readonly fromId: number;
  readonly toId: number;
  /** Whether all of them are there now, some, or none. */
  readonly outcome: 'whole' | 'partial' | 'none';
  /** How many the history gave. What came late by itself is not among them. */
  readonly trades: number;
  /** How many times the history was asked. */
  readonly attempts: number;
  /** Why some are missing, and what helps. */
  readonly reason?: string | undefined;
}

/** One of the two feeds of a `standby`. */
export type Line = 'primary' | 'secondary';

/** Why a `standby` goes to the other line, beside the error that a line was lost with. */
export interface SwitchReason {
  /** `Stale`: the line that served was silent while the other one spoke. `PrimaryFresh`: the primary is back for good. */
  readonly _tag: 'Stale' | 'PrimaryFresh';
  readonly message: string;
}

/**
 * Another line of a `standby` serves from now on: `provider` and `feed` are its own. What comes after it of these symbols is
 * of that line, until the next one.
 */
export interface Switched extends EventFacts {
  readonly kind: 'switched';
  /** Which symbols, as their events spell them; `all` is the whole feed. */
  readonly symbols: readonly string[] | 'all';
  readonly from: Line;
  readonly to: Line;
  /** The name of the feed that served until now. An event made by hand may not say it. */
  readonly left?: string | undefined;
  /** Why, as plain data with a `_tag`. */
  readonly cause: FeedErrorData | OtherErrorData | SwitchReason;
  /** What neither line had, in epoch milliseconds; undefined where nothing is missing. */
  readonly hole?: { readonly from: number; readonly to: number } | undefined;
}

/** The line of a `standby` that does not serve is lost: nothing is missing, but nothing stands by. Once for each loss. */
export interface StandbyLost extends EventFacts {
  readonly kind: 'standbyLost';
  /** Why, as plain data with a `_tag`. */
  readonly cause: FeedErrorData | OtherErrorData;
}

/** Both lines of a `standby` are fresh, and have disagreed for some time. `provider` and `feed` are of the one that serves. */
export interface Diverged extends EventFacts {
  readonly kind: 'diverged';
  readonly symbol: string;
  /** The last price of each line. */
  readonly prices: Readonly<Record<Line, number>>;
  /** For how long, in milliseconds. */
  readonly for: number;
}

/** The data are older than they may be, as this program or the vendor does not keep up. */
export interface Lagging extends EventFacts {
  readonly kind: 'lagging';
  /** By how much, in milliseconds. */
  readonly lag: number;
}

/** The data are as recent again as they should be. */
export interface CaughtUp extends EventFacts {
  readonly kind: 'caughtUp';
  /** The worst lag since `from`, in milliseconds. */
  readonly lag: number;
  /** When it was first said to be `lagging`, in epoch milliseconds. */
  readonly from: number;
}

/** What the connection says. */
export type LinkEvent =
  | Connected
  | Disconnected
  | Subscribed
  | Unsubscribed
  | Refused
  | Unexpected
  | Undecodable
  | Latency
  | Backfilled
  | Recovered
  | Switched
  | StandbyLost
  | Diverged
  | Lagging
  | CaughtUp;

/** What the market and the connection say, in order, and what providers of your own say. */
// eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- `never` until `OwnEvents` is filled
export type FeedEvent = MarketEvent | LinkEvent | OwnEvent;

/** The kinds of events in a feed. */
export type FeedEventKind = FeedEvent['kind'];

/** The feed an event belongs to: its `feed`, or its `provider` where it was made by hand without one. */
export const feedNameOf = ({ feed, provider }: Omit<EventFacts, 'receivedAt'>): string => feed ?? provider;

/** Whether an event is of the market, and not of the link; narrows the type. Data of a provider of your own are neither. */
export const isMarketEvent = <E extends { readonly kind: string }>(event: E): event is Extract<E, MarketEvent> =>
  isMarketKind(event.kind);

/** Whether an event names its instrument; one made by hand may not, and is of none. */
export const isNamed = (event: { readonly symbol: string }): boolean => typeof event.symbol === 'string';

/** Whether an event says no more than that a book cannot be believed any more. */
export const isInDoubt = (event: MarketEvent): boolean => event.kind === 'bbo' && !event.valid;

/** Whether the connection says it. Takes any value, as operators on derived values need to know too. */
export const isLinkEvent = (value: object): value is LinkEvent => isLinkKind((value as Partial<LinkEvent>).kind);

/** Data of a symbol: of the market, or of a provider of one's own. */
export interface SymbolData extends EventFacts {
  readonly kind: string;
  readonly symbol: string;
  /** Of bars. */
  readonly interval?: string | undefined;
}

/** Whether an event is data of a symbol that only its provider knows. */
export const isOwnData = <E extends { readonly kind: string }>(event: E): event is E & SymbolData =>
  typeof (event as Partial<SymbolData>).symbol === 'string' && isOwnKind(event.kind);

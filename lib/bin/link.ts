import { isMarketEvent, type FeedEvent } from '../index.js';

/** How the connection of one source is doing. */
export interface Link {
  readonly state: 'connecting' | 'live' | 'down';
  /** Why it is down, for people. */
  readonly cause?: string;
  readonly attempt: number;
  /** When the next attempt begins, epoch milliseconds; of use while it is down. */
  readonly retryAt: number;
  readonly reconnects: number;
  readonly refused: number;
  readonly undecodable: number;
  /** Milliseconds of the last ping. */
  readonly roundTrip?: number;
  /** Market events so far. */
  readonly events: number;
  /** Market events per second, as of the last count. */
  readonly rate: number;
  readonly counted: { readonly events: number; readonly at: number };
}

/** A link that was asked for just now. */
export const newLink = (now: number): Link => ({
  state: 'connecting',
  attempt: 0,
  retryAt: now,
  reconnects: 0,
  refused: 0,
  undecodable: 0,
  events: 0,
  rate: 0,
  counted: { events: 0, at: now },
});

/** The link after an event of its feed. */
export const linkAfter = (link: Link, event: FeedEvent): Link => {
  if (isMarketEvent(event)) return { ...link, events: link.events + 1 };
  switch (event.kind) {
    case 'connected':
      return { ...link, state: 'live', attempt: 0, reconnects: link.reconnects + (event.resumed ? 1 : 0) };
    case 'disconnected': {
      const { cause, attempt, retryAt } = event;
      return { ...link, state: 'down', cause: cause.message, attempt, retryAt };
    }
    case 'refused':
      return { ...link, refused: link.refused + Math.max(1, event.topics.length) };
    case 'undecodable':
      return { ...link, undecodable: link.undecodable + 1 };
    case 'latency':
      return { ...link, roundTrip: event.roundTrip };
    default:
      return link;
  }
};

/** The link with its rate since it was last counted. */
export const linkCounted = (link: Link, now: number): Link => {
  const { events, at } = link.counted;
  if (now <= at) return link;
  return { ...link, rate: ((link.events - events) * 1000) / (now - at), counted: { events: link.events, at: now } };
};

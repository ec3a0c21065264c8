import type { FeedErrorData } from './errorData.js';
import {
  feedNameOf,
  isMarketEvent,
  type Connected,
  type Disconnected,
  type FeedEvent,
  type Switched,
} from './feedEvent.js';
import { noKeys, type KeySet } from './keySet.js';
import { leftBy } from './leftBy.js';
import { isTime } from './moment.js';
import { isTopic, topicKey, type Topic } from './topic.js';

/** A hole in the data of a feed that has ended. */
export interface Gap {
  /** The name of the feed. */
  readonly feed: string;
  /** When data last arrived over the lost link, epoch milliseconds. */
  readonly from: number;
  /**
   * When data could flow again, epoch milliseconds: when the last of the topics that were served before the loss was
   * `subscribed` again. Of a feed that says no `subscribed` it is when the link was back.
   */
  readonly to: number;
  /** How many attempts failed meanwhile, the loss itself included: one for each `disconnected`. */
  readonly attempts: number;
  /** What ended the link; undefined if only its return was received. */
  readonly cause: FeedErrorData | undefined;
}

/** A hole that has not ended. */
interface Hole {
  readonly from: number;
  readonly attempts: number;
  readonly cause: FeedErrorData | undefined;
}

/** What is known of the link of one feed. Made by `nextLink`, never changed. */
export interface Link {
  readonly feed: string;
  readonly state: 'connecting' | 'live' | 'down';
  /** When it came to be so, epoch milliseconds. */
  readonly since: number;
  /** The last `connected` or `disconnected`. */
  readonly last: Connected | Disconnected | undefined;
  /** Keys of the topics the vendor serves now; empty for a feed that says no `subscribed`. */
  readonly served: KeySet;
  readonly hole: Hole | undefined;
  /** Keys of the topics that were served before the hole and are not served again. */
  readonly awaited: KeySet;
  readonly lastGap: Gap | undefined;
  /** The latest link events, so that one that arrives twice counts once. */
  readonly heard: readonly string[];
}

/** How many link events are remembered. Two copies of a shared feed repeat an event at most a few events later. */
const MEMORY = 32;

/** A link without any event yet. */
export const newLink = (feed: string): Link => ({
  feed,
  state: 'connecting',
  since: -Infinity,
  last: undefined,
  served: noKeys,
  hole: undefined,
  awaited: noKeys,
  lastGap: undefined,
  heard: [],
});

/**
 * The link after an event of its feed; the very same object if the event says nothing new of it. The same link event heard
 * twice, as when two watchers of one shared feed are merged, says nothing new.
 */
export const nextLink = (link: Link, said: FeedEvent): Link => {
  const event = soundLink(said, link.since);
  switch (event.kind) {
    case 'connected':
    case 'disconnected': {
      const name = nameOf(event);
      if (link.heard.includes(name) && !isTurn(link.last, event)) return link;
      const heard = [...link.heard.slice(1 - MEMORY), name];
      return { ...(event.kind === 'connected' ? live(link, event) : down(link, event)), last: event, heard };
    }
    case 'subscribed':
    case 'unsubscribed':
    case 'refused': {
      const keys = event.topics.map(topicKey);
      // What is refused may have counted as served, where the vendor's answer was late.
      const served = event.kind === 'subscribed' ? link.served.with(keys) : link.served.without(keys);
      return without(served === link.served ? link : { ...link, served }, keys, event.receivedAt);
    }
    default:
      return link;
  }
};

/**
 * The link event with times that are some and topics that are some; the very same where they are. What tells no time of
 * receipt came at `heardAt`, a hole without a beginning is none, and one without an end ends with its event.
 */
export const soundLink = <E extends FeedEvent>(event: E, heardAt: number): E => {
  if (isMarketEvent(event)) return event;
  const isReceived = isTime(event.receivedAt);
  const receivedAt = isReceived ? event.receivedAt : isTime(heardAt) ? heardAt : 0;
  const sound = isReceived ? event : { ...event, receivedAt };
  switch (event.kind) {
    case 'connected': {
      const resumed = event.resumed && timelyHole(event.resumed, receivedAt);
      return resumed === event.resumed ? sound : { ...sound, resumed };
    }
    case 'subscribed':
    case 'unsubscribed':
    case 'refused': {
      const topics = soundTopics(event.topics);
      return topics === event.topics ? sound : { ...sound, topics };
    }
    default:
      return sound;
  }
};

/** The topics that are some; the very same list where all are. */
const soundTopics = (topics: unknown): readonly Topic[] => {
  if (!Array.isArray(topics)) return [];
  return topics.every(isTopic) ? topics : topics.filter(isTopic);
};

const timelyHole = (hole: Connected['resumed'], receivedAt: number): Connected['resumed'] => {
  if (!hole || !isTime(hole.from)) return undefined;
  return isTime(hole.to) ? hole : { ...hole, to: receivedAt };
};

/** The links of a stream that may hold several feeds. */
export interface Links {
  /** Takes an event; returns the link of its feed if the event says something new of it. */
  readonly next: (event: FeedEvent) => Link | undefined;
  readonly of: (feed: string) => Link | undefined;
}

/** Keeps the links of all feeds of a stream, by name. */
export const linkTable = (): Links => {
  const links = new Map<string, Link>();
  return {
    next: (event) => {
      const feed = feedNameOf(event);
      if (event.kind === 'switched') return handOver(links, event);
      const link = links.get(feed) ?? newLink(feed);
      const next = nextLink(link, event);
      if (next === link) return undefined;
      links.set(feed, next);
      return next;
    },
    of: (feed) => links.get(feed),
  };
};

/** The link of a feed that is left goes on as that of the other one; what neither had is a hole of it. */
const handOver = (links: Map<string, Link>, event: Switched): Link | undefined => {
  const { feed: left, to: feed, hole, isAll } = leftBy(event) ?? {};
  const before = left === undefined ? undefined : links.get(left);
  if (left === undefined || feed === undefined || before === undefined || !isAll) return undefined;
  if (left === feed && hole === undefined) return undefined;
  links.delete(left);
  const { lastGap } = links.get(feed) ?? newLink(feed);
  const awaited = hole || before.hole ? before.awaited.with(before.served.keys()) : noKeys;
  const next: Link = { ...before, feed, served: noKeys, awaited, lastGap: left === feed ? before.lastGap : lastGap };
  const holed =
    hole && before.state === 'live' ? live({ ...next, awaited: noKeys, served: awaited }, asLink(event, hole)) : next;
  links.set(feed, holed);
  return holed;
};

const asLink = ({ provider, receivedAt }: Switched, resumed: Connected['resumed']): Connected => ({
  kind: 'connected',
  provider,
  receivedAt,
  attempt: 1,
  resumed,
});

/**
 * Whether the link changed in the same millisecond as its last event, as links made by hand without times do. A repeated
 * event is older than that.
 */
const isTurn = (last: Link['last'], { kind, receivedAt }: Connected | Disconnected): boolean =>
  last !== undefined && last.kind !== kind && last.receivedAt === receivedAt;

const nameOf = (event: Connected | Disconnected): string => {
  const { kind, receivedAt, attempt } = event;
  const rest =
    kind === 'connected'
      ? `${event.resumed?.from} ${event.resumed?.to}`
      : `${wordOf(event.retryAt)} ${wordOf((event.cause as Partial<FeedErrorData> | null | undefined)?._tag)}`;
  return `${kind} ${receivedAt} ${wordOf(attempt)} ${rest}`;
};

/** Not all that is handed in by hand can be made a text of. */
const wordOf = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : typeof value;

const live = (link: Link, { receivedAt, resumed }: Connected): Link => {
  const from = Math.min(link.hole?.from ?? Infinity, resumed?.from ?? Infinity);
  const hole = from < Infinity ? { attempts: 0, cause: undefined, ...link.hole, from } : undefined;
  const awaited = link.awaited.with(link.served.keys());
  const next: Link = { ...link, state: 'live', since: receivedAt, served: noKeys, hole, awaited };
  return awaited.size > 0 ? next : healed(next, resumed?.to ?? receivedAt);
};

const down = (link: Link, { receivedAt, cause }: Disconnected): Link => {
  const isLoss = link.state === 'live';
  const { hole } = link;
  const next: Link = { ...link, state: 'down', since: isLoss || link.state === 'connecting' ? receivedAt : link.since };
  // Before the first connection there is nothing to lose.
  if (hole === undefined) return isLoss ? { ...next, hole: { from: receivedAt, attempts: 1, cause } } : next;
  return { ...next, hole: { ...hole, attempts: hole.attempts + 1 } };
};

/** Nothing is awaited of these topics any more; with the last of them the hole ends. */
const without = (link: Link, keys: readonly string[], at: number): Link => {
  const awaited = link.awaited.without(keys);
  if (awaited === link.awaited) return link;
  const next = { ...link, awaited };
  return awaited.size === 0 && link.state === 'live' ? healed(next, at) : next;
};

const healed = (link: Link, to: number): Link => {
  const { feed, hole } = link;
  return hole === undefined
    ? link
    : { ...link, hole: undefined, lastGap: { feed, ...hole, to: Math.max(hole.from, to) } };
};

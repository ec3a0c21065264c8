import { asyncScheduler } from 'rxjs';
import {
  feedNameOf,
  isMarketEvent,
  isOwnData,
  type Connected,
  type Disconnected,
  type FeedEvent,
  type Refused,
  type Subscribed,
  type SymbolData,
  type Unsubscribed,
} from '../model/feedEvent.js';
import { leftBy as switchOf } from '../model/leftBy.js';
import { topicKey, type Topic } from '../model/topic.js';
import { lastDepth } from './lastDepth.js';
import {
  tell,
  watchesBy,
  type Departure,
  type TopicEntry,
  type TopicEvent,
  type Watch,
  type Watcher,
} from './watches.js';
import { aboutTopics, isBehind, isOfSymbols, isRepair, topicMap, topicsOfRepair, type Repair } from './topicMap.js';

export type { Departure, Watcher } from './watches.js';

/** What is known of one feed; a shared feed may be made of several. */
interface FeedState {
  readonly link: Connected | Disconnected;
  /** The topics that the vendor serves in this session, and since when. */
  readonly served: Map<TopicEntry, Subscribed>;
}

/** What an assignment changed for the table as a whole. */
export interface Assigned {
  /** Whether a topic is new in it. */
  readonly isOpened: boolean;
  readonly departures: readonly Departure[];
}

/** The watched topics, their watchers, and the last event of each. */
export interface TopicTable {
  /** Hands an event to those who watch its topic, and news of the link to all. */
  readonly route: (event: FeedEvent) => void;
  /**
   * Makes these the topics of a watcher: says of the new ones what was missed, and nothing of those that stay. Topics are
   * distinct.
   */
  readonly assign: (watcher: Watcher, topics: readonly Topic[]) => Assigned;
  /** Forgets the topics of departures after which no watcher has come. */
  readonly forget: (departures: Iterable<Departure>) => void;
  /** Whether the vendor has refused the topic of a departure. */
  readonly isRefused: (departure: Departure) => boolean;
  /** All that are not forgotten, watched or not, in the order in which they came. */
  readonly topics: () => readonly Topic[];
  readonly watchers: () => readonly Watcher[];
}

export const topicTable = (): TopicTable => {
  const { of, ofEvent, ofSymbol, hasChannel, set, delete: remove } = topicMap<TopicEntry>();
  const entries = new Set<TopicEntry>();
  const watchesOf = new Map<Watcher, ReadonlyMap<string, Watch>>();
  /** How many watchers have come. */
  let came = 0;
  const lines = new Map<string, FeedState>();
  /** Keys of what a watcher that stays has left: its data begin anew for it when it comes back. */
  const leftBy = new WeakMap<Watcher, Set<string>>();

  // The hot path: a lookup and a plain loop, so that an event costs the same however many symbols are watched. With a
  // `Subject` and a `filter` per watcher, each event would be shown to every watcher of everything.
  const deliver = (event: TopicEvent, entry: TopicEntry | undefined): void => {
    if (entry === undefined) return;
    const spelled = spelledAs(event, entry.topic.symbol);
    if (spelled.kind === 'trade' && isBehind(spelled, entry.last)) return tell(entry, spelled);
    if (spelled.kind === 'depth' && spelled.type === 'update') {
      entry.depth ??= lastDepth(entry.last);
      entry.depth.update(spelled, lines.get(feedNameOf(spelled))?.link);
    } else {
      entry.depth = undefined;
    }
    entry.last = spelled;
    entry.refused = undefined;
    tell(entry, spelled);
  };
  const refuse = (event: Refused): void => {
    const line = lines.get(feedNameOf(event));
    const refused = event.topics.map(of);
    for (const entry of refused) {
      if (!entry) continue;
      entry.refused = event;
      line?.served.delete(entry);
    }
    for (const [watcher] of watchesBy(refused)) watcher.next(event);
  };

  /** Each watcher receives its own topics only, in its own spelling. */
  const serve = (event: Subscribed | Unsubscribed): void => {
    const line = lines.get(feedNameOf(event));
    const changed = event.topics.map(of);
    for (const entry of changed) {
      if (!entry) continue;
      if (event.kind === 'subscribed') {
        line?.served.set(entry, event);
        entry.refused = undefined;
      } else line?.served.delete(entry);
    }
    for (const [watcher, watches] of watchesBy(changed)) {
      watcher.next({ ...event, topics: watches.map(({ topic }) => topic) });
    }
  };

  /** A repaired bar is of the past: it goes to each watcher once, and is not what a late joiner has missed. */
  const repair = (event: Repair): void => {
    for (const [watcher, [watch]] of watchesBy(topicsOfRepair(event).map(of))) {
      watcher.next(spelledAs(event, watch.topic.symbol));
    }
  };

  const broadcast = (event: FeedEvent): void => {
    if (event.kind === 'connected' || event.kind === 'disconnected') {
      lines.set(feedNameOf(event), { link: event, served: new Map() });
    }
    const { feed: left, to, isAll } = (event.kind === 'switched' && switchOf(event)) || {};
    const line = left === to || left === undefined || !isAll ? undefined : lines.get(left);
    if (line && left !== undefined && to !== undefined) {
      lines.delete(left);
      lines.set(to, { link: { ...line.link, provider: event.provider, feed: to }, served: new Map() });
    }
    if (!isOfSymbols(event)) {
      for (const watcher of [...watchesOf.keys()]) watcher.next(event);
      return;
    }
    const said = event.kind === 'switched' ? event.symbols : [event.symbol];
    for (const [watcher, watches] of watchesBy(said.flatMap(ofSymbol))) {
      const about = aboutTopics(
        event,
        watches.map(({ topic }) => topic),
      );
      if (about) watcher.next(about);
    }
  };

  const lastOf = ({ last, depth }: TopicEntry): TopicEvent | undefined =>
    last && depth ? depth.snapshot(lines.get(feedNameOf(last))?.link) : last;

  /** What the vendor serves of some watches, by the `subscribed` of it. */
  const servedOf = ({ served }: FeedState, watches: readonly Watch[]): ReadonlyMap<Subscribed, readonly Topic[]> => {
    const topicsBy = new Map<Subscribed, Topic[]>();
    for (const { entry, topic } of watches) {
      const event = served.get(entry);
      if (!event) continue;
      const others = topicsBy.get(event);
      if (others) others.push(topic);
      else topicsBy.set(event, [topic]);
    }
    return topicsBy;
  };

  const replay = (watcher: Watcher, watches: readonly Watch[], isNew: boolean): void => {
    const known = [...lines.values()];
    const left = leftBy.get(watcher);
    const isBack = (watch: Watch): boolean => left?.delete(topicKey(watch.topic)) ?? false;
    const back = new Set(watches.filter(isBack));
    if (isNew) for (const { link } of known) if (link.kind === 'connected') watcher.next(link);
    for (const line of known) {
      const old = watches.filter((watch) => !back.has(watch));
      for (const [event, topics] of servedOf(line, old)) watcher.next({ ...event, topics });
      const receivedAt = asyncScheduler.now();
      for (const [event, topics] of servedOf(line, [...back])) watcher.next({ ...event, receivedAt, topics });
    }
    for (const { entry, topic } of watches) {
      const last = lastOf(entry);
      if (last) watcher.next(spelledAs(last, topic.symbol));
    }
    for (const refused of new Set(watches.map(({ entry }) => entry.refused))) if (refused) watcher.next(refused);
    if (isNew) for (const { link } of known) if (link.kind === 'disconnected') watcher.next(link);
  };

  /** A watcher that stays receives `unsubscribed` for what it left, though another one may keep that. */
  const leave = (watcher: Watcher, watches: readonly Watch[]): void => {
    const left = leftBy.get(watcher) ?? new Set<string>();
    leftBy.set(watcher, left);
    for (const { topic } of watches) left.add(topicKey(topic));
    for (const line of lines.values()) {
      for (const [event, topics] of servedOf(line, watches)) {
        watcher.next({ ...event, kind: 'unsubscribed', receivedAt: asyncScheduler.now(), topics });
      }
    }
  };

  const open = (topic: Topic): TopicEntry => {
    const known = of(topic);
    if (known) return known;
    const entry: TopicEntry = {
      topic,
      watches: new Set(),
      listeners: undefined,
      last: undefined,
      depth: undefined,
      refused: undefined,
      departure: undefined,
    };
    set(topic, entry);
    entries.add(entry);
    return entry;
  };
  const begin = (watcher: Watcher, topic: Topic, order: number): Watch => {
    const entry = open(topic);
    const { symbol } = topic;
    // A watcher with a spelling of its own gets copies; all others cost nothing extra.
    const listener =
      symbol === entry.topic.symbol ? watcher : { next: (event: TopicEvent) => watcher.next(spelledAs(event, symbol)) };
    const watch = { watcher, order, topic, entry, listener };
    entry.watches.add(watch);
    entry.listeners = undefined;
    entry.departure = undefined;
    return watch;
  };
  const endOf = (watch: Watch): readonly Departure[] => {
    const { entry } = watch;
    entry.watches.delete(watch);
    entry.listeners = undefined;
    if (entry.watches.size > 0) return [];
    entry.departure = { topic: entry.topic };
    return [entry.departure];
  };

  return {
    route: (event) => {
      if (isRepair(event)) repair(event);
      else if (isMarketEvent(event)) deliver(event, ofEvent(event));
      else if (isOwnData(event) && hasChannel(event)) deliver(event, ofEvent(event));
      else if (event.kind === 'refused' && event.topics.length > 0) refuse(event);
      else if (event.kind === 'subscribed' || event.kind === 'unsubscribed') serve(event);
      else broadcast(event);
    },
    assign: (watcher, topics) => {
      const before = watchesOf.get(watcher) ?? new Map<string, Watch>();
      const after = new Map<string, Watch>();
      const fresh: Watch[] = [];
      const size = entries.size;
      const [first] = before.values();
      const order = first?.order ?? (came += 1);
      for (const topic of topics) {
        const key = spellingKey(topic);
        const watch = before.get(key) ?? begin(watcher, topic, order);
        if (!before.has(key)) fresh.push(watch);
        after.set(key, watch);
      }
      if (after.size > 0) watchesOf.set(watcher, after);
      else watchesOf.delete(watcher);
      const isOpened = entries.size > size;
      const gone = [...before].filter(([key]) => !after.has(key)).map(([, watch]) => watch);
      const departures = gone.flatMap(endOf);
      const kept = new Set(topics.map(topicKey));
      const left = gone.filter(({ topic }) => !kept.has(topicKey(topic)));
      if (left.length > 0 && !watcher.closed) leave(watcher, left);
      // Last: the watcher may change its topics, or leave, when it receives what it missed.
      replay(watcher, fresh, before.size === 0 && after.size > 0);
      return { isOpened, departures };
    },
    forget: (departures) => {
      for (const departure of departures) {
        const entry = of(departure.topic);
        if (entry?.departure !== departure) continue;
        remove(entry.topic);
        entries.delete(entry);
      }
    },
    isRefused: ({ topic }) => of(topic)?.refused !== undefined,
    topics: () => Array.from(entries, ({ topic }) => topic),
    watchers: () => [...watchesOf.keys()],
  };
};

/** A topic that is spelled anew is watched anew, as the events carry the spelling. */
const spellingKey = (topic: Topic): string => `${topicKey(topic)} ${topic.symbol}`;

const spelledAs = <A extends SymbolData>(event: A, symbol: string): A =>
  event.symbol === symbol ? event : { ...event, symbol };

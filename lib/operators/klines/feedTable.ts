import { feedNameOf, isLinkEvent, type FeedEvent } from '../../model/feedEvent.js';
import type { Interval } from '../../model/interval.js';
import type { Left } from '../../model/leftBy.js';
import { nextLink, soundLink } from '../../model/link.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { newSource, type Kind, type Served, type Source } from './source.js';
import { joinedBy } from './timing.js';
import {
  follow,
  isAbsent,
  isAbsentSince,
  linkLive,
  linkLost,
  lose,
  newPresence,
  regain,
  type Presence,
} from './link.js';

/** One symbol of a feed. */
interface Member<S> {
  readonly symbol: string;
  source: Source<S>;
  readonly served: Served;
  /** Of what its bars are made. */
  madeOf: keyof Served;
  /** How many times the link had been lost when the last figure came; -1 where its topic was lost since. */
  losses: number;
}

/** What tells a symbol of a feed. */
export interface Named {
  readonly provider: string;
  readonly feed?: string | undefined;
  readonly symbol: string;
}

interface Timed extends Named {
  readonly time: number;
  readonly receivedAt: number;
}

/**
 * The symbols of all feeds that are merged into a stream, by feed and instrument, and the links of the feeds. `recover` is
 * called with a symbol whose coverage may have become another; `isFinal` if a gap that goes on will not be mended soon.
 *
 * @param now the clock that closes bars, and `ahead` how far that was ahead of the one of receipt when it was read last
 */
export const feedTable = <S extends Member<S>>(
  interval: Interval | undefined,
  now: () => number,
  make: (source: Source<S>, first: Named) => S,
  recover: (series: S, isFinal: boolean) => void = () => undefined,
  ahead: () => number = () => 0,
) => {
  const startedAt = now();
  const sources = new Map<string, Source<S>>();
  /** The series in which each symbol was last heard of: one look-up a trade, unless feeds take turns on a symbol. */
  const lastOf = new Map<string, S>();

  const sourceOf = (name: string): Source<S> => {
    const source = sources.get(name) ?? newSource<S>(name, startedAt, ahead);
    sources.set(name, source);
    return source;
  };

  const find = (name: string, event: Timed): S => {
    const source = sourceOf(name);
    // One instrument is one series, under the spelling that came first.
    const series = source.symbols.find(event.symbol) ?? join(source, event);
    lastOf.set(event.symbol, series);
    return series;
  };

  const join = (source: Source<S>, event: Timed): S => {
    source.presence.joinedAt ??= joinedBy(event, clockTime(event.receivedAt) - event.receivedAt);
    const series = make(source, event);
    adopt(source, series, event.symbol);
    return source.symbols.add(event.symbol, series);
  };

  /** What is known of the topics of a symbol. */
  const adopt = (source: Source<S>, { served }: S, symbol: string): void => {
    const told = (topic: Topic): Presence | undefined => source.topics.get(topicKey(topic));
    served.trades = told({ channel: 'trade', symbol });
    if (interval !== undefined) {
      served.quotes = told({ channel: 'quote', symbol });
      served.provider = told({ channel: 'kline', symbol, interval });
    }
  };

  /** A time of receipt by the clock that closes bars. One that is still to come was told before that of receipt was set back. */
  const clockTime = (receivedAt: number): number => {
    const read = now();
    const by = ahead();
    return by > 0 && receivedAt <= read - by ? receivedAt + by : receivedAt;
  };

  const lostLink = (source: Source<S>, event: Extract<FeedEvent, { kind: 'disconnected' }>): void => {
    source.losses++;
    const at = clockTime(event.receivedAt);
    linkLost(source.presence, at);
    for (const topic of source.topics.values()) linkLost(topic, at);
  };

  const liveLink = (source: Source<S>, event: Extract<FeedEvent, { kind: 'connected' }>): void => {
    const at = clockTime(event.receivedAt);
    const by = at - event.receivedAt;
    const resumed = event.resumed && { from: event.resumed.from + by, to: event.resumed.to + by };
    if (resumed && !isAbsent(source.presence)) source.losses++;
    linkLive(source.presence, at, resumed);
    // The gap of a topic ends when it is served.
    if (resumed) for (const topic of source.topics.values()) lose(topic, resumed.from);
    for (const series of source.symbols.values()) recover(series, false);
  };

  const serve = (source: Source<S>, topic: Topic, at: number): void => {
    const kind = kindOf(topic, interval);
    if (kind === undefined) return;
    const series = source.symbols.find(topic.symbol);
    const presence = topicOf(source, topic, series?.madeOf === kind);
    if (series) series.served[kind] = presence;
    if (presence.joinedAt !== undefined && !isAbsent(presence)) return;
    regain(presence, at);
    if (series) recover(series, false);
  };

  const withdraw = (source: Source<S>, topic: Topic, at: number): void => {
    const kind = kindOf(topic, interval);
    const series = source.symbols.find(topic.symbol);
    if (kind === undefined || (series === undefined && !source.topics.has(topicKey(topic)))) return;
    const presence = topicOf(source, topic, true);
    linkLost(presence, at);
    if (series === undefined) return;
    series.served[kind] = presence;
    if (series.madeOf === kind) {
      // Quotes are the next best word, and went on.
      if (kind === 'trades' && series.served.quotes && !isAbsent(series.served.quotes)) series.madeOf = 'quotes';
      else series.losses = -1;
    } else if (series.madeOf === 'empty') series.losses = -1;
    recover(series, true);
  };

  /** Of a topic that was there before anything was said of it, nothing is known but the link. */
  const topicOf = ({ topics, presence }: Source<S>, topic: Topic, isKnown: boolean): Presence => {
    const key = topicKey(topic);
    const found = topics.get(key) ?? (isKnown ? { ...presence, outages: [...presence.outages] } : newPresence(now()));
    topics.set(key, found);
    return found;
  };

  return {
    seriesOf: (event: Timed): S => {
      const series = lastOf.get(event.symbol);
      const name = event.feed ?? event.provider;
      return series !== undefined && series.source.name === name ? series : find(name, event);
    },

    /** The series of an event's symbol, if there is one. */
    known: (event: Named): S | undefined => sources.get(feedNameOf(event))?.symbols.find(event.symbol),

    /** Takes in what a link says. What is heard again counts once. */
    hear: (said: FeedEvent): void => {
      if (!isLinkEvent(said)) return;
      const event = soundLink(said, now());
      const source = sourceOf(feedNameOf(event));
      switch (event.kind) {
        case 'connected':
        case 'disconnected': {
          const link = nextLink(source.link, event);
          if (link === source.link) return;
          source.link = link;
          return event.kind === 'connected' ? liveLink(source, event) : lostLink(source, event);
        }
        case 'subscribed':
          return event.topics.forEach((topic) => serve(source, topic, clockTime(event.receivedAt)));
        case 'unsubscribed':
          return event.topics.forEach((topic) => withdraw(source, topic, clockTime(event.receivedAt)));
        case 'refused':
          for (const topic of event.topics) {
            const series = source.symbols.find(topic.symbol);
            if (series) recover(series, true);
          }
      }
    },

    /** Another feed goes on with all symbols of one, or with some; returns them. */
    handOver: ({ feed, to: name, isOf, isAll, hole }: Left, receivedAt: number): readonly S[] => {
      const from = sources.get(feed);
      if (!from) return [];
      const moved = [...from.symbols.values(isOf)];
      const at = clockTime(receivedAt);
      if (name !== feed) {
        lastOf.clear();
        const to = sourceOf(name);
        follow(to.presence, from.presence, at);
        to.floor = Math.max(to.floor, from.floor);
        for (const series of moved) {
          from.symbols.forget(series.symbol);
          to.symbols.put(series.symbol, series);
          series.source = to;
          series.losses = to.losses;
        }
        for (const [key, presence] of from.topics) {
          if (!isOf(symbolIn(key))) continue;
          from.topics.delete(key);
          to.topics.set(key, presence);
        }
        for (const series of moved) adopt(to, series, series.symbol);
        if (isAll) sources.delete(feed);
      }
      if (!hole) return moved;
      const by = at - receivedAt;
      const lacking = new Set(
        moved.flatMap(({ source, served }) => [source.presence, served.trades, served.quotes, served.provider]),
      );
      for (const presence of lacking) {
        if (!presence || isAbsent(presence)) continue;
        lose(presence, hole.from + by);
        regain(presence, hole.to + by);
      }
      return moved;
    },

    /** Forgets symbols, and topics that have none and are not served since `before`; returns whether any are left. */
    forget: (isForgotten: (series: S) => boolean, endOf: (series: S) => number, before: number): boolean => {
      const gone = new Set<S>();
      let isLeft = false;
      for (const source of sources.values()) {
        for (const series of source.symbols.values()) {
          if (!isForgotten(series)) continue;
          source.symbols.forget(series.symbol);
          source.floor = Math.max(source.floor, endOf(series));
          gone.add(series);
        }
        if (source.symbols.size() > 0) isLeft = true;
        for (const [key, presence] of source.topics) {
          if (isAbsentSince(presence, before) && !source.symbols.find(symbolIn(key))) source.topics.delete(key);
        }
      }
      if (gone.size > 0) for (const [symbol, series] of lastOf) if (gone.has(series)) lastOf.delete(symbol);
      return isLeft;
    },

    forEach: (visit: (series: S) => void): void => {
      for (const { symbols } of sources.values()) for (const series of symbols.values()) visit(series);
    },
  };
};

/** The symbol of the key of a topic. */
const symbolIn = (key: string): string => key.slice(key.indexOf(' ') + 1);

const kindOf = (topic: Topic, interval: Interval | undefined): Kind | undefined => {
  switch (topic.channel) {
    case 'trade':
      return 'trades';
    case 'quote':
      return interval === undefined ? undefined : 'quotes';
    case 'kline':
      return topic.interval === interval ? 'provider' : undefined;
    default:
      return undefined;
  }
};

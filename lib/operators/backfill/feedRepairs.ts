import { asyncScheduler } from 'rxjs';
import type { History } from '../../history/History.js';
import type { Bucket } from '../../model/calendar/bucketing.js';
import type { Span } from '../../model/calendar/sessionDays.js';
import { feedNameOf, isInDoubt, isMarketEvent, isNamed, type FeedEvent, type Switched } from '../../model/feedEvent.js';
import { leftBy, type Left } from '../../model/leftBy.js';
import { linkTable, soundLink } from '../../model/link.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import { isTime } from '../../model/moment.js';
import { klines, quotes, topicKey, trades, type Topic } from '../../model/topic.js';
import { topicOf } from '../../model/topicOf.js';
import { bySymbol, type BySymbol } from '../bySymbol.js';
import { hoursBySymbol } from '../klines/hours.js';
import { nonePutOff, putOff, type PutOff } from '../klines/putOff.js';
import type { BackfillSettings } from './BackfillOptions.js';
import { liveBars } from './liveBars.js';
import { feedDelay, type FeedDelay } from './feedDelay.js';
import { symbolRepairs, type SymbolRepairs } from './repairs.js';

/** A symbol of a feed. */
interface Watched {
  readonly symbol: string;
  readonly repairs: SymbolRepairs;
  /** What its bars do not count yet. */
  readonly putOff: PutOff;
  feed: string | undefined;
  /** Whether data of it came. */
  isSeen: boolean;
  /** The last cumulative figure. */
  figure: number | undefined;
  /** The bar in which it came, of which the repairs know all that figures tell. */
  figureIn: Bucket | undefined;
  /** Keys of its topics that the vendor serves, and of those that it served when the link was lost. */
  served: ReadonlySet<string>;
  awaited: ReadonlySet<string>;
  /** Since when nothing is received of it, in a hole whose end is awaited. */
  lostFrom: number | undefined;
}

/** A feed of the provider. */
interface WatchedFeed {
  readonly symbols: BySymbol<Watched>;
  readonly delay: FeedDelay;
  /** When it took over from a line of another vendor, and what neither had. */
  takenOver: { readonly at: number; readonly hole: Span | undefined; readonly isOf: Left['isOf'] } | undefined;
}

const none: ReadonlySet<string> = new Set();

/** What a line serves that takes over it says so many milliseconds after the switch at the latest. */
const SOON = 30_000;

/** Repairs all symbols of the feeds of one vendor that a stream holds. */
export const feedRepairs = (history: History, settings: BackfillSettings, emit: (event: FeedEvent) => void) => {
  const { interval, symbols } = settings;
  const hoursOf = hoursBySymbol(interval, settings.calendar);
  const feeds = new Map<string, WatchedFeed>();
  /** Nearly always the same one. */
  let [lastName, lastFeed]: [string?, WatchedFeed?] = [];
  const feedOf = (name: string): WatchedFeed => {
    if (name === lastName && lastFeed) return lastFeed;
    lastName = name;
    return (lastFeed = feeds.get(name) ?? newFeed(name));
  };
  const newFeed = (name: string): WatchedFeed => {
    const feed: WatchedFeed = { symbols: bySymbol(), delay: feedDelay(), takenOver: undefined };
    feeds.set(name, feed);
    return feed;
  };
  /** Symbols that are asked for before it is known in which feed they are. */
  const early = feedOf(history.provider).symbols;
  const links = linkTable();
  let watched = 0;

  const watch = (feed: string | undefined, symbol: string): Watched => {
    const name = feed ?? history.provider;
    const table = feedOf(name).symbols;
    const known = table.find(symbol);
    if (known) return known;
    const asked = early.find(symbol);
    if (asked && feed !== undefined) {
      asked.feed = feed;
      early.forget(symbol);
      return table.add(symbol, asked);
    }
    watched += 1;
    const instrument = {
      provider: history.provider,
      feed: () => added.feed,
      symbol,
      order: watched,
      bucketOf: hoursOf(symbol, name).bucketOf,
    };
    const added: Watched = {
      symbol,
      repairs: symbolRepairs(history, settings, instrument, emit),
      putOff: nonePutOff(),
      feed,
      isSeen: false,
      figure: undefined,
      figureIn: undefined,
      served: none,
      awaited: none,
      lostFrom: undefined,
    };
    return table.add(symbol, added);
  };

  const closeHole = (symbol: Watched, at: number): void => {
    const { lostFrom, figure, feed } = symbol;
    if (lostFrom === undefined) return;
    symbol.lostFrom = undefined;
    symbol.figureIn = undefined;
    symbol.awaited = none;
    // The bars of a delayed feed are those of so much earlier.
    const delay = feedOf(feed ?? history.provider).delay.of();
    const span: Span = { from: lostFrom - delay, to: Math.max(lostFrom, at) - delay };
    symbol.repairs.lost(span, figure !== undefined, delay);
  };

  const acceptMarket = (event: MarketEvent): void => {
    // A book in doubt is nothing that came.
    if (!isNamed(event) || isInDoubt(event)) return;
    const feed = feedOf(feedNameOf(event));
    const symbol = feed.symbols.find(event.symbol) ?? watch(event.feed, event.symbol);
    if ((event.kind === 'trade' || event.kind === 'quote') && putOff(symbol.putOff, event)) {
      // Nearly all there is. Nothing about the symbol is new then, and its hole is not open.
      feed.delay.measure(event.receivedAt - event.time);
      if (event.volume !== undefined) symbol.figure = event.volume;
      return;
    }
    if (event.kind !== 'depth' && event.kind !== 'bbo') bars.accept(symbol.putOff, event);
    const time = isTime(event.time) ? event.time : event.receivedAt;
    if (!symbol.isSeen) {
      symbol.isSeen = true;
      symbol.repairs.warm(time);
    }
    if (event.kind !== 'kline') feed.delay.measure(event.receivedAt - event.time);
    // Data of a topic come only when it is served; others, of which bars are made as well, may still be awaited.
    if (symbol.lostFrom !== undefined) awaitNoMore(symbol, topicKey(topicOf(event)), event.receivedAt);
    if (event.kind !== 'quote' && event.kind !== 'trade') return;
    const { volume } = event;
    if (volume === undefined || !(volume > 0)) return;
    const { figure, figureIn } = symbol;
    symbol.figure = volume;
    if (figureIn && time >= figureIn.since && time < figureIn.until) return;
    symbol.figureIn = symbol.repairs.figure(time, figure === undefined ? undefined : volume - figure);
  };

  const serve = (topic: Topic, feed: string | undefined, at: number): void => {
    if (!makesBars(topic)) return;
    const symbol = watch(feed, topic.symbol);
    const key = topicKey(topic);
    symbol.served = new Set([...symbol.served, key]);
    awaitNoMore(symbol, key, at);
    const { takenOver } = feedOf(feed ?? history.provider);
    if (takenOver?.hole && at <= takenOver.at + SOON && takenOver.isOf(topic.symbol))
      lose(symbol, { ...takenOver.hole, to: Math.max(takenOver.hole.to, at) });
  };
  /** Nothing was received of it in this time. */
  const lose = (symbol: Watched, { from, to }: Span): void => {
    symbol.lostFrom = Math.min(symbol.lostFrom ?? from, from);
    closeHole(symbol, to);
  };

  /** Another line of a standby serves from now on. What its own vendor says meanwhile is not heard, and so is no hole. */
  const handOver = (event: Switched): void => {
    const { feed, to, isOf, hole } = leftBy(event) ?? {};
    if (feed === undefined || to === undefined || isOf === undefined) return;
    const at = event.receivedAt;
    const isOwn = event.provider === history.provider;
    const left = [...(feeds.get(feed)?.symbols.values(isOf) ?? [])];
    if (isOwn && left.length > 0) bars.hear(event);
    for (const symbol of left) {
      if (isOwn) move(symbol, feed, to);
      else leave(symbol, at);
      if (isOwn && hole) lose(symbol, hole);
    }
    if (isOwn && left.length === 0) feedOf(to).takenOver = { at, hole, isOf };
  };
  const move = (symbol: Watched, feed: string, to: string): void => {
    if (feed === to) return;
    feedOf(feed).symbols.forget(symbol.symbol);
    feedOf(to).symbols.put(symbol.symbol, symbol);
    symbol.feed = to;
  };
  const leave = (symbol: Watched, at: number): void => {
    const { feed = history.provider, symbol: name } = symbol;
    const topics = [...trades(name), ...quotes(name), ...klines(interval, name)];
    bars.hear({ kind: 'unsubscribed', provider: history.provider, feed, receivedAt: at, topics });
    symbol.figure = symbol.figureIn = symbol.lostFrom = undefined;
    symbol.served = symbol.awaited = none;
    symbol.repairs.end('a line of another vendor serves it now');
  };
  const withdraw = (topic: Topic, feed: string, at: number): void => {
    const symbol = feedOf(feed).symbols.find(topic.symbol);
    if (!symbol || !makesBars(topic)) return;
    const key = topicKey(topic);
    symbol.served = without(symbol.served, key);
    awaitNoMore(symbol, key, at);
  };
  /** The hole ends with the last topic that it waited for. */
  const awaitNoMore = (symbol: Watched, key: string, at: number): void => {
    symbol.awaited = without(symbol.awaited, key);
    if (symbol.awaited.size === 0) closeHole(symbol, at);
  };
  /** A topic that does not make the bars says nothing of their holes. */
  const makesBars = (topic: Topic): boolean =>
    topic.channel === 'trade' ||
    topic.channel === 'quote' ||
    (topic.channel === 'kline' && topic.interval === interval);

  const acceptLink = (event: FeedEvent): void => {
    if (isMarketEvent(event) || links.next(event) === undefined) return;
    const name = feedNameOf(event);
    const sound = soundLink(event, asyncScheduler.now());
    switch (sound.kind) {
      case 'disconnected':
        for (const symbol of feedOf(name).symbols.values()) {
          if (symbol.served.size > 0) symbol.awaited = symbol.served;
          symbol.served = none;
          symbol.repairs.suspend();
        }
        return;
      case 'connected':
        for (const symbol of feedOf(name).symbols.values()) {
          if (sound.resumed === undefined || !isWanted(symbol)) {
            symbol.repairs.resume();
            continue;
          }
          symbol.lostFrom ??= sound.resumed.from;
          if (symbol.awaited.size === 0) closeHole(symbol, sound.resumed.to);
        }
        return;
      case 'subscribed':
        return sound.topics.forEach((topic) => serve(topic, sound.feed, sound.receivedAt));
      case 'unsubscribed':
      case 'refused':
        return sound.topics.forEach((topic) => withdraw(topic, name, sound.receivedAt));
    }
  };
  /** What a line has served unseen was not received before it took over. */
  const sinceTakenOver = (event: FeedEvent): FeedEvent => {
    const at = event.kind === 'subscribed' ? feeds.get(feedNameOf(event))?.takenOver?.at : undefined;
    return at !== undefined && event.receivedAt < at ? { ...event, receivedAt: at } : event;
  };
  const isWanted = ({ isSeen, awaited }: Watched): boolean => isSeen || awaited.size > 0;

  const bars = liveBars(interval, settings.calendar, (kline) =>
    feedOf(feedNameOf(kline)).symbols.find(kline.symbol)?.repairs.seen(kline),
  );
  const all = (): readonly SymbolRepairs[] =>
    [...feeds.values()].flatMap(({ symbols: table }) => Array.from(table.values(), ({ repairs }) => repairs));

  return {
    start: (): void => {
      for (const symbol of symbols) watch(undefined, symbol).repairs.warm(asyncScheduler.now());
    },
    accept: (event: FeedEvent): void => {
      if (event.kind === 'switched') return handOver(event);
      if (event.provider !== history.provider) return;
      // A bar that another history repaired is nothing that was received.
      if (event.kind === 'kline' && event.source === 'backfill') return;
      if (isMarketEvent(event)) return acceptMarket(event);
      const news = sinceTakenOver(event);
      bars.hear(news);
      acceptLink(news);
    },
    end: (): void => {
      for (const repairs of all()) repairs.end('the feed ended before the history answered');
    },
    stop: (): void => {
      bars.stop();
      for (const repairs of all()) repairs.stop();
    },
  };
};

const without = (keys: ReadonlySet<string>, key: string): ReadonlySet<string> =>
  keys.has(key) ? new Set([...keys].filter((other) => other !== key)) : keys;

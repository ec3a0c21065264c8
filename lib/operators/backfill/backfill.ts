import { asyncScheduler, Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { History } from '../../history/History.js';
import type { Bucket } from '../../model/calendar/bucketing.js';
import type { Span } from '../../model/calendar/sessionDays.js';
import { feedNameOf, isInDoubt, isMarketEvent, isNamed, type FeedEvent } from '../../model/feedEvent.js';
import { linkTable, soundLink } from '../../model/link.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import { isTime } from '../../model/moment.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { bySymbol, type BySymbol } from '../bySymbol.js';
import { hoursBySymbol } from '../klines/hours.js';
import { nonePutOff, putOff, type PutOff } from '../klines/putOff.js';
import { backfillSettings, type BackfillOptions, type BackfillSettings } from './BackfillOptions.js';
import { liveBars } from './liveBars.js';
import { symbolRepairs, type SymbolRepairs } from './repairs.js';

/**
 * Closes the holes of a feed with bars of the vendor's history. All events pass at once, and no one waits for it; bars that
 * are repaired come later, as corrections: `kline` events with `source: 'backfill'`, which `toKlines` of the same interval
 * takes over its own. Each hole ends in one `backfilled`, which tells how well the history agrees with what was seen; of a
 * history that disagrees nothing is used.
 *
 * Put it before `toKlines` and before sharing, so that one budget serves all. A bar that was seen wholly stays as it is, bars
 * that the vendor lacks are never invented, and only trading time is asked for. Errors of the history are reasons in
 * `backfilled`, never errors of the feed. When the feed completes, holes that are open end with `none`. Throws
 * `InvalidOption`.
 *
 *     feed$     c-t-d---c-t------------t-|    // c after d says `resumed`
 *     backfill  c-t-d---c-t------(kkb)-t-|    // k repaired bars, b `backfilled`
 *
 * @example
 * feed$.pipe(backfill(history, { interval: '1m', warm: 200 }), toKlines('1m'))
 */
export const backfill = (history: History, options: BackfillOptions): MonoTypeOperatorFunction<FeedEvent> => {
  const settings = backfillSettings(history, options);
  return (feed$) =>
    new Observable((subscriber) => {
      const repairs = feedRepairs(history, settings, (event) => subscriber.next(event));
      subscriber.add(repairs.stop);
      repairs.start();
      return feed$.subscribe({
        next: (event) => {
          subscriber.next(event);
          repairs.accept(event);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          repairs.end();
          subscriber.complete();
        },
      });
    });
};

/** A symbol of a feed. */
interface Watched {
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
  readonly delay: ReturnType<typeof feedDelay>;
}

const none: ReadonlySet<string> = new Set();

/** Stamps less behind than this are those of a live feed, in milliseconds. */
const LIVE = 60_000;
/** The delay of a feed is that of the nearest of so many stamps, and of as many before. */
const STAMPS = 64;

/** How far the stamps of a feed are behind their receipt. */
const feedDelay = () => {
  const stamps = { count: 0, least: Infinity, before: Infinity };
  return {
    measure: (behind: number): void => {
      if (behind < stamps.least) stamps.least = behind;
      if (++stamps.count < STAMPS) return;
      stamps.before = stamps.least;
      stamps.least = Infinity;
      stamps.count = 0;
    },
    of: (): number => {
      const delay = Math.min(stamps.least, stamps.before);
      return delay >= LIVE && delay < Infinity ? delay : 0;
    },
  };
};

const feedRepairs = (history: History, settings: BackfillSettings, emit: (event: FeedEvent) => void) => {
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
    const feed = { symbols: bySymbol<Watched>(), delay: feedDelay() };
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
    // Data of a topic come only when it is served.
    if (symbol.lostFrom !== undefined) closeHole(symbol, event.receivedAt);
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
      if (event.provider !== history.provider) return;
      // A bar that another history repaired is nothing that was received.
      if (event.kind === 'kline' && event.source === 'backfill') return;
      if (isMarketEvent(event)) return acceptMarket(event);
      bars.hear(event);
      acceptLink(event);
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

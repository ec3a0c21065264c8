import { feedNameOf } from '../model/feedEvent.js';
import { bySymbol, type BySymbol } from './bySymbol.js';

/** Something for each symbol of each feed. */
export interface PerSource<T> {
  /** That of the feed and symbol of an event, however the symbol is spelled; made of the first event of them. */
  readonly of: (event: SourceEvent) => T;
  /** The same; undefined where there was no event of them. */
  readonly find: (event: SourceEvent) => T | undefined;
  /** All that a feed has, oldest first; or those of some symbols. */
  readonly allOf: (feed: string, isOf?: (symbol: string) => boolean) => Iterable<T>;
  /** All that there are. */
  readonly all: () => readonly T[];
  /** Forgets a symbol of a feed, and returns what it had. */
  readonly forget: (feed: string, symbol: string) => T | undefined;
  /** What a feed has of a symbol from now on. */
  readonly set: (feed: string, symbol: string, value: T) => void;
}

/** What an event says of where it comes from. */
export interface SourceEvent {
  readonly provider: string;
  readonly feed?: string | undefined;
  readonly symbol: string;
}

export const perSource = <T>(make: (event: SourceEvent) => T): PerSource<T> => {
  const feeds = new Map<string, BySymbol<T>>();
  // Mostly one feed speaks many times in a row.
  let lastFeed: string | undefined;
  let symbols = bySymbol<T>();

  const turnTo = (feed: string): void => {
    symbols = feeds.get(feed) ?? bySymbol<T>();
    feeds.set(feed, symbols);
    lastFeed = feed;
  };

  return {
    of: (event) => {
      const feed = feedNameOf(event);
      if (feed !== lastFeed) turnTo(feed);
      return symbols.find(event.symbol) ?? symbols.add(event.symbol, make(event));
    },
    find: (event) => feeds.get(feedNameOf(event))?.find(event.symbol),
    allOf: (feed, isOf) => feeds.get(feed)?.values(isOf) ?? [],
    all: () => [...feeds.values()].flatMap((table) => [...table.values()]),
    forget: (feed, symbol) => {
      const table = feeds.get(feed);
      const found = table?.find(symbol);
      table?.forget(symbol);
      return found;
    },
    set: (feed, symbol, value) => {
      const table = feeds.get(feed) ?? bySymbol<T>();
      feeds.set(feed, table);
      table.put(symbol, value);
    },
  };
};

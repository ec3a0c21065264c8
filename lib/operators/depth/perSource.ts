import { feedNameOf } from '../../model/feedEvent.js';
import { bySymbol, type BySymbol } from '../bySymbol.js';

/** Something for each symbol of each feed. */
export interface PerSource<T> {
  /** That of the feed and symbol of an event, however the symbol is spelled; made when it is first asked for. */
  readonly of: (event: SourceEvent) => T;
  /** All that a feed has, oldest first. */
  readonly allOf: (feed: string) => Iterable<T>;
}

interface SourceEvent {
  readonly provider: string;
  readonly feed?: string | undefined;
  readonly symbol: string;
}

export const perSource = <T>(make: () => T): PerSource<T> => {
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
      return symbols.find(event.symbol) ?? symbols.add(event.symbol, make());
    },
    allOf: (feed) => feeds.get(feed)?.values() ?? [],
  };
};

import { feedNameOf, type Connected, type Disconnected } from '../../model/feedEvent.js';
import { newLink, nextLink, type Link } from '../../model/link.js';
import { canonicalSymbol } from '../../model/symbol.js';
import { isAbsent, linkLive, linkLost, newPresence, type Presence } from './link.js';

/** One feed, its link and its symbols. */
export interface Source<S> {
  readonly name: string;
  /** When the link was live. */
  readonly presence: Presence;
  /** By every spelling heard. */
  readonly bySymbol: Map<string, S>;
  /** Each once. */
  readonly all: S[];
  link: Link;
  /** How often the link was lost. */
  losses: number;
}

/** What tells a symbol of a feed. */
export interface Named {
  readonly provider: string;
  readonly feed?: string | undefined;
  readonly symbol: string;
}

export const newSource = <S>(name: string, heardAt: number): Source<S> => ({
  name,
  presence: newPresence(heardAt),
  bySymbol: new Map(),
  all: [],
  link: newLink(name),
  losses: 0,
});

/** The symbols of all feeds that are merged into a stream, by feed and instrument, and the links of the feeds. */
export const feedTable = <S extends { readonly source: Source<S> }>(
  startedAt: number,
  make: (source: Source<S>, first: Named & { readonly time: number }) => S,
) => {
  const sources = new Map<string, Source<S>>();
  /** The series in which each symbol was last heard of: one look-up a trade, unless feeds take turns on a symbol. */
  const lastOf = new Map<string, S>();

  const sourceOf = (name: string): Source<S> => {
    const source = sources.get(name) ?? newSource<S>(name, startedAt);
    sources.set(name, source);
    return source;
  };

  const find = (name: string, event: Named & { readonly time: number }): S => {
    const { symbol } = event;
    const { bySymbol, all, presence } = sourceOf(name);
    // One instrument is one series, under the spelling that came first.
    const key = canonicalSymbol(symbol);
    let series = bySymbol.get(symbol) ?? bySymbol.get(key);
    if (series === undefined) {
      presence.joinedAt ??= event.time;
      series = make(sourceOf(name), event);
      bySymbol.set(key, series);
      all.push(series);
    }
    bySymbol.set(symbol, series);
    lastOf.set(symbol, series);
    return series;
  };

  return {
    seriesOf: (event: Named & { readonly time: number }): S => {
      const series = lastOf.get(event.symbol);
      const name = event.feed ?? event.provider;
      return series !== undefined && series.source.name === name ? series : find(name, event);
    },

    /** Takes in what a link says; returns its feed if that is news. */
    hear: (event: Connected | Disconnected): Source<S> | undefined => {
      const source = sourceOf(feedNameOf(event));
      const link = nextLink(source.link, event);
      if (link === source.link) return undefined;
      source.link = link;
      if (event.kind === 'connected') {
        if (event.resumed && !isAbsent(source.presence)) source.losses++;
        linkLive(source.presence, event);
      } else {
        source.losses++;
        linkLost(source.presence, event);
      }
      return source;
    },

    forEach: (visit: (series: S) => void): void => {
      for (const { all } of sources.values()) all.forEach(visit);
    },
  };
};

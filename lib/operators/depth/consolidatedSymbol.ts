import { feedNameOf } from '../../model/feedEvent.js';
import { isTime } from '../../model/moment.js';
import type { Depth } from '../../model/marketEvent.js';
import type { ConsolidatedBook } from './ConsolidatedBook.js';
import { ladderMerger } from './ladderMerger.js';
import { trackDepth, type DepthTracker } from './trackDepth.js';

/** What several feeds say of one symbol. The first four say whether the book is another one now. */
export interface ConsolidatedSymbol {
  /** `age` is how long ago the event came, by the wall clock. */
  readonly accept: (depth: Depth, now: number, age?: number) => boolean;
  /** A feed was cut; `before` excepts what has been heard since, and is `Infinity` for nothing. */
  readonly disconnect: (feed: string, before: number) => boolean;
  readonly expire: (now: number) => boolean;
  /** Drops all sources. */
  readonly clear: () => boolean;
  /** When the next source will be too old; `Infinity` when there is none. */
  readonly nextExpiry: () => number;
  readonly book: (receivedAt: number) => ConsolidatedBook;
}

interface Source {
  readonly provider: string;
  readonly feed: string | undefined;
  readonly depth: DepthTracker;
  lot: number;
  time: number;
  /** When its last event came, by the wall clock. */
  lastReceivedAt: number;
  /** When it will be too old; the past when it is, or cannot be believed. */
  until: number;
}

const OUT = -Infinity;

export const consolidatedSymbol = (symbol: string, levels: number, maxAge: number): ConsolidatedSymbol => {
  const sources = new Map<string, Source>();
  let live: readonly Source[] = [];
  let providers: readonly string[] = [];
  let feeds: readonly string[] | undefined;
  let bids = ladderMerger('bid', [], levels);
  let asks = ladderMerger('ask', [], levels);
  let time = 0;

  const sourceOf = (depth: Depth): Source => {
    const name = feedNameOf(depth);
    let found = sources.get(name);
    if (!found) sources.set(name, (found = newSource(depth)));
    return found;
  };

  /** Whatever is merged is listed anew only when a source comes or goes. */
  const list = (): void => {
    live = [...sources.values()].filter(({ until }) => until !== OUT);
    providers = [...new Set(live.map(({ provider }) => provider))];
    feeds = live.some(({ feed }) => feed !== undefined) ? live.map(feedNameOf) : undefined;
    const sides = (side: 'bids' | 'asks') =>
      live.map(({ provider, feed, depth, lot }) => ({ provider, feed, ladder: depth[side], lot }));
    bids = ladderMerger('bid', sides('bids'), levels);
    asks = ladderMerger('ask', sides('asks'), levels);
  };

  const drop = (source: Source): boolean => {
    if (source.until === OUT) return false;
    source.until = OUT;
    list();
    return true;
  };

  const nextExpiry = (): number => live.reduce((next, { until }) => Math.min(next, until), Infinity);

  return {
    accept: (depth, now, age = 0) => {
      const source = sourceOf(depth);
      source.lastReceivedAt = depth.receivedAt;
      const isTaken = source.depth.accept(depth);
      if (!source.depth.isValid()) return drop(source);
      if (!isTaken) return false;
      const until = now - age + maxAge;
      if (until <= now) return drop(source);
      const lot = lotOf(depth, symbol);
      const isListed = source.until !== OUT && source.lot === lot;
      source.until = until;
      source.time = isTime(depth.time) ? depth.time : depth.receivedAt;
      source.lot = lot;
      if (!isListed) list();
      return true;
    },
    disconnect: (feed, before) => {
      const source = sources.get(feed);
      if (source === undefined || source.lastReceivedAt > before) return false;
      source.depth.invalidate();
      return drop(source);
    },
    expire: (now) => {
      if (nextExpiry() > now) return false;
      live.filter(({ until }) => until <= now).forEach(drop);
      return true;
    },
    clear: () => {
      const isAny = live.length > 0;
      live.forEach(drop);
      return isAny;
    },
    nextExpiry,
    book: (receivedAt) => {
      const mergedBids = bids();
      const mergedAsks = asks();
      const gap = (mergedAsks[0]?.price ?? NaN) - (mergedBids[0]?.price ?? NaN);
      let newest = -Infinity;
      for (const source of live) if (source.time > newest) newest = source.time;
      if (newest > -Infinity) time = newest;
      return {
        symbol,
        bids: mergedBids,
        asks: mergedAsks,
        sources: providers,
        feeds,
        locked: gap === 0,
        crossed: gap < 0,
        time,
        receivedAt,
      };
    },
  };
};

const newSource = ({ provider, feed }: Depth): Source => ({
  provider,
  feed,
  depth: trackDepth(),
  lot: 1,
  time: 0,
  lastReceivedAt: -Infinity,
  until: OUT,
});

const LOT = 100;

/** One vendor counts a mainland stock in lots, the other in shares; here all is in shares. */
const lotOf = ({ sizeUnit }: Depth, symbol: string): number =>
  sizeUnit === 'lots' && /\.(SH|SZ|BJ)$/.test(symbol) ? LOT : 1;

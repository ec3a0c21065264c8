import { isMarketEvent, type FeedEvent, type MarketEvent } from '../index.js';
import type { Inspection } from '../record/index.js';
import { linkAfter, newLink, type Link } from './link.js';
import type { Heard } from './openSource.js';
import type { Source } from './Plan.js';
import { newTally } from './tally.js';

/** A time in which a source was not heard; `to` is undefined when it did not come back. Epoch milliseconds. */
export interface Gap {
  readonly source: string;
  readonly from: number;
  readonly to: number | undefined;
  readonly cause: string;
}

/** How many events of each kind there are of a symbol. */
export interface SymbolReport {
  readonly source: string;
  readonly symbol: string;
  readonly trades: number;
  readonly quotes: number;
  readonly depths: number;
  readonly klines: number;
}

/** Milliseconds from the vendor's time to ours. */
export interface LatencyReport {
  readonly kind: MarketEvent['kind'];
  readonly count: number;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p99: number | undefined;
}

/** What a recording holds. */
export interface TapeReport extends Omit<Inspection, 'gaps'> {
  /** On disk. */
  readonly bytes: number;
  readonly symbols: readonly SymbolReport[];
  readonly gaps: readonly Gap[];
  readonly latency: readonly LatencyReport[];
  readonly refusedTopics: number;
  readonly undecodable: number;
  /** Addresses of vendors that are not known here: their frames are counted and not read. */
  readonly strangers: readonly string[];
  readonly damage: { readonly count: number; readonly first: readonly string[] };
}

type Decoded = Pick<TapeReport, 'symbols' | 'gaps' | 'latency' | 'refusedTopics' | 'undecodable'>;

const counters = { trade: 'trades', quote: 'quotes', depth: 'depths', kline: 'klines' } as const;
const kinds = Object.keys(counters) as readonly (keyof typeof counters)[];

type Counts = Record<(typeof counters)[keyof typeof counters], number>;

/** Counts what the feeds of a recording say. */
export const newDecoded = (
  sources: readonly Pick<Source, 'name' | 'topics'>[],
  now: number,
): { readonly hear: (heard: Heard) => void; readonly report: () => Decoded } => {
  const links = new Map<string, Link>(sources.map(({ name }) => [name, newLink(now)]));
  const symbols = new Map<string, Map<string, Counts>>();
  const countsOf = (source: string, symbol: string): Counts => {
    const own = symbols.get(source) ?? new Map<string, Counts>();
    symbols.set(source, own);
    const counts = own.get(symbol) ?? { trades: 0, quotes: 0, depths: 0, klines: 0 };
    own.set(symbol, counts);
    return counts;
  };
  for (const { name, topics } of sources) for (const { symbol } of topics) countsOf(name, symbol);

  const heardAt = new Map<string, number>();
  const gaps: (Omit<Gap, 'to'> & { to: number | undefined })[] = [];
  /** Where the gap of a source is that lasts. */
  const lasting = new Map<string, number>();
  const latency = kinds.map((kind) => ({ kind, tally: newTally() }));

  const note = (source: string, event: FeedEvent): void => {
    // A link that was never live has nothing to lose.
    if (event.kind === 'disconnected' && links.get(source)?.state === 'live') {
      const from = heardAt.get(source) ?? event.receivedAt;
      if (!lasting.has(source)) lasting.set(source, gaps.length);
      gaps.push({ source, from, to: undefined, cause: event.cause.message });
    }
    if (event.kind !== 'connected') return;
    const place = lasting.get(source);
    const gap = place === undefined ? undefined : gaps[place];
    if (place === undefined || !gap) return;
    gaps[place] = { ...gap, ...event.resumed, to: event.receivedAt };
    lasting.delete(source);
  };
  return {
    hear: ({ source, event }) => {
      if (!isMarketEvent(event)) note(source, event);
      else {
        countsOf(source, event.symbol)[counters[event.kind]] += 1;
        latency.find(({ kind }) => kind === event.kind)?.tally.add(event.receivedAt - event.time);
      }
      links.set(source, linkAfter(links.get(source) ?? newLink(now), event));
      heardAt.set(source, event.receivedAt);
    },
    report: () => {
      const total = (of: (link: Link) => number): number =>
        [...links.values()].reduce((sum, link) => sum + of(link), 0);
      return {
        symbols: [...symbols].flatMap(([source, own]) =>
          [...own].map(([symbol, counts]) => ({ source, symbol, ...counts })),
        ),
        gaps,
        latency: latency
          .map(({ kind, tally: { count, quantile } }) => ({
            kind,
            count: count(),
            p50: quantile(0.5),
            p90: quantile(0.9),
            p99: quantile(0.99),
          }))
          .filter(({ count }) => count > 0),
        refusedTopics: total(({ refused }) => refused),
        undecodable: total(({ undecodable }) => undecodable),
      };
    },
  };
};

import type { SymbolData } from './feedEvent.js';
import { intervals, type Interval } from './interval.js';
import type { Topic } from './topic.js';

/** Values by symbol: a table for each channel, and for bars one for each interval. */
export interface SymbolTables<A> {
  readonly ofTopic: (topic: Topic) => Map<string, A>;
  /** The table an event belongs to; none where there was never a topic that it could answer. */
  readonly ofEvent: (event: SymbolData) => Map<string, A> | undefined;
  /** Whether there is a table of a channel that only its provider knows: `ofTopic` makes it, and it stays. */
  readonly hasOwn: (channel: string) => boolean;
  readonly all: () => readonly Map<string, A>[];
  /** Empties all tables. */
  readonly clear: () => void;
}

export const symbolTables = <A>(): SymbolTables<A> => {
  const trades = new Map<string, A>();
  const quotes = new Map<string, A>();
  const depths = new Map<string, A>();
  const bbos = new Map<string, A>();
  const klines = Object.fromEntries(intervals.map((interval) => [interval, new Map()])) as unknown as Readonly<
    Record<Interval, Map<string, A>>
  >;
  const own = new Map<string, Map<string, A>>();

  const all = () => [trades, quotes, depths, bbos, ...Object.values(klines), ...own.values()];
  const ownTable = (channel: string): Map<string, A> => {
    const table = own.get(channel) ?? new Map<string, A>();
    own.set(channel, table);
    return table;
  };
  return {
    ofTopic: (topic) => {
      switch (topic.channel) {
        case 'trade':
          return trades;
        case 'quote':
          return quotes;
        case 'depth':
          return depths;
        case 'bbo':
          return bbos;
        case 'kline':
          return klines[topic.interval];
        default:
          return ownTable((topic as { readonly channel: string }).channel);
      }
    },
    ofEvent: (event) => {
      switch (event.kind) {
        case 'trade':
          return trades;
        case 'quote':
          return quotes;
        case 'depth':
          return depths;
        case 'bbo':
          return bbos;
        case 'kline':
          // A provider may emit bars of an interval of its own making, which has no topic.
          return (klines as Partial<Record<string, Map<string, A>>>)[event.interval ?? ''];
        default:
          return own.get(event.kind);
      }
    },
    hasOwn: (channel) => own.has(channel),
    all,
    clear: () => all().forEach((table) => table.clear()),
  };
};

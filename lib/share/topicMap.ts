import type { SymbolData } from '../model/feedEvent.js';
import { intervals, type Interval } from '../model/interval.js';
import { isMarketKind } from '../model/kinds.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { canonicalSymbol } from '../model/symbol.js';
import type { Topic } from '../model/topic.js';

/** A value for each of some topics, found by the topic or by an event of it. */
export interface TopicMap<A> {
  readonly of: (topic: Topic) => A | undefined;
  /** The hot path: two lookups, and no key is made, where the event has the spelling that was set. */
  readonly ofEvent: (event: MarketEvent) => A | undefined;
  /** The same for what only its provider knows. */
  readonly ofOwn: (event: SymbolData) => A | undefined;
  /** Whether a topic was ever set that such an event could answer. */
  readonly hasChannel: (event: SymbolData) => boolean;
  /** Under the spelling of the topic and the canonical one. */
  readonly set: (topic: Topic, value: A) => void;
  /** Takes the topic in the spelling that was set. */
  readonly delete: (topic: Topic) => void;
}

/** Klines have a table per interval, everything else one per channel. */
type TableName = Exclude<MarketEvent['kind'], 'kline'> | Interval;

type Table<A> = Map<string, A>;

export const topicMap = <A>(): TopicMap<A> => {
  const tables = Object.fromEntries(
    (['trade', 'quote', 'depth', ...intervals] as const).map((name) => [name, new Map()]),
  ) as Record<TableName, Table<A>>;
  /** By channel; they stay when they are empty. */
  const own = new Map<string, Table<A>>();

  // A provider of your own may emit bars of an interval that has no topic, and so no table.
  const find = (table: Table<A> | undefined, symbol: string): A | undefined =>
    table?.get(symbol) ?? table?.get(canonicalSymbol(symbol));
  const ownTable = (channel: string): Table<A> => {
    const table = own.get(channel) ?? (new Map() as Table<A>);
    own.set(channel, table);
    return table;
  };
  const tableOf = (topic: Topic): Table<A> => {
    if (!isMarketKind(topic.channel)) return ownTable(topic.channel);
    return tables[topic.channel === 'kline' ? topic.interval : topic.channel];
  };

  return {
    of: (topic) => find(tableOf(topic), topic.symbol),
    ofEvent: (event) => find(tables[event.kind === 'kline' ? event.interval : event.kind], event.symbol),
    ofOwn: ({ kind, symbol }) => find(own.get(kind), symbol),
    hasChannel: ({ kind }) => own.has(kind),
    set: (topic, value) => void tableOf(topic).set(topic.symbol, value).set(canonicalSymbol(topic.symbol), value),
    delete: (topic) => {
      const table = tableOf(topic);
      table.delete(topic.symbol);
      table.delete(canonicalSymbol(topic.symbol));
    },
  };
};

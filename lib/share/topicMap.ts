import { intervals, type Interval } from '../model/interval.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { canonicalSymbol } from '../model/symbol.js';
import type { Channel, Topic } from '../model/topic.js';

/** A value for each of some topics, found by the topic or by an event of it. */
export interface TopicMap<A> {
  readonly of: (topic: Topic) => A | undefined;
  /** The hot path: two lookups, and no key is made, where the event has the spelling that was set. */
  readonly ofEvent: (event: MarketEvent) => A | undefined;
  /** Under the spelling of the topic and the canonical one. */
  readonly set: (topic: Topic, value: A) => void;
  /** Takes the topic in the spelling that was set. */
  readonly delete: (topic: Topic) => void;
}

/** Klines have a table per interval, everything else one per channel. */
type TableName = Exclude<Channel, 'kline'> | Interval;

export const topicMap = <A>(): TopicMap<A> => {
  const tables = Object.fromEntries(
    (['trade', 'quote', 'depth', ...intervals] as const).map((name) => [name, new Map()]),
  ) as Record<TableName, Map<string, A>>;

  // A provider of your own may emit bars of an interval that has no topic, and so no table.
  const find = (table: Map<string, A> | undefined, symbol: string): A | undefined =>
    table?.get(symbol) ?? table?.get(canonicalSymbol(symbol));
  const tableOf = (topic: Topic): Map<string, A> => tables[topic.channel === 'kline' ? topic.interval : topic.channel];

  return {
    of: (topic) => find(tableOf(topic), topic.symbol),
    ofEvent: (event) => find(tables[event.kind === 'kline' ? event.interval : event.kind], event.symbol),
    set: (topic, value) => void tableOf(topic).set(topic.symbol, value).set(canonicalSymbol(topic.symbol), value),
    delete: (topic) => {
      const table = tableOf(topic);
      table.delete(topic.symbol);
      table.delete(canonicalSymbol(topic.symbol));
    },
  };
};

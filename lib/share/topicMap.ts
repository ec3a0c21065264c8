import type { Backfilled, FeedEvent, SymbolData } from '../model/feedEvent.js';
import type { Kline } from '../model/marketEvent.js';
import { canonicalSymbol } from '../model/symbol.js';
import { symbolTables } from '../model/symbolTables.js';
import type { Topic } from '../model/topic.js';

/** A value for each of some topics, found by the topic or by an event of it. */
export interface TopicMap<A> {
  readonly of: (topic: Topic) => A | undefined;
  /** The hot path: two lookups, and no key is made, where the event has the spelling that was set. */
  readonly ofEvent: (event: SymbolData) => A | undefined;
  /** Whether a topic was ever set that such an event of a provider's own could answer. */
  readonly hasChannel: (event: SymbolData) => boolean;
  /** Under the spelling of the topic and the canonical one. */
  readonly set: (topic: Topic, value: A) => void;
  /** Takes the topic in the spelling that was set. */
  readonly delete: (topic: Topic) => void;
}

/** Whether an event tells of a hole that is repaired: a bar of the history, or the end of the hole. */
export const isRepair = (event: FeedEvent): event is Backfilled | Kline =>
  event.kind === 'backfilled' || (event.kind === 'kline' && event.source === 'backfill');

/** The topics whose watchers have that hole: bars are made of trades, of quotes, or are the vendor's own. */
export const topicsOfRepair = ({ symbol, interval }: Backfilled | Kline): readonly Topic[] => [
  { channel: 'trade', symbol },
  { channel: 'quote', symbol },
  { channel: 'kline', symbol, interval },
];

export const topicMap = <A>(): TopicMap<A> => {
  const { ofTopic, ofEvent, hasOwn } = symbolTables<A>();
  const find = (table: Map<string, A> | undefined, symbol: string): A | undefined =>
    table?.get(symbol) ?? table?.get(canonicalSymbol(symbol));
  return {
    of: (topic) => find(ofTopic(topic), topic.symbol),
    ofEvent: (event) => find(ofEvent(event), event.symbol),
    hasChannel: ({ kind }) => hasOwn(kind),
    set: (topic, value) => void ofTopic(topic).set(topic.symbol, value).set(canonicalSymbol(topic.symbol), value),
    delete: (topic) => {
      const table = ofTopic(topic);
      table.delete(topic.symbol);
      table.delete(canonicalSymbol(topic.symbol));
    },
  };
};

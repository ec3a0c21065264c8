import {
  isNamed,
  type Backfilled,
  type Diverged,
  type FeedEvent,
  type Recovered,
  type Switched,
  type SymbolData,
} from '../model/feedEvent.js';
import type { Kline, Trade } from '../model/marketEvent.js';
import { canonicalSymbol } from '../model/symbol.js';
import { symbolTables } from '../model/symbolTables.js';
import type { Topic } from '../model/topic.js';

/** A value for each of some topics, found by the topic or by an event of it. */
export interface TopicMap<A> {
  readonly of: (topic: Topic) => A | undefined;
  /** The hot path: two lookups, and no key is made, where the event has the spelling that was set. */
  readonly ofEvent: (event: SymbolData) => A | undefined;
  /** Those of all topics of a symbol, however it is spelled. */
  readonly ofSymbol: (symbol: string) => readonly A[];
  /** Whether a topic was ever set that such an event of a provider's own could answer. */
  readonly hasChannel: (event: SymbolData) => boolean;
  /** Under the spelling of the topic and the canonical one. */
  readonly set: (topic: Topic, value: A) => void;
  /** Takes the topic in the spelling that was set. */
  readonly delete: (topic: Topic) => void;
}

/** What tells of a hole that is repaired: a bar of the history, or the end of the hole. */
export type Repair = Backfilled | Recovered | Kline;

export const isRepair = (event: FeedEvent): event is Repair =>
  event.kind === 'backfilled' || event.kind === 'recovered' || (event.kind === 'kline' && event.source === 'backfill');

/** The topics whose watchers have that hole: bars are made of trades, of quotes, or are the vendor's own. */
export const topicsOfRepair = (event: Repair): readonly Topic[] => {
  const { symbol } = event;
  if (event.kind === 'recovered') return [{ channel: 'trade', symbol }];
  return [
    { channel: 'trade', symbol },
    { channel: 'quote', symbol },
    { channel: 'kline', symbol, interval: event.interval },
  ];
};

/** Whether it is news of two lines that are of some symbols, and not of all. */
export const isOfSymbols = (
  event: FeedEvent,
): event is Diverged | (Switched & { readonly symbols: readonly string[] }) =>
  event.kind === 'diverged' ? isNamed(event) : event.kind === 'switched' && Array.isArray(event.symbols);

/** The news as far as they are of these topics, spelled as they are; undefined where they are of none of them. */
export const aboutTopics = (
  event: Diverged | (Switched & { readonly symbols: readonly string[] }),
  topics: readonly Topic[],
): FeedEvent | undefined => {
  const said = event.kind === 'switched' ? event.symbols : [event.symbol];
  const keys = new Set(said.filter((symbol) => typeof symbol === 'string').map(canonicalSymbol));
  const symbols = topics.map(({ symbol }) => symbol).filter((symbol) => keys.has(canonicalSymbol(symbol)));
  const [symbol] = symbols;
  if (symbol === undefined) return undefined;
  return event.kind === 'switched' ? { ...event, symbols: [...new Set(symbols)] } : { ...event, symbol };
};

/** Whether a trade was before one of its topic that has come already: it is recovered, and not what a late joiner has missed. */
export const isBehind = (event: SymbolData, last: SymbolData | undefined): boolean =>
  isNumbered(event) && isNumbered(last) && event.id < last.id && event.time <= last.time;

const isNumbered = (event: SymbolData | undefined): event is Trade & { readonly id: number } =>
  event?.kind === 'trade' && (event as Trade).id !== undefined;

export const topicMap = <A>(): TopicMap<A> => {
  const { ofTopic, ofEvent, all, hasOwn } = symbolTables<A>();
  const find = (table: Map<string, A> | undefined, symbol: string): A | undefined =>
    table?.get(symbol) ?? table?.get(canonicalSymbol(symbol));
  return {
    of: (topic) => find(ofTopic(topic), topic.symbol),
    ofEvent: (event) => find(ofEvent(event), event.symbol),
    ofSymbol: (symbol) => (typeof symbol === 'string' ? all().flatMap((table) => find(table, symbol) ?? []) : []),
    hasChannel: ({ kind }) => hasOwn(kind),
    set: (topic, value) => void ofTopic(topic).set(topic.symbol, value).set(canonicalSymbol(topic.symbol), value),
    delete: (topic) => {
      const table = ofTopic(topic);
      table.delete(topic.symbol);
      table.delete(canonicalSymbol(topic.symbol));
    },
  };
};

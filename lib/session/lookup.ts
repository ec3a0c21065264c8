import type { SymbolData } from '../model/feedEvent.js';
import { isMarketKind } from '../model/kinds.js';
import { symbolTables } from '../model/symbolTables.js';
import { topicKey, type Topic } from '../model/topic.js';
import { topicOf } from '../model/topicOf.js';

/** Is called for what is rare among the data of a session. */
export interface DataListener {
  /** The first data of a wanted topic since it was last asked for. */
  readonly firstData: (topic: Topic, event: SymbolData) => void;
  /** Data of a topic that was never asked for in this session. */
  readonly unexpected: (topic: Topic, event: SymbolData) => void;
}

/** The wanted topics, to be looked up for each event. */
export interface TopicLookup {
  /**
   * Whether an event is wanted: one look-up by its spelling, and another one for the first of its topic. An event of a
   * kind of its provider is wanted as long as no topic of that kind was ever asked for.
   */
  readonly admits: (event: SymbolData) => boolean;
  /** From now on exactly these topics are wanted. */
  readonly want: (topics: readonly Topic[]) => void;
  /** A new session begins without data. `listener` is called for what is rare among them. */
  readonly listen: (listener: DataListener) => void;
  /** Whether data of a topic have come since it was last asked for. */
  readonly hasData: (topic: Topic) => boolean;
  /** The next data of these topics are the first ones again. */
  readonly forget: (topics: readonly Topic[]) => void;
}

interface Want {
  readonly topic: Topic;
  hasData: boolean;
}

/** Finds wanted topics; `isSilent` returns, by key, whether others are dropped without an event. */
export const topicLookup = (isSilent: (key: string) => boolean): TopicLookup => {
  let byKey = new Map<string, Want>();
  const tables = symbolTables<Want>();
  let listener: DataListener | undefined;

  const look = (event: SymbolData, found: Want | undefined): boolean => {
    if (!isMarketKind(event.kind) && !tables.hasOwn(event.kind)) return true;
    const topic = topicOf(event);
    const key = topicKey(topic);
    const want = found ?? byKey.get(key);
    if (want === undefined) {
      if (!isSilent(key)) listener?.unexpected(topic, event);
      return false;
    }
    // Another spelling of a wanted symbol. They are few, as their length is bounded.
    if (found === undefined) tables.ofTopic(topic).set(event.symbol, want);
    if (want.hasData) return true;
    want.hasData = true;
    listener?.firstData(want.topic, event);
    // The listener may change the wanted topics at once.
    return byKey.has(key);
  };

  return {
    admits: (event) => {
      const want = tables.ofEvent(event)?.get(event.symbol);
      return (want !== undefined && want.hasData) || look(event, want);
    },
    want: (topics) => {
      const before = byKey;
      byKey = new Map();
      tables.clear();
      for (const topic of topics) {
        const key = topicKey(topic);
        const want = { topic, hasData: before.get(key)?.hasData ?? false };
        byKey.set(key, want);
        tables.ofTopic(topic).set(topic.symbol, want);
      }
    },
    listen: (next) => {
      listener = next;
      for (const want of byKey.values()) want.hasData = false;
    },
    hasData: (topic) => byKey.get(topicKey(topic))?.hasData === true,
    forget: (topics) => {
      for (const topic of topics) {
        const want = byKey.get(topicKey(topic));
        if (want) want.hasData = false;
      }
    },
  };
};

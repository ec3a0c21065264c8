import { asyncScheduler } from 'rxjs';
import type { Subscribed, SymbolData, Unexpected, Unsubscribed } from '../model/feedEvent.js';
import { LONGEST_SYMBOL } from '../model/symbol.js';
import { topicKey, type Topic } from '../model/topic.js';
import type { Ledger } from './ledger.js';
import type { WantedState } from './wanted.js';

/** At most so many unexpected topics are reported in one session. */
const MOST_UNEXPECTED = 1_000;

/** Emits once in a session what the vendor serves, and what it sends unasked. */
export const serviceOf = (provider: string, emit: (news: Subscribed | Unsubscribed | Unexpected) => void) => {
  const served = new Map<string, Topic>();
  const strangers = new Set<string>();

  const emitSubscribed = (topics: readonly Topic[], receivedAt: number): void => {
    if (topics.length > 0) emit({ kind: 'subscribed', provider, receivedAt, topics });
  };
  /** The topics that were not served yet nor refused, in the spelling in which they are wanted. */
  const fresh = (topics: readonly Topic[], { byKey, refused }: WantedState): readonly Topic[] =>
    topics.flatMap((topic) => {
      const key = topicKey(topic);
      const wanted = byKey.get(key);
      if (wanted === undefined || refused.has(key) || served.has(key)) return [];
      served.set(key, wanted);
      return [wanted];
    });

  return {
    /** The vendor has accepted topics, or has not answered in time. */
    begins: (topics: readonly Topic[], wanted: WantedState): void =>
      emitSubscribed(fresh(topics, wanted), asyncScheduler.now()),

    /** The first data of a topic came. */
    began: (topic: Topic, receivedAt: number): void => {
      const key = topicKey(topic);
      if (served.has(key)) return;
      served.set(key, topic);
      emitSubscribed([topic], receivedAt);
    },

    /** The vendor has refused topics after all. */
    ends: (topics: readonly Topic[]): void => topics.forEach((topic) => served.delete(topicKey(topic))),

    /** The wanted topics changed. What is no longer wanted ends; what is wanted again before its unsubscribe was sent goes on. */
    keepTo: (wanted: WantedState, { asked, pending, toRetry }: Pick<Ledger, 'asked' | 'pending' | 'toRetry'>): void => {
      const gone = [...served].filter(([key]) => !wanted.byKey.has(key));
      gone.forEach(([key]) => served.delete(key));
      const open = new Set([...pending.flatMap(({ topics }) => topics), ...toRetry.flat()].map(topicKey));
      const back = [...wanted.byKey].filter(([key]) => !served.has(key) && asked.has(key) && !open.has(key));
      const returned = fresh(
        back.map(([, topic]) => topic),
        wanted,
      );
      const receivedAt = asyncScheduler.now();
      if (gone.length > 0) emit({ kind: 'unsubscribed', provider, receivedAt, topics: gone.map(([, topic]) => topic) });
      emitSubscribed(returned, receivedAt);
    },

    /** Data came of a topic that is not wanted. */
    unexpected: (topic: Topic, { provider: from, feed, receivedAt }: SymbolData): void => {
      const key = topicKey(topic);
      // A text that is longer is not a symbol, and is not repeated.
      if (strangers.has(key) || strangers.size >= MOST_UNEXPECTED || topic.symbol.length > LONGEST_SYMBOL) return;
      strangers.add(key);
      emit({ kind: 'unexpected', provider: from, ...(feed !== undefined && { feed }), receivedAt, topic, count: 1 });
    },
  };
};

import { topicKey, type Topic } from '../model/topic.js';

/** Somebody begins or ceases to watch topics, no topic twice. */
export interface Change {
  readonly kind: 'join' | 'leave';
  readonly topics: readonly Topic[];
}

/** A topic somebody watches, or whose last watcher left so lately that it is not withdrawn yet. */
interface Want {
  readonly key: string;
  readonly topic: Topic;
  watchers: number;
  leavers: Leavers;
}

/** Topics that lost their last watcher in the same turn; one that finds a new watcher drops out. */
export type Leavers = Set<Want>;

/** What is wanted now, and what no longer is. */
export interface Wish {
  /** In the order in which they came to be wanted; of two spellings of one instrument the first. */
  readonly topics: readonly Topic[];
  readonly withdrawn: readonly Topic[];
}

/**
 * Counts who wants what. It knows no time: whoever holds it ends the turns, and withdraws the leavers of a turn when
 * they have lingered long enough.
 */
export const tally = () => {
  const wants = new Map<string, Want>();
  let leavers: Leavers = new Set();

  const join = (topic: Topic): boolean => {
    const key = topicKey(topic);
    const want = wants.get(key);
    if (want === undefined) {
      wants.set(key, { key, topic, watchers: 1, leavers });
      return true;
    }
    want.watchers += 1;
    want.leavers.delete(want);
    return false;
  };

  const leave = (topic: Topic): boolean => {
    const want = wants.get(topicKey(topic));
    if (want === undefined || --want.watchers > 0) return false;
    want.leavers = leavers.add(want);
    return true;
  };

  return {
    /** Takes a change in, and tells whether the wish may become another one by it. No `some`: every topic counts. */
    count: ({ kind, topics }: Change): boolean => topics.filter(kind === 'join' ? join : leave).length > 0,

    /** The leavers of the turn that ends here. */
    endTurn: (): Leavers => {
      const gone = leavers;
      leavers = new Set();
      return gone;
    },

    withdraw: (gone: Leavers): Wish => {
      gone.forEach(({ key }) => wants.delete(key));
      return { topics: Array.from(wants.values(), topicOf), withdrawn: Array.from(gone, topicOf) };
    },
  };
};

const topicOf = ({ topic }: Want): Topic => topic;

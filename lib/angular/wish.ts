import { checkTopics, distinctTopics, topicKey, unchecked, type Topic } from '../model/topic.js';
import type { WatchedTopics } from './WatchOptions.js';

/** A topic that gives nothing, and why. */
export interface RefusedTopic {
  readonly topic: Topic;
  /** The vendor's words, or what is wrong with the topic. */
  readonly reason: string;
}

/** What is to be watched. */
export interface Wish {
  /** Distinct and well-formed. */
  readonly topics: readonly Topic[];
  readonly malformed: readonly Malformed[];
  /** What the function of the topics threw; there are no topics then. */
  readonly failure: Error | undefined;
}

interface Malformed {
  readonly topic: Topic;
  readonly error: Error;
}

/** What was thrown, as an error. */
export const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Never throws: one malformed topic, as a user may type it, does not stand in the way of the others. */
export const wishOf = (watched: WatchedTopics): Wish => {
  const malformed: Malformed[] = [];
  const isSound = (topic: Topic): boolean => {
    try {
      checkTopics([topic]);
      return true;
    } catch (error) {
      malformed.push({ topic, error: errorOf(error) });
      return false;
    }
  };
  try {
    const given = (typeof watched === 'function' ? unchecked(watched) : watched) ?? [];
    // Only what is no array at all fails as a whole.
    if (!Array.isArray(given)) checkTopics(given);
    return { topics: distinctTopics(given.filter(isSound)), malformed, failure: undefined };
  } catch (error) {
    return { topics: [], malformed, failure: errorOf(error) };
  }
};

/** Whether a topic of one wish stays in the next. */
export const hasCommon = (before: Wish, after: Wish): boolean => {
  const keys = new Set(before.topics.map(topicKey));
  return after.topics.some((topic) => keys.has(topicKey(topic)));
};

import { topicKey, type Topic } from '../../model/topic.js';

/** Throws when two values differ as JSON; works in every test runner. */
export const expectEqual = (what: string, found: unknown, expected: unknown): void => {
  const [is, ought] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== ought) throw new Error(`${what}: expected ${ought}, found ${is}`);
};

/** The keys of topics, in their order. */
export const keys = (...topics: readonly Topic[]): readonly string[] => topics.map(topicKey);

/** All that a value would say in a log: as JSON, as text, and with its stack. */
export const spoken = (value: unknown): string => {
  const stack = value instanceof Error ? (value.stack ?? '') : '';
  return `${JSON.stringify(value)} ${String(value)} ${stack}`;
};

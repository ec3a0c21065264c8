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

/** Whether a log of a value would give a text away: as it is, in a URL, in JSON, or in JSON inside of JSON. */
export const says = (value: unknown, text: string): boolean => {
  const escaped = inJson(text);
  const said = spoken(value);
  return [text, encodeURIComponent(text), escaped, inJson(escaped)].some((form) => said.includes(form));
};

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

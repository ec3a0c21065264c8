import { topicKey, type Topic } from '../model/topic.js';

/** What is wanted of a vendor at one time. Made by the functions below, never changed. */
export interface Wanted {
  readonly topics: readonly Topic[];
  /** The same by key, in the same order. */
  readonly byKey: ReadonlyMap<string, Topic>;
  /** Keys of the topics the vendor refused. They are not asked for again until they have left the wish and come back. */
  readonly refused: ReadonlySet<string>;
  /** The topics that left the wish in this session, by key; a vendor may go on sending them for a while. */
  readonly withdrawn: ReadonlyMap<string, Topic>;
}

/** Topics the vendor will not serve, with its reason; none when it does not say which. */
export interface Rejection {
  readonly topics: readonly Topic[];
  readonly reason: string;
}

/** A feed that runs for days over changing symbols shall not remember them all. */
const MOST_WITHDRAWN = 10_000;

export const nothingWanted: Wanted = { topics: [], byKey: new Map(), refused: new Set(), withdrawn: new Map() };

/** From now on these topics are wanted, and no others. */
export const wanting = (wanted: Wanted, topics: readonly Topic[]): Wanted => {
  const byKey = new Map(topics.map((topic) => [topicKey(topic), topic]));
  const refused = new Set([...wanted.refused].filter((key) => byKey.has(key)));
  const before = new Map([...wanted.withdrawn, ...wanted.byKey]);
  const withdrawn = new Map([...before].filter(([key]) => !byKey.has(key)).slice(-MOST_WITHDRAWN));
  return { topics, byKey, refused, withdrawn };
};

/**
 * The vendor refuses topics: with those of them that are news. One that was withdrawn while its command was in flight is nobody's
 * loss.
 */
export const refusing = (wanted: Wanted, said: Rejection): readonly [Wanted, Rejection | undefined] => {
  if (said.topics.length === 0) return [wanted, said];
  const { byKey, refused } = wanted;
  const topics = said.topics.filter((topic) => byKey.has(topicKey(topic)) && !refused.has(topicKey(topic)));
  if (topics.length === 0) return [wanted, undefined];
  return [
    { ...wanted, refused: new Set([...refused, ...topics.map(topicKey)]) },
    { ...said, topics },
  ];
};

/** Data of a topic came: the vendor serves it after all. */
export const serving = (wanted: Wanted, topic: Topic): Wanted => {
  const refused = new Set(wanted.refused);
  return refused.delete(topicKey(topic)) ? { ...wanted, refused } : wanted;
};

/** A new session begins: the vendor has forgotten what was withdrawn as well. */
export const startingOver = (wanted: Wanted): Wanted => ({ ...wanted, withdrawn: new Map() });

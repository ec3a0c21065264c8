import type { Topic } from '../../lib/model/topic.js';
import { topicKey } from '../../lib/model/topic.js';
import type { Answer, Command, CommandRules } from '../../lib/session/ledger.js';

/** The whole truth about a vendor, which a client has to find out. */
export interface Vendor {
  /** Keys of topics it minds: it refuses every command that holds one, and does not say which. */
  readonly bad: ReadonlySet<string>;
  /** How many products it serves at most. */
  readonly quota: number;
}

/** A naive vendor: it does as it is told, and answers every command unless the answer is lost. */
export const aVendor = ({ bad, quota }: Vendor, { answersUnsubscribe, product = topicKey }: CommandRules) => {
  const served = new Map<string, Topic>();
  const answers: Answer[] = [];
  const judge = (topics: readonly Topic[]): Answer => {
    const keys = topics.map(topicKey);
    if (keys.some((key) => bad.has(key))) return { refusal: 'unknown symbol', scope: 'unknown' };
    const products = new Set([...served.values(), ...topics].map(product));
    return products.size > quota ? { refusal: 'exceeded', scope: 'quota' } : {};
  };
  return {
    served: served as ReadonlyMap<string, Topic>,
    /** Answers under way, oldest first. */
    answers,
    take: ({ op, topics }: Command, lost: boolean): void => {
      const answer = op === 'subscribe' ? judge(topics) : {};
      topics.forEach((topic) => {
        if (op === 'unsubscribe') served.delete(topicKey(topic));
        else if (answer.refusal === undefined) served.set(topicKey(topic), topic);
      });
      if (lost || (op === 'unsubscribe' && !answersUnsubscribe)) return;
      answers.push({ ...answer, matches: (command) => command.op === op });
    },
  };
};

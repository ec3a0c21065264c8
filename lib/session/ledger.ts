import { emptyMap, type KeyMap } from '../model/keyMap.js';
import { topicKey, type Topic } from '../model/topic.js';
import type { WantedState } from './wanted.js';

/** One command to a vendor. It covers all of its topics and nothing else. */
export interface Command {
  readonly op: 'subscribe' | 'unsubscribe';
  readonly topics: readonly Topic[];
  /** Whether it asks again for what was refused among others: until its answer comes, nothing else is asked for. */
  readonly again?: boolean | undefined;
  /** Counts from 1 in each session. Put it into the message of a vendor that repeats it in the answer. */
  readonly id?: number | undefined;
}

/** The answer of a vendor to a command. An answer without an `id` belongs to the oldest command that `matches`. */
export interface Answer {
  /** Whether the answer can belong to this command; any can when absent. */
  readonly matches?: ((command: Command) => boolean) | undefined;
  /** The `id` of the command that is answered, where the vendor repeats it: the answer then belongs to that one alone. */
  readonly id?: number | undefined;
  /** Why the command was refused; absent when it was accepted. */
  readonly refusal?: string | undefined;
  /**
   * What a refusal rejects: `topics`, all of the command; `unknown`, one or more of them, found by asking again in
   * halves; `quota`, those that find no room, found in the same way.
   */
  readonly scope?: 'topics' | 'unknown' | 'quota' | undefined;
  /** The topics among these that the vendor does not serve; absent where its answer does not list what it serves. */
  readonly unserved?: ((topics: readonly Topic[]) => readonly Topic[]) | undefined;
  /**
   * The topics that the vendor turns out not to have, whenever they were asked for; the `refusal` has the reason. It
   * belongs to no command.
   */
  readonly lacks?: ((topic: Topic) => boolean) | undefined;
  /** The note of the vendor about all that was asked of it, when it names no topic. */
  readonly note?: ((command: Command, asked: readonly Topic[]) => string | undefined) | undefined;
}

/** How a vendor takes commands. */
export interface CommandRules {
  /** Splits topics into groups that each fit into one command. */
  readonly batches: (topics: readonly Topic[]) => readonly (readonly Topic[])[];
  /** Whether the vendor answers an unsubscribe, or may, in a way that could be taken for the answer to something else. */
  readonly answersUnsubscribe: boolean;
  /**
   * What the vendor's quota counts; a topic of a product that is served already takes no room.
   *
   * @defaultValue `'topics'`
   */
  readonly product?: ((topic: Topic) => string) | undefined;
  /**
   * What the vendor knows a topic by. Topics of one name are one subscription there, which ends with the last of them.
   *
   * @defaultValue none share a name
   */
  readonly wireName?: ((topic: Topic) => string) | undefined;
  /**
   * How many subscribes may wait for their answers at a time. Give more than 1 only for a vendor whose answers carry the `id` of
   * their command.
   *
   * @defaultValue `1`
   */
  readonly inFlight?: number | undefined;
}

/** A command whose answer may still come although it counts as accepted. */
export interface Late {
  readonly command: Command;
  /** Whether no answer has come that may have been its own. */
  readonly owed: boolean;
}

/** What was asked of a vendor in one session, and what is still to be asked. */
export interface Ledger {
  /** Asked for and not refused, whether answered or not. */
  readonly asked: KeyMap<Topic>;
  /** Sent and not answered, oldest first. */
  readonly pending: readonly Command[];
  /** The pending commands that may have been refused by a refusal taken for the answer to another one. */
  readonly doubted: readonly Command[];
  /** Timed out, or answered by an answer that may belong to another one; oldest first. */
  readonly late: readonly Late[];
  /** The pending and the late ones in the order in which they were sent: one that asks again is waited for longer than others. */
  readonly order: readonly Command[];
  /** Commands that are to be repeated and whose answers may still come: until then nothing is asked. */
  readonly stale: readonly Command[];
  /** Whether a refusal has come that may have meant several commands, since all was last asked again. */
  readonly unsure: boolean;
  /** How many refusals have come that may belong to several commands. */
  readonly ambiguous: number;
  /** Halves of refused commands, and commands that may have been refused, each to be asked on its own. */
  readonly toRetry: readonly (readonly Topic[])[];
  /** Whether a refusal has shown that the vendor's quota is used up. */
  readonly full: boolean;
}

/** At most so many commands are remembered after their time. */
const MOST_LATE = 16;

/** The ledger of a session that begins. */
export const emptyLedger: Ledger = {
  asked: emptyMap(),
  pending: [],
  doubted: [],
  late: [],
  order: [],
  stale: [],
  unsure: false,
  ambiguous: 0,
  toRetry: [],
  full: false,
};

/**
 * A topic that shares its wire name with one that is still wanted is not unsubscribed from, as the other would end too.
 * It only ceases to count as asked for.
 */
export const sparing = (ledger: Ledger, { byKey }: WantedState, wireName: CommandRules['wireName']): Ledger => {
  if (wireName === undefined) return ledger;
  const gone = [...ledger.asked].filter(([key]) => !byKey.has(key)).map(([, topic]) => topic);
  if (gone.length === 0) return ledger;
  const staying = new Set([...ledger.asked].filter(([key]) => byKey.has(key)).map(([, topic]) => wireName(topic)));
  return unasked(
    ledger,
    gone.filter((topic) => staying.has(wireName(topic))),
  );
};

/** Notes that a command was sent. */
export const sent = (ledger: Ledger, command: Command, { answersUnsubscribe }: CommandRules): Ledger => {
  if (command.op === 'subscribe') return flying(askedFor(ledger, command.topics), command);
  const rest = { ...unasked(ledger, command.topics), full: false };
  return answersUnsubscribe ? flying(rest, command) : rest;
};

const flying = (ledger: Ledger, command: Command): Ledger => {
  const open = new Set([...ledger.pending, ...ledger.late.map((late) => late.command)]);
  return {
    ...ledger,
    pending: [...ledger.pending, command],
    order: [...ledger.order.filter((other) => open.has(other)), command],
  };
};

/** The ledger without a command that was answered. */
export const withoutCommand = (ledger: Ledger, command: Command): Ledger => {
  const isOther = (other: Command): boolean => other !== command;
  const toRetry = ledger.toRetry
    .map((topics) => topics.filter((topic) => !command.topics.includes(topic)))
    .filter(({ length }) => length > 0);
  return {
    ...ledger,
    pending: ledger.pending.filter(isOther),
    doubted: ledger.doubted.filter(isOther),
    late: owing(ledger.late.filter((late) => isOther(late.command))),
    toRetry,
  };
};

/**
 * A command timed out. It counts as accepted, as no vendor promises an answer, and the answer may still come. One that
 * may have been refused is asked again.
 */
export const overdue = (ledger: Ledger, command: Command): readonly [Ledger, readonly Topic[]] => {
  const struck = withoutCommand(ledger, command);
  // A command that asks again was waited for long and alone: its answer will not come.
  const late = command.again ? struck.late : [...struck.late, { command, owed: true }].slice(-MOST_LATE);
  const rest = { ...struck, late };
  if (ledger.doubted.includes(command)) {
    return [{ ...rest, toRetry: [...rest.toRetry, command.topics] }, []];
  }
  return [rest, command.op === 'subscribe' ? command.topics : []];
};

/**
 * No more answers are expected. After a refusal that may belong to several commands, all that may have been refused is
 * asked again.
 */
export const verifying = (ledger: Ledger, hasData: (topic: Topic) => boolean): Ledger => {
  const silent = [...ledger.asked.values()].filter((topic) => !hasData(topic));
  return { ...ledger, late: [], unsure: false, toRetry: [...ledger.toRetry, silent] };
};

/** Late commands are remembered for as long as an answer to one of them may come. */
export const owing = (late: readonly Late[]): readonly Late[] => (late.some(({ owed }) => owed) ? late : []);

/** These topics are asked for, or are served although they counted as refused. */
export const askedFor = (ledger: Ledger, topics: readonly Topic[]): Ledger => ({
  ...ledger,
  asked: ledger.asked.with(topics.map((topic) => [topicKey(topic), topic])),
});

/** These topics are not served. */
export const unasked = (ledger: Ledger, topics: readonly Topic[]): Ledger => ({
  ...ledger,
  asked: ledger.asked.without(topics.map(topicKey)),
});

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

/** What a vendor says to a command. An answer without an `id` belongs to the oldest command that `matches`. */
export interface Answer {
  /** Whether the answer can belong to this command; any can when absent. */
  readonly matches?: ((command: Command) => boolean) | undefined;
  /** The `id` of the command that is answered, where the vendor repeats it: the answer then belongs to that one alone. */
  readonly id?: number | undefined;
  /** Why the command was refused; absent when it was accepted. */
  readonly refusal?: string | undefined;
  /**
   * What a refusal is about: all `topics` of the command alike, a `suspect` among them that is to be found by asking
   * again in halves, or a `quota` that is full, likewise.
   */
  readonly about?: 'topics' | 'suspect' | 'quota' | undefined;
  /** Which of some topics the vendor says it does not serve; absent where its answer has no list of what it serves. */
  readonly dropped?: ((topics: readonly Topic[]) => readonly Topic[]) | undefined;
  /** Which topics the vendor turns out not to have, whatever was asked when; the `refusal` says why. It belongs to no command. */
  readonly lacks?: ((topic: Topic) => boolean) | undefined;
  /** What the vendor says about all that was asked of it, when it names no topic. */
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
  readonly asked: ReadonlyMap<string, Topic>;
  /** Sent and not answered, oldest first. */
  readonly flight: readonly Command[];
  /** Those of the flight that a refusal may have meant which was taken for another one's. */
  readonly doubted: readonly Command[];
  /** Out of time, or answered while it was not certain which of them was meant; oldest first. */
  readonly late: readonly Late[];
  /** The flight and the late ones in the order in which they were sent: one that asks again is waited for longer than others. */
  readonly order: readonly Command[];
  /** Commands that are to be repeated and whose answers may still come: until then nothing is asked. */
  readonly stale: readonly Command[];
  /** Whether a refusal has come that may have meant several commands, since all was last asked again. */
  readonly unsure: boolean;
  /** How many refusals have come of which it was not certain what they meant. */
  readonly riddles: number;
  /** Halves of refused commands, and commands that may have been refused, each to be asked on its own. */
  readonly suspects: readonly (readonly Topic[])[];
  /** Whether a refusal has shown that the vendor's quota is used up. */
  readonly full: boolean;
}

/** As many commands as are remembered after their time. */
const MOST_LATE = 16;

/** The ledger of a session that begins. */
export const emptyLedger: Ledger = {
  asked: new Map(),
  flight: [],
  doubted: [],
  late: [],
  order: [],
  stale: [],
  unsure: false,
  riddles: 0,
  suspects: [],
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

/**
 * The command to send next, if any: topics that are no longer wanted go first and wait for nothing; one subscribe is in flight at
 * a time, so that a refusal is known to be about it.
 */
export const nextCommand = (
  { asked, flight, stale, suspects }: Ledger,
  { byKey, refused }: WantedState,
  rules: CommandRules,
): Command | undefined => {
  const gone = [...asked].filter(([key]) => !byKey.has(key)).map(([, topic]) => topic);
  const [unwanted] = rules.batches(gone);
  if (unwanted) return { op: 'unsubscribe', topics: unwanted };
  const flying = flight.filter(({ op }) => op === 'subscribe');
  if (stale.length > 0 || flying.length >= (rules.inFlight ?? 1)) return undefined;

  const inTheAir = new Set(flying.flatMap(({ topics }) => topics.map(topicKey)));
  const isOpen = (key: string): boolean => byKey.has(key) && !refused.has(key) && !inTheAir.has(key);
  const suspected = suspects
    .map((topics) => topics.filter((topic) => isOpen(topicKey(topic))))
    .find(({ length }) => length > 0);
  const [suspect] = rules.batches(suspected ?? []);
  if (suspect) return { op: 'subscribe', topics: suspect, again: true };
  const [fresh] = rules.batches([...byKey].filter(([key]) => isOpen(key) && !asked.has(key)).map(([, topic]) => topic));
  return fresh && { op: 'subscribe', topics: fresh };
};

/** Notes that a command was sent. */
export const sent = (ledger: Ledger, command: Command, { answersUnsubscribe }: CommandRules): Ledger => {
  const asked = new Map(ledger.asked);
  if (command.op === 'subscribe') {
    command.topics.forEach((topic) => asked.set(topicKey(topic), topic));
    return flying({ ...ledger, asked }, command);
  }
  command.topics.forEach((topic) => asked.delete(topicKey(topic)));
  const rest = { ...ledger, asked, full: false };
  return answersUnsubscribe ? flying(rest, command) : rest;
};

const flying = (ledger: Ledger, command: Command): Ledger => {
  const open = new Set([...ledger.flight, ...ledger.late.map((late) => late.command)]);
  return {
    ...ledger,
    flight: [...ledger.flight, command],
    order: [...ledger.order.filter((other) => open.has(other)), command],
  };
};

/** Strikes a command out: it was answered. */
export const settled = (ledger: Ledger, command: Command): Ledger => {
  const isOther = (other: Command): boolean => other !== command;
  const suspects = ledger.suspects
    .map((topics) => topics.filter((topic) => !command.topics.includes(topic)))
    .filter(({ length }) => length > 0);
  return {
    ...ledger,
    flight: ledger.flight.filter(isOther),
    doubted: ledger.doubted.filter(isOther),
    late: owing(ledger.late.filter((late) => isOther(late.command))),
    suspects,
  };
};

/**
 * The time of a command is over. It is taken for accepted, as no vendor promises an answer, and the answer may still
 * come; but one that may have been refused is asked again.
 */
export const overdue = (ledger: Ledger, command: Command): readonly [Ledger, readonly Topic[]] => {
  const struck = settled(ledger, command);
  // One that was waited for alone, and for long, will not be answered.
  const late = command.again ? struck.late : [...struck.late, { command, owed: true }].slice(-MOST_LATE);
  const rest = { ...struck, late };
  if (ledger.doubted.includes(command)) {
    return [{ ...rest, suspects: [...rest.suspects, command.topics] }, []];
  }
  return [rest, command.op === 'subscribe' ? command.topics : []];
};

/** No answer is under way any more: after a refusal that may have meant several commands all is asked again that may have been refused. */
export const verifying = (ledger: Ledger, isHeard: (topic: Topic) => boolean): Ledger => {
  const silent = [...ledger.asked.values()].filter((topic) => !isHeard(topic));
  return { ...ledger, late: [], unsure: false, suspects: [...ledger.suspects, silent] };
};

/** Late commands are remembered for as long as an answer to one of them may come. */
export const owing = (late: readonly Late[]): readonly Late[] => (late.some(({ owed }) => owed) ? late : []);

/** A topic is served that the ledger took for refused. */
export const askedAfterAll = (ledger: Ledger, topic: Topic): Ledger => ({
  ...ledger,
  asked: new Map(ledger.asked).set(topicKey(topic), topic),
});

/** These topics are not served. */
export const unasked = (ledger: Ledger, topics: readonly Topic[]): Ledger => {
  const asked = new Map(ledger.asked);
  topics.forEach((topic) => asked.delete(topicKey(topic)));
  return { ...ledger, asked };
};

import { topicKey, type Topic } from '../model/topic.js';

/** One command to a vendor. It covers all of its topics and nothing else. */
export interface Command {
  readonly op: 'subscribe' | 'unsubscribe';
  readonly topics: readonly Topic[];
}

/** What a vendor says to a command. Answers carry no id: one belongs to the oldest command that `matches`. */
export interface Answer {
  /** Whether the answer can belong to this command; any can when absent. */
  readonly matches?: ((command: Command) => boolean) | undefined;
  /** Why the command was refused; absent when it was accepted. */
  readonly refusal?: string | undefined;
  /**
   * What a refusal is about: all `topics` of the command alike, a `suspect` among them that is to be found by asking
   * again in halves, or a `quota` that is full, likewise.
   */
  readonly about?: 'topics' | 'suspect' | 'quota' | undefined;
  /** Which topics of an accepted command the vendor says it does not serve. */
  readonly dropped?: ((topics: readonly Topic[]) => readonly Topic[]) | undefined;
  /** What the vendor says about all that was asked of it, when it names no topic. */
  readonly remark?: ((command: Command, asked: readonly Topic[]) => string | undefined) | undefined;
}

/** How a vendor takes commands. */
export interface CommandRules {
  /** Splits topics into groups that each fit into one command. */
  readonly batches: (topics: readonly Topic[]) => readonly (readonly Topic[])[];
  /** Whether the vendor answers an unsubscribe in a way that could be taken for the answer to something else. */
  readonly answersUnsubscribe: boolean;
  /** What the vendor's quota counts; a topic of a product that is served already takes no room. Defaults to topics. */
  readonly product?: ((topic: Topic) => string) | undefined;
}

/** Topics the vendor will not serve, with its reason; none when it does not say which. */
export interface Rejection {
  readonly topics: readonly Topic[];
  readonly reason: string;
}

/** What was asked of a vendor in one session, and what is still to be asked. */
export interface Ledger {
  readonly wish: ReadonlyMap<string, Topic>;
  /** Asked for and not refused, whether answered or not. */
  readonly asked: ReadonlyMap<string, Topic>;
  readonly refused: ReadonlySet<string>;
  /** Sent and not answered, oldest first. */
  readonly flight: readonly Command[];
  /** Halves of refused commands, each to be asked on its own. */
  readonly suspects: readonly (readonly Topic[])[];
  /** Whether a refusal has shown that the vendor's quota is used up. */
  readonly full: boolean;
}

export const emptyLedger = (refused: ReadonlySet<string>): Ledger => ({
  wish: new Map(),
  asked: new Map(),
  refused,
  flight: [],
  suspects: [],
  full: false,
});

/** Takes a new wish over. */
export const wished = (ledger: Ledger, topics: readonly Topic[]): Ledger => {
  const wish = new Map(topics.map((topic) => [topicKey(topic), topic]));
  return { ...ledger, wish, refused: stillRefused(ledger.refused, topics) };
};

/** The refusals that hold for a new wish: a topic that is out of it may be asked for again when it comes back. */
export const stillRefused = (refused: ReadonlySet<string>, topics: readonly Topic[]): ReadonlySet<string> =>
  refused.size === 0 ? refused : new Set(topics.map(topicKey).filter((key) => refused.has(key)));

/**
 * The command to send next, if any: what left the wish goes first and waits for nothing; one subscribe is in flight at
 * a time, so that a refusal is known to be about it.
 */
export const nextCommand = (
  { wish, asked, refused, flight, suspects }: Ledger,
  rules: CommandRules,
): Command | undefined => {
  const gone = [...asked].filter(([key]) => !wish.has(key)).map(([, topic]) => topic);
  const [withdrawn] = rules.batches(gone);
  if (withdrawn) return { op: 'unsubscribe', topics: withdrawn };
  if (flight.some(({ op }) => op === 'subscribe')) return undefined;

  const isOpen = (key: string): boolean => wish.has(key) && !asked.has(key) && !refused.has(key);
  const suspected = suspects
    .map((topics) => topics.filter((topic) => isOpen(topicKey(topic))))
    .find(({ length }) => length > 0);
  const [suspect] = rules.batches(suspected ?? []);
  if (suspect) return { op: 'subscribe', topics: suspect };
  const [fresh] = rules.batches([...wish].filter(([key]) => isOpen(key)).map(([, topic]) => topic));
  return fresh && { op: 'subscribe', topics: fresh };
};

/** Notes that a command was sent. */
export const sent = (ledger: Ledger, command: Command, { answersUnsubscribe }: CommandRules): Ledger => {
  const asked = new Map(ledger.asked);
  if (command.op === 'subscribe') {
    command.topics.forEach((topic) => asked.set(topicKey(topic), topic));
    return { ...ledger, asked, flight: [...ledger.flight, command] };
  }
  command.topics.forEach((topic) => asked.delete(topicKey(topic)));
  return { ...ledger, asked, full: false, flight: answersUnsubscribe ? [...ledger.flight, command] : ledger.flight };
};

/** Takes an answer over; says what was rejected, once that is certain. */
export const answered = (
  ledger: Ledger,
  answer: Answer,
  { product = topicKey }: Pick<CommandRules, 'product'> = {},
): readonly [Ledger, Rejection | undefined] => {
  const { matches = () => true, refusal, about = 'suspect' } = answer;
  const command = ledger.flight.find(matches);
  if (!command) return [ledger, refusal === undefined ? undefined : { topics: [], reason: refusal }];
  const rest = settled(ledger, command);
  if (command.op === 'unsubscribe') return [rest, undefined];
  if (refusal === undefined) return accepted(rest, command, answer);
  const open = unasked(rest, command.topics);
  const again = (...suspects: readonly (readonly Topic[])[]): Ledger => ({
    ...open,
    suspects: [...suspects.filter(({ length }) => length > 0), ...open.suspects],
  });
  const full = about === 'quota' && ledger.full;
  const hopeless = full ? takingRoom(open, command.topics, product) : command.topics;
  if (hopeless.length === 0 || (hopeless.length > 1 && about !== 'topics' && !full)) {
    return [again(...halves(command.topics)), undefined];
  }
  const spared = command.topics.filter((topic) => !hopeless.includes(topic));
  const [after, rejection] = reject(again(spared), hopeless, refusal);
  return [{ ...after, full: after.full || about === 'quota' }, rejection];
};

/** Gives up waiting for an answer: the command is taken for accepted, as no vendor promises one. */
export const settled = (ledger: Ledger, command: Command): Ledger => {
  const flight = ledger.flight.filter((other) => other !== command);
  const suspects = ledger.suspects
    .map((topics) => topics.filter((topic) => !command.topics.includes(topic)))
    .filter(({ length }) => length > 0);
  return { ...ledger, flight, suspects };
};

const accepted = (
  ledger: Ledger,
  command: Command,
  { dropped, remark }: Answer,
): readonly [Ledger, Rejection | undefined] => {
  const missing = dropped?.(command.topics) ?? [];
  if (missing.length > 0) return reject(ledger, missing, 'the vendor does not list it among what it serves');
  const reason = remark?.(command, [...ledger.asked.values()]);
  return [ledger, reason === undefined ? undefined : { topics: [], reason }];
};

/** The topics that a full vendor has no room for; alone, a topic is refused for itself. */
const takingRoom = (
  { asked }: Ledger,
  topics: readonly Topic[],
  product: (topic: Topic) => string,
): readonly Topic[] => {
  if (topics.length === 1) return topics;
  const served = new Set([...asked.values()].map(product));
  return topics.filter((topic) => !served.has(product(topic)));
};

const unasked = (ledger: Ledger, topics: readonly Topic[]): Ledger => {
  const asked = new Map(ledger.asked);
  topics.forEach((topic) => asked.delete(topicKey(topic)));
  return { ...ledger, asked };
};

/** A topic that was withdrawn while its command was in flight is nobody's loss. */
const reject = (ledger: Ledger, topics: readonly Topic[], reason: string): readonly [Ledger, Rejection | undefined] => {
  const wanted = topics.filter((topic) => ledger.wish.has(topicKey(topic)));
  const refused = new Set([...ledger.refused, ...wanted.map(topicKey)]);
  return [{ ...unasked(ledger, topics), refused }, wanted.length > 0 ? { topics: wanted, reason } : undefined];
};

const halves = (topics: readonly Topic[]): readonly (readonly Topic[])[] => {
  const middle = Math.ceil(topics.length / 2);
  return [topics.slice(0, middle), topics.slice(middle)];
};

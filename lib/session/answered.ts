import { distinctTopics, topicKey, type Topic } from '../model/topic.js';
import {
  askedFor,
  owing,
  withoutCommand,
  unasked,
  type Answer,
  type Command,
  type CommandRules,
  type Ledger,
} from './ledger.js';
import type { Rejection } from './wanted.js';

/** What an answer changes: the ledger, what was rejected once that is certain, and what was accepted. */
export type Outcome = readonly [Ledger, Rejection | undefined, readonly Topic[]];

/** What is known of a vendor when it answers. */
export interface Known extends Pick<CommandRules, 'product'> {
  /** Whether data of a topic have come since it was last asked for. */
  readonly hasData?: ((topic: Topic) => boolean) | undefined;
  /** The topics that are wanted. */
  readonly wanted?: readonly Topic[] | undefined;
}

/**
 * After so many refusals that may belong to several commands, the oldest command counts as refused, so that retries
 * end.
 */
const MOST_AMBIGUOUS = 4;

const nothing: readonly Topic[] = [];
const never = (): boolean => false;

/**
 * Applies an answer. Returns what was rejected, once that is certain, and what was accepted.
 *
 * An answer belongs to the oldest command it can belong to. If that one has timed out, the answer may belong to a later
 * one, as answers get lost. An acceptance then does no harm; a refusal has all of them asked again, each on its own,
 * when no answer is under way any more.
 */
export const answered = (ledger: Ledger, answer: Answer, known: Known = {}): Outcome => {
  const { matches = () => true, lacks } = answer;
  if (lacks) return [...reject(ledger, (known.wanted ?? nothing).filter(lacks), answer.refusal ?? UNLISTED), nothing];
  if (answer.id !== undefined) return answeredById(ledger, answer, known);
  const late = ledger.late.map(({ command }) => command).filter(matches);
  const pending = ledger.pending.filter(matches);
  const all = ledger.order.filter((command) => late.includes(command) || pending.includes(command));
  const [oldest] = all;
  const stale = ledger.stale.find(matches);
  if (oldest && stale && isDoubted(ledger, oldest)) {
    // It may be the answer to the one that is to be repeated: this one stays in doubt, and is asked again.
    return [withoutStale(ledger, stale), undefined, nothing];
  }
  if (isRefusal(answer)) return refusal(ledger, all, answer, known);
  if (!oldest) return [stale ? withoutStale(ledger, stale) : ledger, undefined, nothing];
  if (oldest.op === 'unsubscribe') return [withoutCommand(ledger, oldest), undefined, nothing];
  if (!late.includes(oldest)) return accepted(ledger, oldest, answer);
  return answer.unserved ? listed(ledger, all, answer.unserved) : acceptedLate(ledger, late, pending, answer);
};

interface Refusal extends Answer {
  readonly refusal: string;
}

const isRefusal = (answer: Answer): answer is Refusal => answer.refusal !== undefined;

/** Whether the command may be the one that an earlier refusal rejected; when it times out, it is repeated. */
const isDoubted = ({ doubted, toRetry }: Ledger, command: Command): boolean =>
  doubted.includes(command) || toRetry.includes(command.topics);

/** An answer that names its command is certain. One to a forgotten command changes nothing. */
const answeredById = (ledger: Ledger, answer: Answer, known: Known): Outcome => {
  const open = [...ledger.pending, ...ledger.late.map(({ command }) => command)];
  const command = open.find(({ id }) => id === answer.id);
  if (!command) return [ledger, undefined, nothing];
  const rest = withoutCommand(ledger, command);
  if (command.op === 'unsubscribe') return [rest, undefined, nothing];
  if (!isRefusal(answer)) return accepted(ledger, command, answer);
  // Of a topic that was asked for again since, the later command decides.
  const later = open.filter(({ op, id = 0 }) => op === 'subscribe' && id > (answer.id ?? 0));
  const asked = new Set(later.flatMap(({ topics }) => topics.map(topicKey)));
  const topics = command.topics.filter((topic) => !asked.has(topicKey(topic)));
  // It may have been refused for one of those: what is left is asked for by itself.
  const isInDoubt = topics.length < command.topics.length && answer.scope !== 'topics';
  return isInDoubt
    ? [askingAgain(unasked(rest, topics), topics), undefined, nothing]
    : refused(rest, { ...command, topics }, answer, known);
};

const accepted = (ledger: Ledger, command: Command, { unserved, note }: Answer): Outcome => {
  const rest = withoutCommand(ledger, command);
  const missing = unserved?.(command.topics) ?? nothing;
  if (missing.length > 0) {
    const served = command.topics.filter((topic) => !missing.includes(topic));
    return [...reject(rest, missing, UNLISTED), served];
  }
  const reason = note?.(command, rest.asked.values());
  return [rest, reason === undefined ? undefined : { topics: [], reason }, command.topics];
};

const UNLISTED = 'the vendor does not list it among what it serves';

/** An acceptance that may be of a late command or of the one in flight: both may still turn out to be refused. */
const acceptedLate = (
  ledger: Ledger,
  late: readonly Command[],
  [current]: readonly Command[],
  answer: Answer,
): Outcome => {
  if (current) {
    const rest = withoutCommand(ledger, current);
    return [{ ...rest, late: [...rest.late, { command: current, owed: false }] }, undefined, current.topics];
  }
  const [only = none] = late;
  if (late.length === 1) return accepted(ledger, only, answer);
  const debtor = ledger.late.find(({ command, owed }) => owed && late.includes(command));
  const rest = ledger.late.map((other) => (other === debtor ? { ...other, owed: false } : other));
  return [{ ...ledger, late: owing(rest) }, undefined, nothing];
};

const none: Command = { op: 'subscribe', topics: [] };

/** A list of all that is served answers every command up to the last one that it holds something new of. */
const listed = (ledger: Ledger, commands: readonly Command[], unserved: NonNullable<Answer['unserved']>): Outcome => {
  const before = new Set<string>();
  let last = 0;
  commands.forEach(({ op, topics, again }, i) => {
    const news = topics.filter((topic) => !before.has(topicKey(topic)));
    if (op === 'subscribe' && !again && unserved(news).length < news.length) last = i;
    topics.forEach((topic) => before.add(topicKey(topic)));
  });
  const done = commands.slice(0, last + 1);
  const open = commands.filter((command) => ledger.pending.includes(command));
  const asked = done.flatMap(({ op, topics }) => (op === 'subscribe' ? topics : []));
  const missing = unserved(asked);
  const rest = done.reduce(withoutCommand, { ...ledger, doubted: [...ledger.doubted, ...open] });
  const served = asked.filter((topic) => !missing.includes(topic));
  return [...reject(rest, missing, UNLISTED), served];
};

const refusal = (ledger: Ledger, all: readonly Command[], answer: Refusal, known: Known): Outcome => {
  const { hasData = never } = known;
  const possible = all.filter(({ op, topics }) => op === 'unsubscribe' || !topics.every(hasData));
  const [oldest, ...others] = possible;
  if (!oldest) {
    const [contradictory] = all;
    if (contradictory) return [withoutCommand(ledger, contradictory), undefined, contradictory.topics];
    const [stale] = ledger.stale;
    if (stale) return [withoutStale(ledger, stale), undefined, nothing];
    return [ledger, { topics: [], reason: answer.refusal }, nothing];
  }
  if (oldest.op === 'unsubscribe') return [doubting(withoutCommand(ledger, oldest), others), undefined, nothing];
  if (others.every((other) => isRepeated(other, oldest))) {
    const rest = possible.reduce(withoutCommand, { ...ledger, stale: [...ledger.stale, ...others] });
    return refused(rest, oldest, answer, known);
  }
  if (ledger.ambiguous < MOST_AMBIGUOUS) return retryAll(ledger, all, possible);
  return refused(withoutCommand(ledger, oldest), oldest, answer, known);
};

/** A refusal was taken for that of an unsubscribe, and may have been of one of these. */
const doubting = (ledger: Ledger, commands: readonly Command[]): Ledger => {
  const asking = commands.filter(({ op }) => op === 'subscribe');
  const doubted = asking.filter((command) => ledger.pending.includes(command));
  const late = asking.filter((command) => !doubted.includes(command));
  const owed = owedOf(ledger, late);
  const rest = late.reduce(withoutCommand, { ...ledger, doubted: [...ledger.doubted, ...doubted] });
  const toRetry = [...late.map(({ topics }) => topics), ...rest.toRetry];
  return { ...rest, toRetry, stale: [...rest.stale, ...owed], unsure: rest.unsure || asking.length > 0 };
};

/** Whether one command asks for the same as another, so that a refusal of either says the same. */
const isRepeated = ({ op, topics }: Command, other: Command): boolean => {
  // By key: a topic that is wanted again is rarely the same object.
  const keys = new Set(other.topics.map(topicKey));
  return op === 'subscribe' && topics.length === keys.size && topics.every((topic) => keys.has(topicKey(topic)));
};

/** Any of these commands may have been refused, so each is asked again when all answers are in that may come. */
const retryAll = (ledger: Ledger, all: readonly Command[], possible: readonly Command[]): Outcome => {
  const asking = possible.filter(({ op }) => op === 'subscribe');
  const [, ...others] = [...owedOf(ledger, all), ...ledger.pending.filter((command) => all.includes(command))];
  const rest = all.reduce(withoutCommand, ledger);
  const [first = none, ...more] = asking;
  const groups = [...halves(first.topics), ...more.map(({ topics }) => topics)];
  const toRetry = [...groups.filter(({ length }) => length > 0), ...rest.toRetry];
  const stale = [...ledger.stale, ...others];
  return [{ ...rest, toRetry, stale, unsure: true, ambiguous: ledger.ambiguous + 1 }, undefined, nothing];
};

/** The command was refused, for certain. */
const refused = (
  ledger: Ledger,
  command: Command,
  { refusal: reason, scope }: Refusal,
  { product = topicKey, hasData = never }: Known,
): Outcome => {
  const open = unasked(ledger, command.topics);
  const full = scope === 'quota' && ledger.full;
  const hopeless = full ? takingRoom(open, command.topics, product) : command.topics;
  if (hopeless.length === 0 || (hopeless.length > 1 && scope !== 'topics' && !full)) {
    return [askingAgain(open, ...halves(command.topics)), undefined, nothing];
  }
  const spared = command.topics.filter((topic) => !hopeless.includes(topic));
  // A topic with data is served, whatever the refusal rejected.
  const served = hopeless.filter(hasData);
  const [after, rejection] = reject(
    askingAgain(open, spared),
    hopeless.filter((topic) => !served.includes(topic)),
    reason,
  );
  return [{ ...askedFor(after, served), full: after.full || scope === 'quota' }, rejection, served];
};

/** Has topics asked for anew, each group by a command of its own. */
const askingAgain = (ledger: Ledger, ...groups: readonly (readonly Topic[])[]): Ledger => ({
  ...ledger,
  toRetry: [...groups.filter(({ length }) => length > 0), ...ledger.toRetry],
});

/** The topics that a full vendor has no room for; alone, a topic is refused for itself. */
const takingRoom = (
  { asked }: Ledger,
  topics: readonly Topic[],
  product: (topic: Topic) => string,
): readonly Topic[] => {
  if (topics.length === 1) return topics;
  const served = new Set(asked.values().map(product));
  return topics.filter((topic) => !served.has(product(topic)));
};

const reject = (ledger: Ledger, topics: readonly Topic[], reason: string): readonly [Ledger, Rejection | undefined] => {
  // Two commands may have asked for it, each with an object of its own.
  const distinct = distinctTopics(topics);
  return [unasked(ledger, topics), distinct.length > 0 ? { topics: distinct, reason } : undefined];
};

/** Those of some commands whose time is over and to which no answer has come that may have been theirs. */
const owedOf = ({ late }: Ledger, commands: readonly Command[]): readonly Command[] =>
  late.filter(({ command, owed }) => owed && commands.includes(command)).map(({ command }) => command);

const withoutStale = (ledger: Ledger, answered: Command): Ledger => ({
  ...ledger,
  stale: ledger.stale.filter((command) => command !== answered),
});

const halves = (topics: readonly Topic[]): readonly (readonly Topic[])[] => {
  const middle = Math.ceil(topics.length / 2);
  return [topics.slice(0, middle), topics.slice(middle)];
};

import { InvalidOption } from '../model/errors.js';
import { canonicalSymbol } from '../model/symbol.js';
import type { Topic } from '../model/topic.js';

/** The buckets and the stream of all feeds of an account. */
export const OWNERS = 'rxtape-owners';
export const WISHES = 'rxtape-wishes';
export const LAST = 'rxtape-last';

/** How long a joiner's topics are wanted after it was last heard, in milliseconds. */
export const WISH_TTL = 10_000;

/** Raised with each change that a program of another version would misread: such programs then do not hear each other. */
const ROOT = 'rxtape.v1';

/** What the stream of last values keeps: of all feeds, as subjects are told apart and not streams. */
export const LAST_SUBJECTS = `${ROOT}.*.last.>`;

/** The subjects of one feed. */
export interface Subjects {
  readonly link: string;
  readonly beat: string;
  /** The last value of `link`: how the link is, what is served, what is refused. */
  readonly state: string;
  readonly live: (path: TopicPath) => string;
  readonly last: (path: TopicPath) => string;
  readonly beatOf: (group: string) => string;
  readonly wish: (joiner: string) => string;
  readonly lease: string;
}

/** Where a topic stands below its feed. */
export interface TopicPath {
  /** Kind and venue: topics of one group share a beat. */
  readonly group: string;
  readonly code: string;
}

export const subjectsOf = (name: string): Subjects => {
  const feed = `${ROOT}.${name}`;
  return {
    link: `${feed}.link`,
    beat: `${feed}.beat`,
    state: `${feed}.last.link`,
    live: ({ group, code }) => `${feed}.live.${group}.${code}`,
    last: ({ group, code }) => `${feed}.last.${group}.${code}`,
    beatOf: (group) => `${feed}.beat.${group}`,
    wish: (joiner) => `$KV.${WISHES}.${name}.${joiner}`,
    lease: `$KV.${OWNERS}.${name}`,
  };
};

/**
 * Whether a feed cannot do without a subject: its own ones, and what its hosts create. A joiner can do without a consumer.
 */
export const isNeeded = (name: string, subject: string): boolean =>
  /^\$JS\.API\.STREAM\.\w+\.(KV_)?rxtape-\w+$/.test(subject) ||
  (!subject.startsWith('$JS.API.CONSUMER.') &&
    [`${ROOT}.${name}.`, `.${WISHES}.${name}.`, `.${OWNERS}.${name}.`].some((own) => `${subject}.`.includes(own)));

/** One path for all spellings of an instrument. Two intervals of bars are two paths. */
export const pathOf = (topic: Topic): TopicPath => {
  const symbol = canonicalSymbol(topic.symbol);
  const dot = symbol.lastIndexOf('.');
  const kind = topic.channel === 'kline' ? `kline@${topic.interval}` : token(topic.channel);
  return { group: `${kind}.${token(symbol.slice(dot + 1))}`, code: token(symbol.slice(0, dot)) };
};

/** A text as one token of a subject: all but letters, digits, `_` and `-` is escaped, as in a URL. */
export const token = (text: string): string => text.replace(OTHER, escaped);

const OTHER = /[^A-Za-z0-9_-]/gu;

const escaped = (char: string): string => {
  // Half of a surrogate pair has no UTF-8; it is escaped like a letter of its own.
  if (char.length === 1 && /[\ud800-\udfff]/.test(char)) return `%u${hex(char.charCodeAt(0))}`;
  return Array.from(new TextEncoder().encode(char), (byte) => `%${hex(byte)}`).join('');
};

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');

const NAME = /^[A-Za-z0-9_-]+$/;

/** Throws `InvalidOption` for a name that is no token of a subject and of a key. */
export const checkName = (name: unknown): void => {
  if (typeof name === 'string' && NAME.test(name)) return;
  throw new InvalidOption('name', name, 'it has letters, digits, _ and - only, as it is part of subjects and keys');
};

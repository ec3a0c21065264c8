import {
  AuthTimeout,
  ConnectionLost,
  ConnectTimeout,
  FeedInUse,
  HandshakeRefused,
  HeartbeatMissed,
  InvalidOption,
  InvalidTopic,
  KickedRepeatedly,
  TokenUnavailable,
  Unauthorized,
  type FeedError,
} from '../../model/errors.js';
import { isFeedError } from '../../model/isRecoverable.js';

/** An error that can be cloned and loses nothing by it but its stack. */
export interface FlatError {
  readonly name: string;
  readonly message: string;
  /** The tag and the facts of one of ours; of any other error nothing is known to be fit for another tab. */
  readonly facts: Facts;
}

type Facts = Readonly<Record<string, unknown>>;

/** Structured cloning keeps name and message of an error, and drops its class and its facts. */
export const flatten = (thrown: unknown): FlatError => {
  if (!(thrown instanceof Error)) return { name: 'Error', message: said(thrown), facts: {} };
  const facts = isFeedError(thrown) ? Object.entries(thrown).filter(([, fact]) => isCloneable(fact)) : [];
  return { name: thrown.name, message: thrown.message, facts: Object.fromEntries(facts) };
};

export const revive = ({ name, message, facts }: FlatError): Error => {
  const error = reviveOurs(facts) ?? Object.assign(new Error(), { name });
  error.message = message;
  return error;
};

const reviveOurs = (facts: Facts): FeedError | undefined => {
  const tag = facts['_tag'];
  return typeof tag === 'string' && Object.hasOwn(makers, tag) ? makers[tag as FeedError['_tag']](facts) : undefined;
};

const makers: { readonly [Tag in FeedError['_tag']]: (facts: Facts) => Extract<FeedError, { readonly _tag: Tag }> } = {
  Unauthorized: ({ reason, status }) => new Unauthorized(text(reason), optional(status)),
  HandshakeRefused: ({ status, retryAfter, reason }) =>
    new HandshakeRefused(number(status), optional(retryAfter), text(reason)),
  ConnectionLost: ({ code, reason }) => new ConnectionLost(number(code), text(reason)),
  ConnectTimeout: ({ within }) => new ConnectTimeout(number(within)),
  AuthTimeout: ({ within }) => new AuthTimeout(number(within)),
  HeartbeatMissed: ({ silence }) => new HeartbeatMissed(number(silence)),
  TokenUnavailable: ({ reason }) => new TokenUnavailable(text(reason)),
  KickedRepeatedly: ({ kicks }) => new KickedRepeatedly(number(kicks)),
  FeedInUse: ({ endpoint, connections }) => new FeedInUse(text(endpoint), number(connections)),
  InvalidTopic: ({ value, problem }) => new InvalidTopic(value, text(problem)),
  InvalidOption: ({ option, value, problem }) => new InvalidOption(text(option), value, text(problem)),
};

const text = (fact: unknown): string => (typeof fact === 'string' ? fact : '');
const number = (fact: unknown): number => optional(fact) ?? NaN;
const optional = (fact: unknown): number | undefined => (typeof fact === 'number' ? fact : undefined);

const said = (thrown: unknown): string => (typeof thrown === 'string' ? thrown : `a ${typeof thrown} was thrown`);

const isCloneable = (fact: unknown): boolean => {
  try {
    structuredClone(fact);
    return true;
  } catch {
    return false;
  }
};

import type { FeedError } from './errors.js';
import { tagOf } from './Tagged.js';

/** The facts of an error, or of its data, that decide here. */
interface ErrorFacts {
  readonly _tag: FeedError['_tag'];
  readonly status?: number | undefined;
}

/** Whether a new connection can help after an error of each kind. */
const recoverable: Readonly<Record<FeedError['_tag'], boolean>> = {
  ConnectionLost: true,
  ConnectTimeout: true,
  AuthTimeout: true,
  HeartbeatMissed: true,
  TokenUnavailable: true,
  HandshakeRefused: true,
  Unauthorized: false,
  KickedRepeatedly: false,
  FeedInUse: false,
  InvalidTopic: false,
  InvalidOption: false,
};

/**
 * Whether opening a new connection can help; takes the error or its data.
 *
 * A feed reconnects after a recoverable error and says so in band; any other error ends it through the error channel.
 */
export const isRecoverable = ({ _tag, status }: ErrorFacts): boolean =>
  recoverable[_tag] && status !== 404 && status !== 0;

/** Whether a thrown value is one of ours. Anything else is a defect and is never retried. */
export const isFeedError = (thrown: unknown): thrown is FeedError => {
  const tag = tagOf(thrown);
  return typeof tag === 'string' && Object.hasOwn(recoverable, tag);
};

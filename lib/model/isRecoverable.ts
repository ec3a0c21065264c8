import type { FeedError } from './errors.js';

/** What an error, or its data, tells here. */
interface Told {
  readonly _tag: FeedError['_tag'];
  readonly status?: number | undefined;
}

/**
 * Whether opening a new connection can help; takes the error or its data.
 *
 * A feed reconnects after a recoverable error and says so in band; any other error ends it through the error channel.
 */
export const isRecoverable = (error: Told): boolean => {
  switch (error._tag) {
    case 'ConnectionLost':
    case 'ConnectTimeout':
    case 'AuthTimeout':
    case 'HeartbeatMissed':
    case 'TokenUnavailable':
      return true;
    case 'HandshakeRefused':
      return error.status !== 404 && error.status !== 0;
    case 'Unauthorized':
    case 'KickedRepeatedly':
    case 'FeedInUse':
    case 'InvalidTopic':
    case 'InvalidOption':
      return false;
  }
};

const tags: Readonly<Record<FeedError['_tag'], true>> = {
  Unauthorized: true,
  HandshakeRefused: true,
  ConnectionLost: true,
  ConnectTimeout: true,
  AuthTimeout: true,
  HeartbeatMissed: true,
  TokenUnavailable: true,
  KickedRepeatedly: true,
  FeedInUse: true,
  InvalidTopic: true,
  InvalidOption: true,
};

/** Whether a thrown value is one of ours. Anything else is a defect and is never retried. */
export const isFeedError = (thrown: unknown): thrown is FeedError =>
  thrown instanceof Error && '_tag' in thrown && typeof thrown._tag === 'string' && Object.hasOwn(tags, thrown._tag);

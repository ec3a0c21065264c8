import { isErrorTag, recoverable, type FeedError } from './errors.js';
import { tagOf } from './Tagged.js';

/** The facts of an error, or of its data, that decide here. */
interface ErrorFacts {
  readonly _tag: FeedError['_tag'];
  readonly status?: number | undefined;
}

/**
 * Whether opening a new connection can help; takes the error or its data.
 *
 * A feed reconnects after a recoverable error and says so in band; any other error ends it through the error channel.
 */
export const isRecoverable = ({ _tag, status }: ErrorFacts): boolean =>
  recoverable[_tag] && status !== 404 && status !== 0;

/** Whether a thrown value is one of ours. Anything else is a defect and is never retried. */
export const isFeedError = (thrown: unknown): thrown is FeedError => isErrorTag(tagOf(thrown));

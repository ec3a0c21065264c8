import { defer, isObservable, type Observable } from 'rxjs';
import { checkTimeout } from '../model/check.js';
import { InvalidTopic } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { checkSomeTopics } from '../model/topic.js';
import { exponential } from '../session/backoff.js';
import { checkFunction, checkName, checkObject, type FeedOptions } from '../session/FeedOptions.js';
import { reconnect } from '../session/reconnect.js';
import { whileWanted, type Topics } from '../session/wanted.js';
import type { History } from './History.js';
import { askingInRounds, newMemory, reasonAgainst } from './rounds.js';

/** What `polled` takes. */
export interface PolledOptions extends Pick<FeedOptions, 'name' | 'backoff' | 'maxRetryAfter'> {
  /** Quotes and depths; an Observable may change them. Nothing is asked for before the first topic. */
  readonly topics: Topics;
  /**
   * Milliseconds from the start of one round to that of the next. A round that takes longer is waited for, and no round is
   * faster than the budget of the history allows.
   *
   * @defaultValue the time in which the budget allows two requests, 1,000 at least: iTick 24,000, TickFlow 2,000
   */
  readonly every?: number | undefined;
}

const SHORTEST = 1_000;

/**
 * A feed without a stream: asks a history for the newest quotes and depths again and again, and says what a feed says, with
 * the same events and gaps. For plans without a WebSocket.
 *
 * Cold: each subscription asks for itself, so share it with `shareFeed`. The first answer, and the first one after a loss, is
 * `connected`; a round that fails is `disconnected`, and is tried again by the `backoff`. The hole runs from the last answer
 * to the next. Quotes and depths that are as they were are not repeated. A topic comes at once when it is new, stops at once
 * when it is withdrawn, and is `refused` if it is neither a quote nor a depth, or if the vendor does not have it.
 *
 * Fails with `Unauthorized` when the credential is refused. Throws `InvalidOption` for options that make no sense, and
 * `InvalidTopic` for a list with malformed topics or none that can be served.
 *
 *     answers  --a---a---#-----b--    // a round each four frames, the third fails
 *     polled   --(ca)----d-----(cb)
 *
 * @example
 * polled(itickHistory({ token, market: 'stock' }), { topics: quotes('AAPL.US', '700.HK'), every: 15_000 })
 *   .pipe(toKlines('1m'))
 */
export const polled = (history: History, options: PolledOptions): Observable<FeedEvent> => {
  checkObject(options);
  const { calls, per } = history.budget;
  const {
    topics,
    every = Math.max(SHORTEST, (2 * per) / calls),
    name,
    backoff = exponential(),
    maxRetryAfter,
  } = options;
  checkName(name);
  checkFunction('backoff', backoff);
  checkTimeout('every', every);
  checkTimeout('maxRetryAfter', maxRetryAfter);
  if (!isObservable(topics)) checkAnyServed(history, topics);
  const feed = name ?? history.feed ?? history.provider;
  return whileWanted(topics, (wanted) =>
    defer(() => {
      const rounds$ = askingInRounds(history, { feed, every, wanted, memory: newMemory() });
      return rounds$.pipe(reconnect({ provider: history.provider, feed, backoff, maxRetryAfter }));
    }),
  );
};

/** Throws `InvalidTopic` for a list of which nothing can ever come. */
const checkAnyServed = (history: History, topics: Exclude<Topics, Observable<unknown>>): void => {
  const reasons = checkSomeTopics(topics).map((topic) => reasonAgainst(history, topic));
  const [reason] = reasons;
  if (reason !== undefined && !reasons.includes(undefined)) throw new InvalidTopic(topics[0], reason);
};

import type { NatsConnection } from '@nats-io/nats-core';
import type { Observable } from 'rxjs';
import type { Topic } from '../model/topic.js';
import type { Feed } from '../share/shareFeed.js';
import { checkNats } from './connection.js';
import { joined } from './joiner.js';
import { checkMaxSilence, joining, MAX_SILENCE } from './joining.js';
import { checkName } from './subjects.js';

/** Which feed is joined, and what is wanted of it. */
export interface JoinOptions {
  /** A connection of yours, of Node or of a browser. It is never closed or drained here. */
  readonly nats: NatsConnection;
  /** The name that the hosts of the feed have given it. */
  readonly name: string;
  /** What is wanted: a list, or an Observable of lists, each of which replaces the one before. */
  readonly topics: readonly Topic[] | Observable<readonly Topic[]>;
  /**
   * Milliseconds without a word of the owner after which it is taken for dead. It beats each second.
   *
   * @defaultValue 3,000
   */
  readonly maxSilence?: number | undefined;
}

/**
 * A feed that a host owns, in any process or browser: the same events as at the owner, and the same gaps. Its topics reach the
 * owner, who asks the vendor for what all joiners want; they are withdrawn when it is unsubscribed, or 10 s after its process
 * died.
 *
 * Cold, and safe for late joiners: it begins with how the link is and the last value of each topic, and a whole book. What is
 * lost on the way is a gap, `disconnected` and then `connected` with `resumed`: a missing message, another owner, an owner that
 * is silent for `maxSilence`, a lost connection to NATS. `resumed.lost` is how many events that were. A final error of the
 * vendor arrives as its class. Throws `InvalidTopic` and `InvalidOption` for what is malformed, and fails with `InvalidOption`
 * when its user may not do what it needs.
 *
 * @example
 * joinFeed({ nats, name: 'us', topics: quotes('AAPL.US') }).pipe(gaps()).subscribe(console.log);
 */
export const joinFeed = ({ nats, name, topics, maxSilence = MAX_SILENCE }: JoinOptions): Feed => {
  checkNats(nats);
  checkName(name);
  checkMaxSilence(maxSilence, 'owner');
  return joining((topics$) => joined({ nats, name, maxSilence }, topics$), topics);
};

import { defer, filter, map, type OperatorFunction } from 'rxjs';
import type { FeedErrorData } from '../model/errorData.js';
import { feedNameOf, type FeedEvent } from '../model/feedEvent.js';
import { linkTable, newLink, type Gap, type Link } from '../model/link.js';
import type { WithLink } from './WithLink.js';

/** How the link of one feed is. */
export interface LinkState {
  /** The name of the feed. */
  readonly feed: string;
  /** `connecting`: until the first `connected` or `disconnected`. `live`. `down`: until an attempt succeeds. */
  readonly state: 'connecting' | 'live' | 'down';
  /** When it came to be so, epoch milliseconds: for `down` when the link was lost, whatever attempts failed since. */
  readonly since: number;
  /** Which attempt of this outage is the last that succeeded or failed, from 1. */
  readonly attempt: number;
  /** Why it is `down`, by the last attempt; undefined otherwise. */
  readonly cause: FeedErrorData | undefined;
  /** When the next attempt begins, epoch milliseconds; only while `down`. */
  readonly retryAt: number | undefined;
  /** The last hole in the data that has ended. */
  readonly lastGap: Gap | undefined;
}

/**
 * How the link of each feed is, whenever that changes: a value for each `connected`, `disconnected` and end of a hole. A
 * link event that arrives twice counts once.
 *
 *     feed         q-c-q-d--d---c-s-q-    s `subscribed`
 *     linkState()  c-l---d--d---l-l---    c `connecting`, l `live`, d `down`; the last one has `lastGap`
 *
 * @example
 * feed$.pipe(linkState()).subscribe(({ feed, state, cause }) => badge(feed, state, cause?.message))
 */
export const linkState = (): OperatorFunction<WithLink<FeedEvent>, LinkState> => (feed$) =>
  defer(() => {
    const links = linkTable();
    const known = new Map<string, Link>();

    return feed$.pipe(
      map((event) => {
        const feed = feedNameOf(event);
        const before = known.get(feed);
        const link = links.next(event) ?? before ?? { ...newLink(feed), since: event.receivedAt };
        if (before && isSame(before, link)) return undefined;
        known.set(feed, link);
        return stateOf(link);
      }),
      filter((state) => state !== undefined),
    );
  });

/** What is served changes the link, but not how it is. */
const isSame = (before: Link, link: Link): boolean => before.last === link.last && before.lastGap === link.lastGap;

const stateOf = ({ feed, state, since, last, lastGap }: Link): LinkState => ({
  feed,
  state,
  since,
  attempt: last?.attempt ?? 1,
  cause: last?.kind === 'disconnected' ? last.cause : undefined,
  retryAt: last?.kind === 'disconnected' ? last.retryAt : undefined,
  lastGap,
});

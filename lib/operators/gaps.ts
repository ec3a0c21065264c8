import { defer, filter, map, type OperatorFunction } from 'rxjs';
import { feedNameOf, type FeedEvent } from '../model/feedEvent.js';
import { linkTable, type Gap } from '../model/link.js';
import type { WithLink } from './WithLink.js';

/**
 * The holes in the data, one value each, when it ends: when the topics that were served before it are served again, or,
 * of a feed that says no `subscribed`, when the link is back.
 *
 *     feed    c-q-d--d---c-s-q-    s `subscribed`
 *     gaps()  -------------g---    g { from, to, attempts: 2, cause }
 *
 * A stream may hold several feeds: each has its own holes. A link event that arrives twice counts once.
 *
 * @example
 * feed$.pipe(gaps()).subscribe(({ feed, from, to }) => console.warn(`${feed} lost ${to - from} ms`))
 */
export const gaps = (): OperatorFunction<WithLink<FeedEvent>, Gap> => (feed$) =>
  defer(() => {
    const links = linkTable();
    return feed$.pipe(
      map((event) => {
        const before = links.of(feedNameOf(event))?.lastGap;
        const gap = links.next(event)?.lastGap;
        return gap === before ? undefined : gap;
      }),
      filter((gap) => gap !== undefined),
    );
  });

import { catchError, concat, defer, NEVER, of, type Observable } from 'rxjs';
import { ABNORMAL } from '../model/closeCodes.js';
import { ConnectionLost, InvalidOption } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import type { MakeFeed } from './shareFeed.js';
import { shareFeed, type SharedFeed, type ShareOptions } from './shareFeed.js';
import { switchMapToEnd, membership, pageAwake$ } from './tabs/election.js';
import { bridged, type Handover } from './tabs/handover.js';
import { CannotShare, type TabTools } from './tabs/TabTools.js';

/** By what the tabs of one user find each other, and for how long they share. */
export interface TabsOptions extends ShareOptions, TabTools {
  /**
   * By which the tabs of one origin find each other: the same for the same feed, another for another market or account.
   * Others of the origin can read it, so no credential belongs into it.
   */
  readonly name: string;
  /**
   * Called with the reason, once, when this tab cannot take part and opens a connection of its own.
   *
   * @defaultValue a `console.warn`: on a plan for one connection such tabs end each other's
   */
  readonly onFallback?: ((reason: string) => void) | undefined;
}

/**
 * Lets all tabs of a user watch one feed, over one subscription to it in one of them.
 *
 * Each tab watches as with `shareFeed`. One leads: it asks the vendor for what all want, and sends the others what
 * comes. When it closes, is frozen, or stops watching, the next takes over, and all see a gap: `disconnected`, and then
 * `connected` with `resumed`. An end of the feed reaches every tab. Throws `InvalidOption` for a `name` or a `linger`
 * that is none.
 *
 * @example
 * const desk = shareAcrossTabs((topics) => itick({ token, market: 'stock', topics }), { name: 'itick stock' });
 * desk.watch(quotes('AAPL.US')).subscribe(show);
 */
export const shareAcrossTabs = (
  makeFeed: MakeFeed,
  { name, linger, onFallback = warn, ...tools }: TabsOptions,
): SharedFeed => {
  checkName(name);
  let isReported = false;

  const alone = (reason: string, topics$: Observable<readonly Topic[]>): Observable<FeedEvent | Handover> =>
    defer(() => {
      if (!isReported) onFallback(reason);
      isReported = true;
      return concat(handover(reason), makeFeed(topics$));
    });
  const together = (topics$: Observable<readonly Topic[]>): Observable<FeedEvent | Handover> =>
    membership(makeFeed, name, tools, topics$).pipe(
      catchError((error: unknown) => {
        if (error instanceof CannotShare) return alone(error.message, topics$);
        throw error;
      }),
    );

  return shareFeed(
    (topics$) =>
      pageAwake$.pipe(
        switchMapToEnd((awake) => (awake ? together(topics$) : concat(handover('the page is frozen'), NEVER))),
        bridged(),
      ),
    { linger },
  );
};

const handover = (reason: string): Observable<Handover> =>
  of({ kind: 'handover', cause: new ConnectionLost(ABNORMAL, reason) });

const warn = (reason: string): void => console.warn(`rxtape: this tab has a connection of its own: ${reason}`);

const checkName = (name: unknown): void => {
  if (typeof name !== 'string' || name === '') {
    throw new InvalidOption('name', name, 'it is the name by which the tabs find each other');
  }
};

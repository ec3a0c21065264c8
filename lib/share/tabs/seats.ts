import type { Observable, Subscription } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { topicKey, type Topic } from '../../model/topic.js';
import type { SharedFeed } from '../shareFeed.js';
import { concern, isOfLink } from './gate.js';

/** A member at the leader's desk. */
interface Seat {
  readonly watching: Subscription;
  readonly keys: ReadonlySet<string>;
}

/** What is new to a member by its changed wish. */
export interface News {
  readonly topics: readonly Topic[];
  /** What it has missed of them, and at first also how the link is. */
  readonly events: readonly FeedEvent[];
}

/** One watcher of the desk for each member. What the desk goes on to say is told to all, so seats only count. */
export const seats = (desk: SharedFeed, onEnd: { error: (error: unknown) => void; complete: () => void }) => {
  const taken = new Map<string, Seat>();

  return {
    /** Gives a member what it wants now, and nothing else any more; undefined when that is nothing new to it. */
    seat: (member: string, wish: readonly Topic[]): News | undefined => {
      const before = taken.get(member);
      const fresh = wish.filter((topic) => !before?.keys.has(topicKey(topic)));
      const { about, open } = concern();
      fresh.forEach((topic) => open(topic));
      const { watching, missed } = watched(desk.watch(wish), onEnd);
      taken.set(member, { watching, keys: new Set(wish.map(topicKey)) });
      before?.watching.unsubscribe();
      if (before && fresh.length === 0) return undefined;
      return {
        topics: fresh,
        events: missed.flatMap((event) => about(event) ?? (!before && isOfLink(event) ? event : [])),
      };
    },

    unseat: (member: string): void => {
      taken.get(member)?.watching.unsubscribe();
      taken.delete(member);
    },

    has: (member: string): boolean => taken.has(member),
    size: (): number => taken.size,
    members: (): readonly string[] => [...taken.keys()],
  };
};

/** What the desk says while it is subscribed to is what a late joiner has missed. */
const watched = (
  feed$: Observable<FeedEvent>,
  onEnd: { error: (error: unknown) => void; complete: () => void },
): { readonly watching: Subscription; readonly missed: readonly FeedEvent[] } => {
  const missed: FeedEvent[] = [];
  let joining = true;
  const watching = feed$.subscribe({ next: (event) => joining && missed.push(event), ...onEnd });
  joining = false;
  return { watching, missed };
};

import type { FeedEvent } from '../../model/feedEvent.js';
import type { Topic } from '../../model/topic.js';

/** What the tabs of one feed say to each other; `from` and `to` are names of members. */
export type Message =
  /** A new leader begins: whoever wants something tells it. */
  | { readonly kind: 'leading'; readonly from: string }
  /** All that a member wants now. */
  | { readonly kind: 'wish'; readonly from: string; readonly topics: readonly Topic[] }
  /** From here on a member gets these topics too; the events are what it has missed. */
  | {
      readonly kind: 'answer';
      readonly from: string;
      readonly to: string;
      readonly topics: readonly Topic[];
      readonly events: readonly FeedEvent[];
    }
  /** What the feed says, to all members at once: each picks what it watches. */
  | { readonly kind: 'events'; readonly from: string; readonly events: readonly FeedEvent[] }
  /** The feed is over. */
  | { readonly kind: 'completed'; readonly from: string }
  | { readonly kind: 'failed'; readonly from: string; readonly error: unknown }
  /** A message of another version of this protocol; only whether its sender leads is told apart. */
  | { readonly kind: 'foreign'; readonly leading: boolean };

/** Raised when a tab could no longer understand another; `rxtape` and the kind `leading` mean the same in every version. */
export const PROTOCOL = 1;

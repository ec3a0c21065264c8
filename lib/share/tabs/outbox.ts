import { asapScheduler, Subscription } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';

/** More than this in one turn travel in more than one message. */
const LIMIT = 1_000;

/** Posts the events of one turn of the event loop together. As a microtask: timers of a hidden tab come late. */
export const outbox = (post: (events: readonly FeedEvent[]) => void) => {
  let waiting: FeedEvent[] = [];
  let turn = Subscription.EMPTY;

  const drop = (): readonly FeedEvent[] => {
    const dropped = waiting;
    turn.unsubscribe();
    waiting = [];
    return dropped;
  };
  const flush = (): void => {
    const events = drop();
    if (events.length > 0) post(events);
  };

  return {
    add: (event: FeedEvent): void => {
      const size = waiting.push(event);
      if (size >= LIMIT) flush();
      else if (size === 1) turn = asapScheduler.schedule(flush);
    },
    flush,
    drop,
  };
};

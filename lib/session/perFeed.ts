import type { WantedTopics } from './wanted.js';

/**
 * The memory of one feed across its sessions, such as a rule of stamps: made once for each subscription of a feed. Call
 * it where the feed is made, and what it returns in each attempt.
 *
 * @example
 * const stampsOf = perFeed(stampRule);
 * return feedOf(settings, ({ wanted }) => pipe(decoder(stampsOf(wanted))));
 */
export const perFeed = <M>(make: (wanted: WantedTopics) => M): ((wanted: WantedTopics) => M) => {
  const known = new WeakMap<WantedTopics, M>();
  return (wanted) => {
    // Two sessions of one feed at the same time share it.
    const first = wanted.origin ?? wanted;
    const memory = known.get(first) ?? make(first);
    known.set(first, memory);
    return memory;
  };
};

import type { Wish } from './wish.js';

/**
 * What one feed knows across its sessions, as a rule of stamps: made once for each wish, and there is one wish for each
 * subscription of a feed. Call it where the feed is made, and what it returns in each attempt.
 *
 * @example
 * const stampsOf = perFeed(stampRule);
 * return feedOf(settings, (wish, secret) => pipe(decoder(stampsOf(wish))));
 */
export const perFeed = <M>(make: (wish: Wish) => M): ((wish: Wish) => M) => {
  const known = new WeakMap<Wish, M>();
  return (wish) => {
    const memory = known.get(wish) ?? make(wish);
    known.set(wish, memory);
    return memory;
  };
};

import type { Wish } from './wish.js';

/** What one feed knows across its sessions: made once for each wish, as there is one wish for each subscription. */
export const perFeed = <M>(make: (wish: Wish) => M): ((wish: Wish) => M) => {
  const known = new WeakMap<Wish, M>();
  return (wish) => {
    const memory = known.get(wish) ?? make(wish);
    known.set(wish, memory);
    return memory;
  };
};

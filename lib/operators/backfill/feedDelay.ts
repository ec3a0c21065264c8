/** Stamps less behind than this are those of a live feed, in milliseconds. */
const LIVE = 60_000;
/** The delay of a feed is that of the nearest of so many stamps, and of as many before. */
const STAMPS = 64;

/** How far the stamps of a feed are behind their receipt. */
export interface FeedDelay {
  readonly measure: (behind: number) => void;
  /** Milliseconds; 0 of a live feed. */
  readonly of: () => number;
}

export const feedDelay = (): FeedDelay => {
  const stamps = { count: 0, least: Infinity, before: Infinity };
  return {
    measure: (behind: number): void => {
      if (behind < stamps.least) stamps.least = behind;
      if (++stamps.count < STAMPS) return;
      stamps.before = stamps.least;
      stamps.least = Infinity;
      stamps.count = 0;
    },
    of: (): number => {
      const delay = Math.min(stamps.least, stamps.before);
      return delay >= LIVE && delay < Infinity ? delay : 0;
    },
  };
};

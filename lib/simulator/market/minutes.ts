import type { MarketBar } from './bars.js';

/** The bars of a minute that an instrument has made. */
export interface Minutes {
  /** The forming one first. */
  readonly newestFirst: () => Iterable<MarketBar>;
  /** When the oldest that is kept began. */
  readonly since: () => number | undefined;
  /** Minutes that began before it are no longer kept. */
  readonly forgottenBefore: () => number;
}

const FIGURES = 7;
const FEWEST = 64;

/** Keeps minutes, as many as `most` says at least and twice as many at most. A minute takes 56 bytes, and no object. */
export const keepMinutes = (most: () => number) => {
  let figures = new Float64Array(FEWEST * FIGURES);
  let count = 0;
  let forming: MarketBar | undefined;
  let forgottenBefore = -Infinity;

  const write = ({ openTime, open, high, low, close, volume, turnover }: MarketBar): void => {
    if (count >= 2 * most()) {
      const gone = count - most();
      figures.copyWithin(0, gone * FIGURES, count * FIGURES);
      count -= gone;
      forgottenBefore = figures[0] ?? openTime;
    }
    if (count * FIGURES === figures.length) {
      const grown = new Float64Array(2 * figures.length);
      grown.set(figures);
      figures = grown;
    }
    figures.set([openTime, open, high, low, close, volume, turnover], count * FIGURES);
    count += 1;
  };

  const read = (at: number): MarketBar => {
    const [openTime = 0, open = 0, high = 0, low = 0, close = 0, volume = 0, turnover = 0] = figures.subarray(
      at * FIGURES,
      (at + 1) * FIGURES,
    );
    return { openTime, open, high, low, close, volume, turnover };
  };

  function* newestFirst(): Iterable<MarketBar> {
    if (forming !== undefined) yield forming;
    for (let at = count - 1; at >= 0; at -= 1) yield read(at);
  }

  const kept: Minutes = {
    newestFirst,
    since: () => (count > 0 ? figures[0] : forming?.openTime),
    forgottenBefore: () => forgottenBefore,
  };
  return {
    kept,
    /** Takes the bar that forms now, the same one again or a new one. */
    add: (bar: MarketBar): void => {
      if (bar === forming) return;
      if (forming !== undefined) write(forming);
      forming = bar;
    },
    clear: (): void => {
      forming = undefined;
      count = 0;
    },
  };
};

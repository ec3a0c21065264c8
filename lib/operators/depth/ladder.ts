import type { Level } from '../../model/marketEvent.js';
import type { BookSide } from './BookChanges.js';

/** One side of a book, as it is now. Ranks count from the best level, 0. */
export interface LadderView {
  readonly side: BookSide;
  /** How many levels it has. */
  readonly depth: () => number;
  readonly priceAt: (rank: number) => number;
  readonly sizeAt: (rank: number) => number;
  readonly has: (price: number) => boolean;
  /**
   * Writes the best levels as numbers, price and size in turn, from `at` on (0 by default), and zeros where there are
   * no more. Returns how many levels there were. It allocates nothing.
   */
  readonly readTop: (count: number, out: Float64Array, at?: number) => number;
}

/** One side of a book, which is changed in place. */
export interface Ladder extends LadderView {
  /** Puts a level at its place, in place of one of the same price; size zero takes it away. */
  readonly set: (level: Level) => void;
  /** Takes these levels, best first, for all there are. */
  readonly load: (levels: readonly Level[]) => void;
  /** The best levels, best first: `shown` itself when it still says so, and its levels wherever they do. */
  readonly top: (count: number, shown?: readonly Level[]) => readonly Level[];
  /** Brings a copy of the best levels up to date, and says whether it was another one. */
  readonly copyTop: (count: number, copy: LevelColumn) => boolean;
}

/** Levels as numbers, best first: keys are larger the better a price is, and `-Infinity` after the last one. */
export interface LevelColumn {
  keys: Float64Array;
  sizes: Float64Array;
}

const FIRST_ROOM = 16;
const UNCOUNTED = NaN;

/**
 * An empty side of a book.
 *
 * Numbers lie in typed arrays with the best level at the end, because that is where markets move: a search gallops
 * from there and few numbers are shifted. An object for each level and `splice` cost several times as much.
 */
export const ladder = (side: BookSide): Ladder => {
  // Ascending on both sides, so that one search serves both.
  const sign = side === 'bid' ? 1 : -1;
  let keys = new Float64Array(FIRST_ROOM);
  let sizes = new Float64Array(FIRST_ROOM);
  let orders: Float64Array | undefined;
  let used = 0;

  /** The first place that is not worse than the key: where it is, or belongs. */
  const placeOf = (key: number): number => {
    let high = used;
    let low = used - 1;
    for (let step = 1; low >= 0 && (keys[low] as number) >= key; step *= 2) {
      high = low;
      low -= step;
    }
    low = low < 0 ? 0 : low + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const grow = (): void => {
    keys = grown(keys);
    sizes = grown(sizes);
    if (orders) orders = grown(orders);
  };

  // Loops: what is shifted is mostly too short for `copyWithin` to pay.
  const open = (place: number): void => {
    if (used === keys.length) grow();
    for (let i = used; i > place; i--) {
      keys[i] = keys[i - 1] as number;
      sizes[i] = sizes[i - 1] as number;
    }
    if (orders) for (let i = used; i > place; i--) orders[i] = orders[i - 1] as number;
    used += 1;
  };

  const close = (place: number): void => {
    used -= 1;
    for (let i = place; i < used; i++) {
      keys[i] = keys[i + 1] as number;
      sizes[i] = sizes[i + 1] as number;
    }
    if (orders) for (let i = place; i < used; i++) orders[i] = orders[i + 1] as number;
  };

  const set = ({ price, size, orders: count }: Level): void => {
    const key = sign * price;
    const place = placeOf(key);
    const found = place < used && keys[place] === key;
    if (!(size > 0)) {
      if (found) close(place);
      return;
    }
    if (!found) open(place);
    keys[place] = key;
    sizes[place] = size;
    if (count !== undefined) orders ??= new Float64Array(keys.length).fill(UNCOUNTED);
    if (orders) orders[place] = count ?? UNCOUNTED;
  };

  const priceAt = (rank: number): number => sign * (keys[used - 1 - rank] as number);
  const sizeAt = (rank: number): number => sizes[used - 1 - rank] as number;

  const ordersAt = (rank: number): number | undefined => {
    const count = orders ? (orders[used - 1 - rank] as number) : UNCOUNTED;
    return Number.isNaN(count) ? undefined : count;
  };

  const levelAt = (rank: number): Level => {
    const count = ordersAt(rank);
    const price = priceAt(rank);
    const size = sizeAt(rank);
    return count === undefined ? { price, size } : { price, size, orders: count };
  };

  const isAt = (rank: number, { price, size, orders: count }: Level): boolean =>
    price === priceAt(rank) && size === sizeAt(rank) && count === ordersAt(rank);

  return {
    side,
    depth: () => used,
    priceAt,
    sizeAt,
    has: (price) => {
      const place = placeOf(sign * price);
      return place < used && keys[place] === sign * price;
    },
    set,
    load: (levels) => {
      used = 0;
      for (let i = levels.length - 1; i >= 0; i--) set(levels[i] as Level);
    },
    top: (count, shown = []) => {
      const length = Math.min(count, used);
      let same = 0;
      while (same < length && same < shown.length && isAt(same, shown[same] as Level)) same += 1;
      if (same === length && same === shown.length) return shown;
      const levels = new Array<Level>(length);
      for (let rank = 0; rank < length; rank++) {
        const before = shown[rank];
        levels[rank] = before && (rank < same || isAt(rank, before)) ? before : levelAt(rank);
      }
      return levels;
    },
    readTop: (count, out, at = 0) => {
      const length = Math.min(count, used);
      let next = at;
      for (let place = used - 1; place >= used - length; place--) {
        out[next++] = sign * (keys[place] as number);
        out[next++] = sizes[place] as number;
      }
      for (const end = at + 2 * count; next < end; next++) out[next] = 0;
      return length;
    },
    copyTop: (count, copy) => {
      const length = Math.min(count, used);
      if (copy.keys.length <= length) {
        copy.keys = new Float64Array(2 * length).fill(NaN);
        copy.sizes = new Float64Array(2 * length);
      }
      const { keys: copiedKeys, sizes: copiedSizes } = copy;
      let isAnother = copiedKeys[length] !== -Infinity;
      for (let rank = 0, place = used - 1; rank < length; rank++, place--) {
        const key = keys[place] as number;
        const size = sizes[place] as number;
        if (copiedKeys[rank] === key && copiedSizes[rank] === size) continue;
        copiedKeys[rank] = key;
        copiedSizes[rank] = size;
        isAnother = true;
      }
      copiedKeys[length] = -Infinity;
      return isAnother;
    },
  };
};

const grown = (numbers: Float64Array): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
};

import { isPrice, NO_LEVEL } from '../../model/level.js';
import type { Level } from '../../model/marketEvent.js';
import type { BookSide } from './BookChanges.js';
import { NOT_GIVEN, type Ladder, type LevelColumn } from './LadderView.js';
import { placeOf } from './placeOf.js';

const FIRST_ROOM = 16;
const UNCOUNTED = NaN;
/** From how many levels in one update on it costs less to load all there are than to put in each. */
const MANY = 256;

const isPriced = (level: Level | null | undefined): boolean => isPrice((level ?? NO_LEVEL).price);

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
  // What it was last read into, and from which rank on that may be wrong by now.
  let changedFrom = 0;
  let lastRead: readonly Level[] | LevelColumn | undefined;

  const touch = (rank: number): void => {
    if (rank < changedFrom) changedFrom = rank;
  };

  const unchanged = (read: readonly Level[] | LevelColumn, most: number): number =>
    read === lastRead ? Math.min(changedFrom, most) : 0;

  const readInto = (read: readonly Level[] | LevelColumn, length: number): void => {
    lastRead = read;
    changedFrom = length;
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

  const countAt = (place: number): number | undefined => {
    const count = orders ? (orders[place] as number) : UNCOUNTED;
    return Number.isNaN(count) ? undefined : count;
  };

  const isAt = (place: number, key: number, level: Level): boolean =>
    keys[place] === key && sizes[place] === sizeOf(level) && (orders ? countAt(place) : undefined) === level.orders;

  const write = (place: number, key: number, size: number, count: number | undefined): void => {
    keys[place] = key;
    sizes[place] = size;
    if (count !== undefined) orders ??= new Float64Array(keys.length).fill(UNCOUNTED);
    if (orders) orders[place] = count ?? UNCOUNTED;
  };

  const set = (level: Level): void => {
    if (!isPrice(level.price)) return;
    const key = sign * level.price;
    const size = sizeOf(level);
    const place = placeOf(key, keys, used);
    const isFound = place < used && keys[place] === key;
    if (size === 0) {
      if (!isFound) return;
      touch(used - 1 - place);
      return close(place);
    }
    if (!isFound) open(place);
    else if (isAt(place, key, level)) return;
    touch(used - 1 - place);
    write(place, key, size, level.orders);
  };

  /** The rows that have a price, worst first; of equal prices only the last one. */
  const sorted = (levels: readonly Level[]): readonly Level[] => {
    const rows = levels.filter(isPriced).sort((a, b) => sign * (a.price - b.price));
    return rows.filter(({ price }, i) => rows[i + 1]?.price !== price);
  };

  /**
   * Writes levels that come best first over those that are, worst first; gives how many there are, or -1 when one is out
   * of order. Rows that are no levels are left out.
   */
  const rewrite = (levels: readonly Level[]): number => {
    const [ownKeys, ownSizes] = [keys, sizes];
    let place = 0;
    let worse = -Infinity;
    for (let rank = levels.length - 1; rank >= 0; rank--) {
      const level = levels[rank] ?? NO_LEVEL;
      const key = sign * level.price;
      const isThere = ownKeys[place] === key && ownSizes[place] === level.size;
      // Nearly every level of a snapshot is as it was, so nothing else has to be asked about it.
      if (!(
        isThere &&
        key > worse &&
        (level.size ?? 0) > 0 &&
        (orders ? countAt(place) : undefined) === level.orders
      )) {
        if (!(key > worse && key !== 0 && key < Infinity)) {
          if (isPrice(key)) return -1;
          continue;
        }
        const size = sizeOf(level);
        if (size === 0) {
          worse = key;
          continue;
        }
        if (!isAt(place, key, level)) {
          write(place, key, size, level.orders);
          touch(rank);
        }
      }
      worse = key;
      place += 1;
    }
    return place;
  };

  const load = (levels: readonly Level[]): void => {
    while (keys.length < levels.length) grow();
    let length = rewrite(levels);
    if (length < 0) length = rewrite([...sorted(levels)].reverse());
    // Ranks count from the other end.
    if (length !== used || length !== levels.length) touch(0);
    used = length;
  };

  const priceAt = (rank: number): number => sign * (keys[used - 1 - rank] as number);

  const levelOf = (place: number): Level => {
    const [price, size, count] = [sign * (keys[place] as number), sizes[place] as number, countAt(place)];
    if (size === NOT_GIVEN) return count === undefined ? { price } : { price, orders: count };
    return count === undefined ? { price, size } : { price, size, orders: count };
  };

  const all = (): readonly Level[] => Array.from({ length: used }, (_, rank) => levelOf(used - 1 - rank));

  const isShown = (rank: number, level: Level): boolean => isAt(used - 1 - rank, sign * level.price, level);
  const isBetter = ({ price }: Level, rank: number): boolean => sign * price > (keys[used - 1 - rank] as number);

  return {
    side,
    depth: () => used,
    priceAt,
    sizeAt: (rank) => {
      const size = sizes[used - 1 - rank] as number;
      return size === NOT_GIVEN ? undefined : size;
    },
    has: (price) => {
      const place = placeOf(sign * price, keys, used);
      return place < used && keys[place] === sign * price;
    },
    set,
    setAll: (levels) => {
      // To shift what is there for each would take the square of their number.
      if (levels.length > MANY) return load([...all(), ...levels]);
      for (let i = 0; i < levels.length; i++) set(levels[i] ?? NO_LEVEL);
    },
    load,
    top: (count, shown = []) => {
      const length = Math.min(count, used);
      const most = Math.min(length, shown.length);
      let same = unchanged(shown, most);
      while (same < most && isShown(same, shown[same] as Level)) same += 1;
      if (same === length && same === shown.length) {
        readInto(shown, length);
        return shown;
      }
      const levels = new Array<Level>(length);
      for (let rank = 0; rank < same; rank++) levels[rank] = shown[rank] as Level;
      for (let rank = same, at = same; rank < length; rank++) {
        while (at < shown.length && isBetter(shown[at] as Level, rank)) at += 1;
        const level = shown[at];
        levels[rank] = level && isShown(rank, level) ? level : levelOf(used - 1 - rank);
      }
      readInto(levels, length);
      return levels;
    },
    readTop: (count, out, at = 0) => {
      const length = Math.min(count, used);
      let next = at;
      for (let place = used - 1; place >= used - length; place--) {
        out[next++] = sign * (keys[place] as number);
        const size = sizes[place] as number;
        out[next++] = size === NOT_GIVEN ? NaN : size;
      }
      for (const end = at + 2 * count; next < end; next++) out[next] = 0;
      return length;
    },
    copyTop: (count, copy) => {
      const length = Math.min(count, used);
      if (copy.keys.length <= length) {
        copy.keys = new Float64Array(2 * length).fill(NaN);
        copy.sizes = new Float64Array(2 * length);
        lastRead = undefined;
      }
      const { keys: copiedKeys, sizes: copiedSizes } = copy;
      let isAnother = copiedKeys[length] !== -Infinity;
      for (let rank = unchanged(copy, length); rank < length; rank++) {
        const key = keys[used - 1 - rank] as number;
        const size = sizes[used - 1 - rank] as number;
        if (copiedKeys[rank] === key && copiedSizes[rank] === size) continue;
        copiedKeys[rank] = key;
        copiedSizes[rank] = size;
        isAnother = true;
      }
      copiedKeys[length] = -Infinity;
      readInto(copy, length);
      return isAnother;
    },
  };
};

const grown = (numbers: Float64Array): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
};

/** Zero where there is no level. */
const sizeOf = ({ size }: Level): number => (size === undefined ? NOT_GIVEN : size > 0 && size < Infinity ? size : 0);

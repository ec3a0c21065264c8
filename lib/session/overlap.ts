import type { SymbolData } from '../model/feedEvent.js';
import type { Held, Store } from './alignment.js';
import type { Lane } from './lane.js';
import type { WantedState } from './wanted.js';
import { placeOf, type Track, type Tracks } from './tracks.js';

/** A session beside the one that serves. */
export interface Overlap<E> {
  readonly lane: Lane;
  readonly news: Held<E>[];
  readonly store: Store;
  /** How many events have come. */
  count: number;
  /** How many times the patience is over: after once no quiet topic is waited for, after twice none at all. */
  late: number;
  isToLook: boolean;
  /** A topic that has to be waited for. */
  awaited: string | undefined;
  /** How far the wanted topics were looked through. */
  search: { readonly byKey: WantedState['byKey']; keys: Iterator<string> } | undefined;
}

export const newOverlap = <E>(lane: Lane): Overlap<E> => ({
  lane,
  news: [],
  store: { size: 0 },
  count: 0,
  late: 0,
  isToLook: false,
  awaited: undefined,
  search: undefined,
});

/**
 * Whether the successor may take over: it serves all that is wanted, and of each topic is known where it is.
 * At the end of a session that was closed after all it had to say, topics of which nothing came are not waited for.
 */
export const isAligned = <E extends SymbolData>(
  overlap: Overlap<E>,
  serving: Lane,
  tracks: Tracks<E>,
  isAtEnd = false,
): boolean => {
  const { lane, late, awaited } = overlap;
  const { byKey, refused } = lane.wanted.state;
  const isAwaited = (key: string): boolean => {
    if (!byKey.has(key) || refused.has(key)) return false;
    if (!lane.served.has(key)) return true;
    if (!serving.served.has(key)) return false;
    const track = tracks.find(key);
    if (track?.place?.isReady() === true) return false;
    const isQuiet = !track?.isMoving && !track?.place?.isHeard();
    return late < (isQuiet ? 1 : 2) && !(isQuiet && isAtEnd);
  };
  if (!lane.ready || (awaited !== undefined && isAwaited(awaited))) return false;
  if (overlap.search?.byKey !== byKey) overlap.search = { byKey, keys: byKey.keys() };
  const { search } = overlap;
  // It goes on where it was, and only when none is left looks once more at all of them: a look at all for each topic that was
  // waited for would cost the square of their number.
  for (let looks = 0; looks < 2; looks++) {
    for (let next = search.keys.next(); next.done !== true; next = search.keys.next()) {
      if (!isAwaited(next.value)) continue;
      overlap.awaited = next.value;
      return false;
    }
    search.keys = byKey.keys();
  }
  return true;
};

/** What the successor has said of a topic beyond the serving session; what it will repeat is expected from now on. */
export const settledIn = <E extends SymbolData>(track: Track<E>, store: Store): readonly Held<E>[] => {
  // A topic of which nothing came may still be repeated by the vendor to who has just asked for it.
  const place = track.last ? placeOf(track, track.last, store) : track.place;
  const { rest, repeats } = place?.settle(track.isMoving) ?? { rest: [], repeats: undefined };
  track.repeats = repeats;
  track.place = undefined;
  track.isMoving = false;
  return rest;
};

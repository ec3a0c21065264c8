import type { SymbolData } from '../model/feedEvent.js';
import type { Held, Store } from './alignment.js';
import type { Lane } from './lane.js';
import type { Track, Tracks } from './tracks.js';

/** A session beside the one that serves. */
export interface Overlap<E> {
  readonly lane: Lane;
  readonly news: Held<E>[];
  readonly store: Store;
  /** How many events have come. */
  count: number;
  isLate: boolean;
  /** A topic that has to be waited for. */
  awaited: string | undefined;
}

export const newOverlap = <E>(lane: Lane): Overlap<E> => ({
  lane,
  news: [],
  store: { size: 0 },
  count: 0,
  isLate: false,
  awaited: undefined,
});

/**
 * Whether the successor may take over: it serves what the serving session does, and of each topic is known where it is.
 * At the end of a session that was closed after all it had to say, topics of which nothing came are not waited for.
 */
export const isAligned = <E extends SymbolData>(
  overlap: Overlap<E>,
  serving: Lane,
  tracks: Tracks<E>,
  isAtEnd = false,
): boolean => {
  const { lane, isLate, awaited } = overlap;
  const isAwaited = (key: string): boolean => {
    if (!serving.served.has(key) || lane.refused.has(key)) return false;
    if (!lane.served.has(key)) return true;
    const track = tracks.find(key);
    if (track?.place?.isReady() === true) return false;
    const isQuiet = !track?.isMoving && !track?.place?.isHeard();
    return isAtEnd ? !isQuiet : !isLate;
  };
  if (!lane.ready || (awaited !== undefined && isAwaited(awaited))) return false;
  for (const key of serving.served.keys()) {
    if (!isAwaited(key)) continue;
    overlap.awaited = key;
    return false;
  }
  return true;
};

/** What the successor has said of a topic beyond the serving session; what it will repeat is expected from now on. */
export const settledIn = <E extends SymbolData>(track: Track<E>): readonly Held<E>[] => {
  const { rest, repeats } = track.place?.settle(track.isMoving) ?? { rest: [], repeats: undefined };
  track.repeats = repeats;
  track.place = undefined;
  track.isMoving = false;
  return rest;
};

import type { SymbolData } from '../model/feedEvent.js';
import { symbolTables } from '../model/symbolTables.js';
import { topicKey } from '../model/topic.js';
import { topicOf } from '../model/topicOf.js';
import { alignment, type Alignment, type Repeats, type Store } from './alignment.js';

/** What is known of one topic of a feed whose sessions succeed each other. */
export interface Track<E> {
  readonly key: string;
  /** The last event that was emitted. */
  last: E | undefined;
  /** What the serving session is expected to repeat of what the one before has said. */
  repeats: Repeats<E> | undefined;
  /** Where the successor is. */
  place: Alignment<E> | undefined;
  /** Whether the serving session has said something since the successor serves the topic. */
  isMoving: boolean;
}

/** The tracks of one feed. */
export interface Tracks<E> {
  readonly of: (event: E) => Track<E>;
  readonly find: (key: string) => Track<E> | undefined;
  readonly all: () => Iterable<Track<E>>;
  /** Forgets the tracks that are not kept. */
  readonly keep: (isKept: (key: string) => boolean) => void;
}

export const tracksOf = <E extends SymbolData>(): Tracks<E> => {
  const tables = symbolTables<Track<E>>();
  const byKey = new Map<string, Track<E>>();

  const open = (key: string): Track<E> => {
    const track = byKey.get(key) ?? { key, last: undefined, repeats: undefined, place: undefined, isMoving: false };
    byKey.set(key, track);
    return track;
  };
  const find = (event: E): Track<E> => {
    // News of a provider's own are of no symbol, and are aligned by their kind.
    if (typeof (event.symbol as unknown) !== 'string') return open(event.kind);
    const topic = topicOf(event);
    const track = open(topicKey(topic));
    tables.ofTopic(topic).set(event.symbol, track);
    return track;
  };
  return {
    of: (event) => tables.ofEvent(event)?.get(event.symbol) ?? find(event),
    find: (key) => byKey.get(key),
    all: () => byKey.values(),
    keep: (isKept) => {
      tables.clear();
      for (const key of [...byKey.keys()]) if (!isKept(key)) byKey.delete(key);
    },
  };
};

/** Where the successor is in a topic, from now on; `first` is the next event of it. */
export const placeOf = <E extends SymbolData>(track: Track<E>, first: E, store: Store): Alignment<E> => {
  if (track.place) return track.place;
  const expected = track.repeats?.list() ?? [];
  const before = expected.length > 0 ? expected : track.last ? [track.last] : [];
  track.place = alignment(before, first, store);
  return track.place;
};

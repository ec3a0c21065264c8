import { ABNORMAL } from '../model/closeCodes.js';
import { ConnectionLost } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Entry, Group } from './topicSubscriptions.js';
import type { OwnerMessage } from './readMessages.js';
import { isOfState, type Beat } from './wire.js';

/** Something is missing: why that is known, and of what it is. Without a cause it may have been said before this joiner came. */
export interface Loss {
  readonly cause: ConnectionLost | undefined;
  readonly stale: Iterable<Entry>;
}

type MessageOf<K extends OwnerMessage['kind']> = Extract<OwnerMessage, { readonly kind: K }>;

/** Keeps the numbers of what was heard. Each function says what is new in a message, or what its number shows to be missing. */
export const numbers = () => {
  let linkSeq = 0;
  /** Link events up to this one are part of a state that was read: those of topics, and those of links, where these were told. */
  let stateSeq = 0;
  let toldSeq = 0;
  const isKnown = (event: FeedEvent, before: number): boolean =>
    before < (event.kind === 'connected' || event.kind === 'disconnected' ? toldSeq : stateSeq) && isOfState(event);

  return {
    live: ({ entry, batch: { events, size }, seq }: MessageOf<'live'>): readonly FeedEvent[] | Loss => {
      const last = events.at(-1);
      // One with numbers goes on in updates, also where this is a snapshot.
      if (last?.kind === 'depth') entry.isBook = last.type === 'update' || last.sequence !== undefined;
      const known = entry.seq ?? seq - size;
      const missing = seq - size - known;
      if (missing > 0) return lostOf(missing, [entry]);
      if (seq <= known) return [];
      entry.seq = seq;
      entry.isHeard = true;
      return newest(events, seq - known);
    },
    link: ({ batch: { events, size }, seq }: MessageOf<'link'>): readonly FeedEvent[] | Loss => {
      const missing = seq - size - linkSeq;
      if (missing > 0) return lostOf(missing, []);
      if (seq <= linkSeq) return [];
      const news = newest(events, seq - linkSeq);
      linkSeq = seq;
      const first = seq - news.length;
      return first >= stateSeq ? news : news.filter((event, at) => !isKnown(event, first + at));
    },
    group: ({ group, heads, seq }: MessageOf<'group'>): Loss | undefined => {
      const isNext = group.seq === undefined || seq <= group.seq + 1;
      group.seq = Math.max(seq, group.seq ?? seq);
      if (!isNext) return lostBeat(group);
      let missing = 0;
      const behind = [...group.entries].filter((entry) => {
        const { path, seq: known = Infinity } = entry;
        const said = heads[path.code] ?? 0;
        if (said <= known) return false;
        missing += said - known;
        entry.said = said;
        return true;
      });
      return behind.length > 0 ? lostOf(missing, behind) : undefined;
    },
    beat: (beat: Beat, groups: Iterable<Group>): Loss | undefined => {
      if (beat.link > linkSeq) return lostOf(beat.link - linkSeq, []);
      for (const group of groups) {
        const said = beat.groups[group.name];
        if (said === undefined) continue;
        const isHeard = group.seq === undefined || group.seq >= said;
        group.seq = Math.max(said, group.seq ?? said);
        if (!isHeard) return lostBeat(group);
      }
      return undefined;
    },
    /** Another owner counts anew. `next` is how many link events went before the next one that was heard. */
    begin: (state: number, next: number): void => {
      stateSeq = toldSeq = state;
      linkSeq = Math.min(next, state);
    },
    /**
     * The state of the same owner was read again. Returns how many link events are lost; `next` is undefined if none may be, and
     * then what the state says of links is not told.
     */
    resume: (state: number, next: number | undefined): number => {
      stateSeq = state;
      if (next !== undefined) toldSeq = state;
      const lost = Math.max(0, (next ?? 0) - linkSeq);
      linkSeq += lost;
      return lost;
    },
  };
};

const newest = (events: readonly FeedEvent[], count: number): readonly FeedEvent[] =>
  count >= events.length ? events : events.slice(events.length - count);

const lostOf = (missing: number, entries: readonly Entry[]): Loss => {
  const [first, ...others] = entries.map(({ topic }) => `${topic.channel} ${topic.symbol}`);
  const of = first === undefined ? 'the link' : others.length > 0 ? `${first} and ${others.length} more` : first;
  const reason = `${missing} event(s) of ${of} were lost on the way from the owner`;
  const cause = entries.length > 0 && entries.every(isEarly) ? undefined : new ConnectionLost(ABNORMAL, reason);
  return { cause, stale: entries };
};

/** A whole book is said less often than its updates: the first that is heard need not be the next one after it. */
export const isEarly = ({ isBook, isHeard }: Entry): boolean => isBook && !isHeard;

const lostBeat = ({ name, entries }: Group): Loss => ({
  cause: new ConnectionLost(ABNORMAL, `a beat of ${name} was lost on the way from the owner`),
  stale: entries,
});

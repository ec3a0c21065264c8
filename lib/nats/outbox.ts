import { asapScheduler, asyncScheduler, Subscription } from 'rxjs';
import { isMarketEvent, isOwnData, type FeedEvent, type SymbolData } from '../model/feedEvent.js';
import { topicKey, type Topic } from '../model/topic.js';
import { isBehind, isRepair, topicMap } from '../share/topicMap.js';
import { pathOf, type Subjects, type TopicPath } from './subjects.js';
import { isOfState, writeBeat, writeEnd, writeEvents, writeHeads, writeState, type End } from './wire.js';

/** Says a text on a subject, as the `seq`th thing said there. */
export type Say = (subject: string, text: string, seq: number) => void;

/** What those who join late need, as the owner's table has it. */
export interface Known {
  /** News of the link that still hold. */
  readonly link: () => readonly FeedEvent[];
  /** The last event of a topic; of a book that is sent in updates the whole book. */
  readonly last: (topic: Topic) => FeedEvent | undefined;
}

export interface Outbox {
  /** Makes these the topics whose events are said. */
  readonly keep: (topics: readonly Topic[]) => void;
  readonly add: (event: FeedEvent) => void;
  /** Says what has come so far, and then how far each subject is that has moved. */
  readonly beat: () => void;
  /** Says the whole books that have changed. */
  readonly sayBooks: () => void;
  /** Says again what those who join late need: the server may have lost it. */
  readonly sayAll: () => void;
  /** Says the end. Nothing is said after it. */
  readonly end: (end: End) => void;
  readonly drop: () => void;
}

/** A topic on its way to the joiners. Kept for the whole time of an owner, as its numbers must not begin anew. */
interface Line {
  readonly topic: Topic;
  readonly path: TopicPath;
  readonly live: string;
  readonly last: string;
  /** How many events were said. */
  seq: number;
  waiting: FeedEvent[];
  /** What a joiner gets. A trade that is recovered is not it. */
  newest: TopicEvent | undefined;
  /** Whether it has moved since the last beat. */
  hasMoved: boolean;
}

type TopicEvent = FeedEvent & SymbolData;

/** More events of a topic than this travel in more than one message. */
const LIMIT = 1_000;
/** No message is longer, in characters: a server takes a megabyte, and a character may be three bytes. */
const LONGEST = 300_000;
/** The state is said again after so many beats, as it may have been overwritten by what an older owner had buffered. */
const STATE_EVERY = 10;

export const outbox = (say: Say, subjects: Subjects, known: Known): Outbox => {
  const { ofEvent, set, delete: remove } = topicMap<Line>();
  const lines = new Map<string, Line>();
  const wanted = new Set<Line>();
  /** In the order in which they got something to say. */
  const filled = new Set<Line>();
  const books = new Set<Line>();
  const beats = new Map<string, number>();
  let news: FeedEvent[] = [];
  let newsSeq = 0;
  let isStateOld = true;
  let beatSeq = 0;
  let turn = Subscription.EMPTY;
  let isOver = false;

  const schedule = (): void => {
    if (turn.closed) turn = asapScheduler.schedule(flush);
  };

  const sayEvents = (subject: string, events: readonly FeedEvent[], seq: number): void => {
    const text = writeEvents(events);
    if (text.length <= LONGEST || events.length === 1) return say(subject, text, seq);
    const half = events.length >> 1;
    sayEvents(subject, events.slice(0, half), seq - (events.length - half));
    sayEvents(subject, events.slice(half), seq);
  };

  /** The last value goes first: a joiner that hears no message that went before it finds its value. */
  const sayLine = (line: Line): void => {
    const { waiting, newest: last } = line;
    if (waiting.length === 0 || last === undefined) return;
    line.waiting = [];
    line.seq += waiting.length;
    line.hasMoved = true;
    if (last.kind === 'depth' && last.type === 'update') books.add(line);
    else {
      books.delete(line);
      say(line.last, writeEvents([last]), line.seq);
    }
    sayEvents(line.live, waiting, line.seq);
  };

  const sayState = (end?: End): void => {
    isStateOld = false;
    say(subjects.state, writeState({ events: known.link(), end }), newsSeq);
  };

  const sayNews = (): void => {
    if (news.length === 0) return;
    const events = news;
    news = [];
    newsSeq += events.length;
    if (isStateOld) sayState();
    sayEvents(subjects.link, events, newsSeq);
  };

  const flush = (): void => {
    turn.unsubscribe();
    sayNews();
    for (const line of filled) sayLine(line);
    filled.clear();
    if (isStateOld && !isOver) sayState();
  };

  const sayLast = (line: Line): void => {
    const last = known.last(line.topic);
    say(line.last, writeEvents(last ? [last] : []), line.seq);
  };

  const open = (topic: Topic): Line => {
    const key = topicKey(topic);
    const before = lines.get(key);
    if (before) return before;
    const path = pathOf(topic);
    const line = {
      topic,
      path,
      live: subjects.live(path),
      last: subjects.last(path),
      seq: 0,
      waiting: [],
      newest: undefined,
      hasMoved: false,
    };
    lines.set(key, line);
    return line;
  };

  return {
    keep: (topics) => {
      if (isOver) return;
      const next = new Set(topics.map(open));
      if (next.size === wanted.size && [...next].every((line) => wanted.has(line))) return;
      for (const line of wanted) {
        if (next.has(line)) continue;
        sayLine(line);
        wanted.delete(line);
        filled.delete(line);
        books.delete(line);
        remove(line.topic);
        line.newest = undefined;
        // What is not wanted grows old: who asks for it later waits for what is new.
        say(line.last, writeEvents([]), line.seq);
      }
      for (const line of next) {
        if (wanted.has(line)) continue;
        wanted.add(line);
        set(line.topic, line);
      }
      isStateOld = true;
      schedule();
    },
    add: (event) => {
      if (isOver) return;
      if (!isRepair(event) && (isMarketEvent(event) || isOwnData(event))) {
        const line = ofEvent(event);
        if (line === undefined) return;
        // News that came before it must be said before it.
        if (!isBehind(event, line.newest)) line.newest = event;
        const size = line.waiting.push(event);
        if (size === 1) filled.add(line);
        if (size >= LIMIT) flush();
      } else {
        // News come after the data before them.
        if (filled.size > 0) flush();
        news.push(event);
        isStateOld ||= isOfState(event);
      }
      schedule();
    },
    beat: () => {
      if (isOver) return;
      flush();
      const at = asyncScheduler.now();
      const groups: Record<string, number> = {};
      for (const [group, heads] of headsOf(wanted)) {
        const seq = (beats.get(group) ?? 0) + 1;
        beats.set(group, seq);
        groups[group] = seq;
        say(subjects.beatOf(group), writeHeads(heads), seq);
      }
      beatSeq += 1;
      if (beatSeq % STATE_EVERY === 0) sayState();
      say(subjects.beat, writeBeat({ at, link: newsSeq, groups }), beatSeq);
    },
    sayBooks: () => {
      for (const line of books) sayLast(line);
      books.clear();
    },
    sayAll: () => {
      sayState();
      for (const line of wanted) if (line.seq > 0) sayLast(line);
    },
    end: (end) => {
      if (isOver) return;
      flush();
      isOver = true;
      sayState(end);
      say(subjects.link, writeEnd(end), newsSeq);
    },
    drop: () => {
      isOver = true;
      turn.unsubscribe();
    },
  };
};

/** How far the lines are that have moved, by group. They have not moved then. */
const headsOf = (lines: Iterable<Line>): ReadonlyMap<string, Record<string, number>> => {
  const groups = new Map<string, Record<string, number>>();
  for (const line of lines) {
    if (!line.hasMoved) continue;
    line.hasMoved = false;
    const { group, code } = line.path;
    const heads = groups.get(group) ?? {};
    groups.set(group, heads);
    heads[code] = line.seq;
  }
  return groups;
};

import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { asyncScheduler, interval, Observable } from 'rxjs';
import { ABNORMAL, GOING_AWAY } from '../model/closeCodes.js';
import { ConnectionLost, HeartbeatMissed, type FeedError } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { steadyClock } from '../model/steadyClock.js';
import { topicKey, type Topic } from '../model/topic.js';
import type { Feed } from '../share/shareFeed.js';
import { ownersClock } from './clock.js';
import { natsUp, stampOf, type Stamp } from './connection.js';
import { ears, listening, type Entry, type Group } from './ears.js';
import { lastValues } from './lastValues.js';
import { lineTable, type Healed } from './lines.js';
import { about, firstHeard, isOfState, read, type Found } from './sync.js';
import { subjectsOf, WISH_TTL } from './subjects.js';
import { readBeat, readEnd, readEvents, readHeads, type Batch, type Beat, type End, type Heads } from './wire.js';
import { wishing } from './wishing.js';

export interface Membership {
  readonly nats: NatsConnection;
  readonly name: string;
  readonly maxSilence: number;
}

/** What an owner said. */
export type Heard = Stamp &
  (
    | { readonly kind: 'live'; readonly entry: Entry; readonly batch: Batch }
    | { readonly kind: 'link'; readonly batch: Batch }
    | { readonly kind: 'group'; readonly group: Group; readonly heads: Heads }
    | { readonly kind: 'beat'; readonly beat: Beat }
  );

/** So many events are held while last values are read; with more, that begins anew. */
const LIMIT = 20_000;
/** How long to wait for an owner before last values are read again, in milliseconds, if none is heard. */
const RETRY = 1_000;
/** How often a joiner looks at its clock, in milliseconds. */
const TICK = 250;

/**
 * The feed of an owner, as one joiner hears it. It subscribes first and holds what it hears, reads how the link is and the last
 * values, and goes on with what was held. Whenever something is missing it says `disconnected` and does all that again.
 */
export const joined = ({ nats, name, maxSilence }: Membership, topics$: Observable<readonly Topic[]>): Feed =>
  new Observable((subscriber) => {
    const steady = steadyClock(() => asyncScheduler.now());
    const clock = ownersClock();
    const values = lastValues(nats, name);
    const lines = lineTable();
    const wish = wishing(nats, name);
    const subjects = subjectsOf(name);
    const ear = ears(nats, subjects, {
      live: (entry, message) => hearLive(entry, message),
      group: (group, message) => hearGroup(group, message),
    });

    let isUp = false;
    /** Whose words count; undefined until it is read who owns the feed. */
    let epoch: number | undefined;
    let lastEpoch: number | undefined;
    let linkSeq = 0;
    /** Link events up to this one are part of the state that was read. */
    let stateSeq = 0;
    /** Up to when nothing was lost, by the owner's clock. */
    let agreedAt = 0;
    let isCut = false;
    let isSyncing = true;
    let waitingSince: number | undefined;
    let generation = 0;
    let held: Heard[] = [];
    let heldSize = 0;
    let heardAt = steady();

    const emit = (event: FeedEvent | undefined): void => {
      if (event) subscriber.next(event);
    };
    const finish = (end: End): void => {
      if ('failed' in end) subscriber.error(end.failed);
      else subscriber.complete();
    };

    /** Something between the owner and here is lost. What is stale is read again. */
    const cut = (cause: FeedError, stale: Iterable<Entry>): void => {
      for (const entry of stale) entry.isStale = true;
      for (const entry of ear.entries()) entry.isStale ||= entry.isBook;
      isCut = true;
      isSyncing = true;
      for (const event of lines.cut({ cause, agreedAt, now: clock.now() })) emit(event);
      sync();
    };
    /** It is not known who owns the feed. */
    const cutOff = (cause: FeedError): void => {
      epoch = undefined;
      for (const group of ear.groups()) group.seq = undefined;
      cut(cause, ear.entries());
    };

    const sync = (): void => {
      isSyncing = true;
      waitingSince = undefined;
      generation += 1;
      if (isUp && !subscriber.closed) void synced(generation);
    };
    const synced = async (mine: number): Promise<void> => {
      const startedAt = clock.now();
      const stale = [...ear.entries()].filter(({ isStale }) => isStale);
      const isEnd = (state: { readonly epoch: number }): boolean => lastEpoch !== undefined && state.epoch >= lastEpoch;
      const found = await read(nats, values, stale, () => held, isEnd).catch(() => undefined);
      if (mine !== generation || subscriber.closed) return;
      if (found === undefined) waitingSince = steady();
      else if ('state' in found) goOn(found, startedAt);
      else finish(found);
    };

    const goOn = (found: Found, startedAt: number): void => {
      const { state, lasts } = found;
      const isSame = found.epoch === lastEpoch;
      const isFirst = lastEpoch === undefined;
      const firsts = firstHeard(held, found.epoch);
      const news = isCut || isFirst || !isSame;
      const fresh = new Set<string>();
      let lost = 0;
      if (!isSame) clock.reset();
      epoch = lastEpoch = found.epoch;
      stateSeq = state.seq;
      if (!isSame) linkSeq = Math.min(firsts.get('link') ?? state.seq, state.seq);
      else if (isCut) {
        const next = Math.max(linkSeq, firsts.get('link') ?? state.seq);
        lost += next - linkSeq;
        linkSeq = next;
      }
      const values: FeedEvent[] = [];
      for (const [entry, last] of lasts) {
        const known = isSame ? entry.seq : undefined;
        const seq = last?.seq ?? 0;
        if (known === undefined) fresh.add(topicKey(entry.topic));
        if (last?.event && (known === undefined || seq > known || entry.isBook)) values.push(last.event);
        const first = firsts.get(entry) ?? seq;
        if (known !== undefined) lost += Math.max(0, first - known);
        entry.seq = Math.max(known ?? 0, seq, first > seq ? first : 0);
        entry.isStale = false;
      }
      const healed: Healed | undefined = news ? { now: clock.now(), lost: isSame ? lost : undefined } : undefined;
      const isOurs = (topic: Topic): boolean => (news ? ear.has(topic) : fresh.has(topicKey(topic)));
      isCut = false;
      isSyncing = false;
      agreedAt = startedAt;
      heardAt = steady();
      if (healed) for (const event of state.events) if (event.kind === 'connected') emit(lines.heard(event, healed));
      for (const event of state.events) {
        if (event.kind !== 'subscribed') continue;
        emit(about(isFirst ? event : { ...event, receivedAt: Math.max(event.receivedAt, clock.now()) }, isOurs));
      }
      for (const value of values) emit(value);
      for (const event of state.events) if (event.kind === 'refused') emit(about(event, isOurs));
      if (healed) for (const event of state.events) if (event.kind === 'disconnected') emit(lines.heard(event, healed));
      const items = held;
      held = [];
      heldSize = 0;
      for (const item of items) take(item);
    };

    /** Whether an owner's word counts. One of a later epoch is of a new owner. */
    const counts = ({ epoch: said }: Stamp): boolean => {
      if (epoch !== undefined && said < epoch) return false;
      heardAt = steady();
      if (epoch !== undefined && said > epoch) {
        cutOff(new ConnectionLost(GOING_AWAY, 'another process owns the feed now'));
      }
      return true;
    };
    const take = (item: Heard): void => {
      if (subscriber.closed || !counts(item)) return;
      if (isSyncing) return hold(item);
      switch (item.kind) {
        case 'live':
          return takeLive(item);
        case 'link':
          return takeLink(item);
        case 'group':
          return takeGroup(item);
        case 'beat':
          return takeBeat(item);
      }
    };
    const hold = (item: Heard): void => {
      held.push(item);
      heldSize += 'batch' in item ? item.batch.size : 1;
      if (heldSize <= LIMIT) return;
      held = [];
      heldSize = 0;
      cut(
        new ConnectionLost(ABNORMAL, `more than ${LIMIT} events came before the last values were read`),
        ear.entries(),
      );
    };

    const takeLive = (item: Heard & { readonly kind: 'live' }): void => {
      const { entry, batch, seq } = item;
      const known = entry.seq ?? seq - batch.size;
      const missing = seq - batch.size - known;
      if (missing > 0) {
        hold(item);
        return cut(lostOf(missing, [entry]), [entry]);
      }
      if (seq <= known) return;
      entry.seq = seq;
      const { events } = batch;
      for (let i = Math.max(0, events.length - (seq - known)); i < events.length; i += 1) {
        const event = events[i];
        if (event === undefined || subscriber.closed) return;
        if (event.kind === 'depth') entry.isBook = event.type === 'update';
        subscriber.next(event);
      }
    };
    const takeLink = (item: Heard & { readonly kind: 'link' }): void => {
      const { batch, seq } = item;
      const missing = seq - batch.size - linkSeq;
      if (missing > 0) {
        hold(item);
        return cut(lostOf(missing, []), []);
      }
      const events = batch.events.slice(Math.max(0, batch.events.length - (seq - linkSeq)));
      if (seq > linkSeq) linkSeq = seq;
      else return;
      events.forEach((event, at) => {
        if (seq - events.length + at < stateSeq && isOfState(event)) return;
        emit(event.kind === 'connected' || event.kind === 'disconnected' ? lines.heard(event) : event);
      });
    };
    const takeGroup = ({ group, heads, seq }: Heard & { readonly kind: 'group' }): void => {
      const isNext = group.seq === undefined || seq <= group.seq + 1;
      group.seq = Math.max(seq, group.seq ?? seq);
      if (!isNext)
        return cut(new ConnectionLost(ABNORMAL, `a beat of ${group.name} was lost on the way`), group.entries);
      let missing = 0;
      const behind = [...group.entries].filter(({ path, seq: known = Infinity }) => {
        const ahead = (heads[path.code] ?? 0) - known;
        missing += Math.max(0, ahead);
        return ahead > 0;
      });
      if (behind.length > 0) cut(lostOf(missing, behind), behind);
    };
    const takeBeat = ({ beat }: Heard & { readonly kind: 'beat' }): void => {
      if (beat.link > linkSeq) return cut(lostOf(beat.link - linkSeq, []), []);
      for (const group of ear.groups()) {
        const said = beat.groups[group.name];
        if (said === undefined) continue;
        const isHeard = group.seq === undefined || group.seq >= said;
        group.seq = Math.max(said, group.seq ?? said);
        if (!isHeard)
          return cut(new ConnectionLost(ABNORMAL, `a beat of ${group.name} was lost on the way`), group.entries);
      }
      agreedAt = Math.max(agreedAt, beat.at);
    };

    const garbled = (message: Msg, problems: readonly string[]): void =>
      emit({
        kind: 'undecodable',
        provider: 'nats',
        feed: name,
        receivedAt: clock.now(),
        frame: message.string().slice(0, LONGEST_FRAME),
        problems,
      });
    /** What cannot be read is said, and counts as nothing else: who knows who has sent it. */
    const heard = <A>(message: Msg, value: A | undefined, use: (value: A, stamp: Stamp) => void): void => {
      const stamp = stampOf(message);
      if (stamp && value !== undefined) use(value, stamp);
      else garbled(message, [stamp ? 'it is no message of this version' : 'it has no epoch and no seq']);
    };
    const hearLive = (entry: Entry, message: Msg): void =>
      heard(message, readEvents(message.string()), (batch, stamp) => {
        if (batch.problems.length > 0) garbled(message, batch.problems);
        take({ kind: 'live', ...stamp, entry, batch });
      });
    const hearLink = (message: Msg): void => {
      const text = message.string();
      const end = readEnd(text);
      heard(message, end ?? readEvents(text), (said, stamp) => {
        if ('events' in said) take({ kind: 'link', ...stamp, batch: said });
        else if (counts(stamp)) finish(said);
      });
    };
    const hearGroup = (group: Group, message: Msg): void =>
      heard(message, readHeads(message.string()), (heads, stamp) => take({ kind: 'group', ...stamp, group, heads }));
    const hearBeat = (message: Msg): void =>
      heard(message, readBeat(message.string()), (beat, stamp) => {
        clock.hear(beat.at);
        take({ kind: 'beat', ...stamp, beat });
        // An owner is there; a moment ago none was.
        if (waitingSince !== undefined) sync();
      });
    const feedEars = [listening(nats, subjects.link, hearLink), listening(nats, subjects.beat, hearBeat)];

    let tickedAt = steady();
    const tick = (): void => {
      const now = steady();
      // This process was frozen or busy: what was sent meanwhile has still to be read.
      if (now - tickedAt > TICK + maxSilence / 3) heardAt = now;
      tickedAt = now;
      if (isUp && lines.isLive() && now - heardAt >= maxSilence) cutOff(new HeartbeatMissed(Math.round(now - heardAt)));
      else if (waitingSince !== undefined && now - waitingSince >= RETRY) sync();
    };
    const change = (up: boolean): void => {
      isUp = up;
      if (up) {
        heardAt = steady();
        if (lastEpoch !== undefined) wish.say();
        sync();
      } else {
        held = [];
        heldSize = 0;
        generation += 1;
        cutOff(new ConnectionLost(ABNORMAL, 'the connection to NATS was lost'));
      }
    };

    subscriber.add(() => {
      generation += 1;
      ear.close();
      for (const one of feedEars) one.unsubscribe();
      wish.leave();
    });
    subscriber.add(
      topics$.subscribe((topics) => {
        const hasNew = ear.set(topics);
        wish.set(topics);
        if (hasNew) sync();
      }),
    );
    subscriber.add(natsUp(nats).subscribe({ next: change, error: (error: unknown) => subscriber.error(error) }));
    subscriber.add(interval(TICK).subscribe(tick));
    subscriber.add(interval(WISH_TTL / 4).subscribe(() => isUp && wish.say()));
  });

/** A frame in an event is cut to this length. */
const LONGEST_FRAME = 200;

/** The cause of a loss: how much, and of what. */
const lostOf = (missing: number, entries: readonly Entry[]): ConnectionLost => {
  const [first, ...others] = entries.map(({ topic }) => `${topic.channel} ${topic.symbol}`);
  const of = first === undefined ? 'the link' : others.length > 0 ? `${first} and ${others.length} more` : first;
  return new ConnectionLost(ABNORMAL, `${missing} event(s) of ${of} were lost on the way from the owner`);
};

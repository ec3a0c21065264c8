import type { NatsConnection } from '@nats-io/nats-core';
import { asyncScheduler, interval, Observable } from 'rxjs';
import { ABNORMAL, GOING_AWAY } from '../model/closeCodes.js';
import { ConnectionLost, HeartbeatMissed, type FeedError } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { steadyClock } from '../model/steadyClock.js';
import { topicKey, type Topic } from '../model/topic.js';
import type { Feed } from '../share/shareFeed.js';
import { ownersClock } from './clock.js';
import { natsUp, type Stamp } from './connection.js';
import { topicSubscriptions, subscribeTo, type Entry } from './topicSubscriptions.js';
import { readMessages, type OwnerMessage } from './readMessages.js';
import { lastValues } from './lastValues.js';
import { lineTable, type Healed } from './lines.js';
import { isEarly, numbers, type Loss } from './numbers.js';
import { about, firstNumbers, newestStamp, read, type Found } from './sync.js';
import { subjectsOf, WISH_TTL } from './subjects.js';
import type { End } from './wire.js';
import { ownWish } from './wish.js';

export interface Membership {
  readonly nats: NatsConnection;
  readonly name: string;
  readonly maxSilence: number;
}

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
    const known = numbers();
    const wish = ownWish(nats, name);
    const subjects = subjectsOf(name);
    const hear = readMessages({
      take: (item) => {
        take(item);
        // An owner is there; a moment ago none was.
        if (item.kind === 'beat' && waitingSince !== undefined) sync();
      },
      end: (end, stamp) => {
        if (counts(stamp)) finish(end);
      },
      garbled: (facts) =>
        emit({ kind: 'undecodable', provider: 'nats', feed: name, receivedAt: clock.now(), ...facts }),
    });
    const subscriptions = topicSubscriptions(nats, subjects, hear);

    let isUp = false;
    /** Whose words count; undefined until it is read who owns the feed. */
    let epoch: number | undefined;
    let lastEpoch: number | undefined;
    /** Up to when nothing was lost, by the owner's clock. */
    let agreedAt = 0;
    let isCut = false;
    let isSyncing = true;
    let waitingSince: number | undefined;
    let generation = 0;
    let held: OwnerMessage[] = [];
    let heldSize = 0;
    let heardAt = steady();

    const emit = (event: FeedEvent | undefined): void => {
      if (event) subscriber.next(event);
    };
    const finish = (end: End): void => ('failed' in end ? subscriber.error(end.failed) : subscriber.complete());

    /** Something between the owner and here is lost. What is stale is read again. */
    const cut = (cause: FeedError, stale: Iterable<Entry>): void => {
      for (const entry of stale) entry.isStale = true;
      for (const entry of subscriptions.entries()) entry.isStale ||= entry.isBook;
      isCut = true;
      isSyncing = true;
      for (const event of lines.cut({ cause, agreedAt, now: clock.now() })) emit(event);
      sync();
    };
    /** It is not known who owns the feed. */
    const cutOff = (cause: FeedError): void => {
      epoch = undefined;
      for (const group of subscriptions.groups()) group.seq = undefined;
      cut(cause, subscriptions.entries());
    };

    const sync = (): void => {
      isSyncing = true;
      waitingSince = undefined;
      generation += 1;
      if (isUp && subscriptions.size() > 0 && !subscriber.closed) void synced(generation);
    };
    const synced = async (mine: number): Promise<void> => {
      const startedAt = clock.now();
      const stale = [...subscriptions.entries()].filter(({ isStale }) => isStale);
      const found = await read(nats, values, stale, () => held, lastEpoch).catch(() => undefined);
      if (mine !== generation || subscriber.closed) return;
      if (found === undefined) waitingSince = steady();
      else if ('state' in found) goOn(found, startedAt);
      else finish(found);
    };

    const goOn = (found: Found, startedAt: number): void => {
      const { state, lasts } = found;
      const isSame = found.epoch === lastEpoch;
      const isFirst = lastEpoch === undefined;
      // The numbers of another owner say nothing of what was read of this one.
      if (!isSame && [...subscriptions.entries()].some((entry) => !lasts.has(entry))) {
        for (const entry of subscriptions.entries()) entry.isStale = true;
        return sync();
      }
      const firsts = firstNumbers(held, found.epoch);
      const isNews = isCut || isFirst || !isSame;
      const fresh = new Set<string>();
      let lost = 0;
      if (!isSame && !isFirst && !isCut) {
        const cause = new ConnectionLost(GOING_AWAY, 'another process owns the feed now');
        for (const event of lines.cut({ cause, agreedAt, now: clock.now() })) emit(event);
      }
      if (!isSame) {
        clock.reset();
        // It may have come after what was wanted was said, and have a bucket that is new.
        wish.say();
      }
      epoch = lastEpoch = found.epoch;
      const nextLink = firsts.get('link') ?? state.seq;
      if (isSame) lost += known.resume(state.seq, isCut ? nextLink : undefined);
      else known.begin(state.seq, nextLink);
      const values: FeedEvent[] = [];
      for (const [entry, last] of lasts) {
        const before = isSame ? entry.seq : undefined;
        entry.isStale = false;
        // Not it was lost, but whose words count was in doubt. A book may have been too old.
        if (before !== undefined && !isCut && !isEarly(entry)) continue;
        const first = firsts.get(entry);
        const seq = last?.seq ?? 0;
        if (before === undefined) entry.isHeard = false;
        entry.said = 0;
        if (before !== undefined) lost += Math.max(0, (first ?? seq) - before);
        else fresh.add(topicKey(entry.topic));
        // What was held goes on from the hole; a book has to begin anew.
        const goesOn = before !== undefined && first !== undefined && !entry.isBook;
        const least = Math.max(before ?? 0, first ?? 0);
        // A value that is older than what was heard is of no use.
        const isNew = seq >= least && (before === undefined || seq > before || entry.isBook);
        if (last?.event && !goesOn && isNew) values.push(last.event);
        entry.seq = goesOn ? least : Math.max(least, seq);
      }
      // All that is lost came before what is told next, also where our idea of the owner's clock is behind.
      const now = Math.max(clock.now(), newestStamp(lasts, held));
      const healed: Healed | undefined = isNews ? { now, lost: isSame ? lost : undefined } : undefined;
      const isOurs = (topic: Topic): boolean => (isNews ? subscriptions.has(topic) : fresh.has(topicKey(topic)));
      isCut = false;
      isSyncing = false;
      agreedAt = startedAt;
      heardAt = steady();
      for (const event of state.events) if (event.kind === 'switched' && lines.handOver(event)) emit(event);
      const links = state.events.filter((event) => event.kind === 'connected');
      const switched = healed && lines.switchTo(links);
      if (switched && lines.handOver(switched)) emit(switched);
      if (healed) for (const event of links) emit(lines.heard(event, healed));
      for (const event of state.events) if (event.kind === 'switched') lines.note(event);
      for (const event of state.events) {
        if (event.kind !== 'subscribed') continue;
        emit(about(isFirst ? event : { ...event, receivedAt: Math.max(event.receivedAt, now) }, isOurs));
      }
      for (const value of values) emit(value);
      for (const event of state.events) if (event.kind === 'refused') emit(about(event, isOurs));
      if (healed) for (const event of state.events) if (event.kind === 'disconnected') emit(lines.heard(event, healed));
      const items = held;
      held = [];
      heldSize = 0;
      // What an owner says that has no lease any more counts for nothing.
      for (const item of items) if (item.epoch === found.epoch) take(item);
    };

    /** Whether an owner's word counts. One of a later epoch is of a new owner, or of one before the server lost its memory. */
    const counts = ({ epoch: said }: Stamp): boolean => {
      if (epoch !== undefined && said < epoch) return false;
      heardAt = steady();
      if (epoch !== undefined && said > epoch && !isSyncing) {
        for (const entry of subscriptions.entries()) entry.isStale = true;
        for (const group of subscriptions.groups()) group.seq = undefined;
        sync();
      }
      return true;
    };
    const take = (item: OwnerMessage): void => {
      if (subscriber.closed || !counts(item)) return;
      if (isSyncing) return hold(item);
      switch (item.kind) {
        case 'live':
          return tell(item, known.live(item), emit);
        case 'link':
          return tell(item, known.link(item), news);
        case 'group':
          return miss(known.group(item));
        case 'beat': {
          clock.hear(item.beat.at);
          const loss = known.beat(item.beat, subscriptions.groups());
          if (!loss) agreedAt = Math.max(agreedAt, item.beat.at);
          return miss(loss);
        }
      }
    };
    const miss = (loss: Loss | undefined): void => {
      if (loss?.cause) return cut(loss.cause, loss.stale);
      if (loss === undefined) return;
      for (const entry of loss.stale) entry.isStale = true;
      sync();
    };
    /** Tells what is new. What shows that something is missing is told after it was said that it is. */
    const tell = (item: OwnerMessage, found: readonly FeedEvent[] | Loss, one: (event: FeedEvent) => void): void => {
      if ('cause' in found) {
        hold(item);
        miss(found);
      } else for (const event of found) one(event);
    };
    const news = (event: FeedEvent): void => {
      if (event.kind === 'switched') lines.handOver(event);
      emit(event.kind === 'connected' || event.kind === 'disconnected' ? lines.heard(event) : event);
    };
    const hold = (item: OwnerMessage): void => {
      held.push(item);
      heldSize += 'batch' in item ? item.batch.size : 1;
      if (heldSize <= LIMIT) return;
      held = [];
      heldSize = 0;
      cut(
        new ConnectionLost(ABNORMAL, `more than ${LIMIT} events came before the last values were read`),
        subscriptions.entries(),
      );
    };

    const feedSubscriptions = [
      subscribeTo(nats, subjects.link, hear.link),
      subscribeTo(nats, subjects.beat, hear.beat),
    ];

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
      subscriptions.close();
      for (const one of feedSubscriptions) one.unsubscribe();
      wish.leave();
    });
    subscriber.add(
      topics$.subscribe((topics) => {
        const hasNew = subscriptions.set(topics);
        wish.set(topics);
        if (hasNew) sync();
      }),
    );
    subscriber.add(natsUp(nats, name).subscribe({ next: change, error: (error: unknown) => subscriber.error(error) }));
    subscriber.add(interval(TICK).subscribe(tick));
    subscriber.add(interval(WISH_TTL / 4).subscribe(() => isUp && wish.say()));
  });

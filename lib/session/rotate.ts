import { asyncScheduler, interval, Observable, Subscription, take, tap, timer } from 'rxjs';
import { checkTimeout } from '../model/check.js';
import { ABNORMAL, NORMAL, TOO_BIG } from '../model/closeCodes.js';
import { ConnectionLost, InvalidOption, type FeedError } from '../model/errors.js';
import type { SymbolData } from '../model/feedEvent.js';
import { isFeedError, isRecoverable } from '../model/isRecoverable.js';
import { isMarketKind, isOwnKind } from '../model/kinds.js';
import { instantOf, lost, newOutage, type Outage } from '../model/outage.js';
import { topicKey } from '../model/topic.js';
import { connectionSlot } from './connectionSlot.js';
import type { Control } from './Control.js';
import { events } from './events.js';
import { checkFunction } from './FeedOptions.js';
import { isReady, type Ready } from './messages.js';
import { isAligned, newOverlap, settledIn, type Overlap } from './overlap.js';
import type { Rotated, Rotation, RotationOptions } from './Rotation.js';
import { isServedNews } from './servedNews.js';
import { placeOf, tracksOf } from './tracks.js';
import { forkOf } from './wanted.js';
import { isUnwanted, newLane, newsAfter, note, type Lane } from './lane.js';

/** At most so many events are held in one overlap; beyond that the successor is given up, and tried again later. */
const MOST_HELD = 100_000;

/**
 * Has each session succeeded by the next one before it ends: that one is connected, logged in, asked, and listened to
 * until it is known in each topic where it is; then it takes over, and the old one is closed. The subscriber sees
 * nothing of it: no hole, no repetition, no `disconnected`.
 *
 * For a vendor that takes two connections at a time, and says the same in both. What has numbers is aligned by them
 * (`Depth.sequence`, `Trade.id`), all else by what it says. A topic of which nothing comes is waited for until
 * `patience` is over; one that says something else in either session twice as long, and then goes on with what the successor says. A
 * successor that fails is tried again by the backoff of the feed while the old session lives; one that is refused for
 * good is not, and the old session goes on to its end. Throws `InvalidOption`.
 *
 * @example
 * feedOf({ ...settings, rotation: rotating({ after: 23 * 3_600_000 + Math.random() * 3_600_000 }) }, attempt)
 */
export const rotating = <Message>(options: RotationOptions<Message>): Rotation => {
  const { after, notice, patience = 15_000 } = options;
  checkTimeout('rotation.after', after);
  checkTimeout('rotation.patience', patience);
  checkFunction('rotation.notice', notice);
  return (rotated) => rotation(rotated, { after, notice: notice as RotationOptions<unknown>['notice'], patience });
};

const rotation = <In extends { readonly kind: string }>(
  { wanted, session, slot, endpoint, connections, policy }: Rotated<In>,
  { after, notice, patience }: RotationOptions<unknown> & { readonly patience: number },
): Observable<Ready | Exclude<In, Control>> => {
  type E = SymbolData;
  if (connections < 2) {
    throw new InvalidOption('connections', connections, 'a session that is succeeded takes two for a while');
  }
  return new Observable((subscriber) => {
    const emit = (event: Ready | E): void => subscriber.next(event as Ready | Exclude<In, Control>);
    const tracks = tracksOf<E>();
    const work = new Subscription();
    let serving = newLane(wanted);
    let overlap: Overlap<E> | undefined;
    const spare = connectionSlot(endpoint, connections);
    let held = '';
    let outage: Outage = newOutage;
    /** What comes while the switch emits what was held. */
    let flushing: E[] | undefined;
    /** Ends what is expected to be repeated after a switch. */
    let catchingUp = new Subscription();

    // The serving session says it.
    const say = (event: E): void => {
      if (!isData(event.kind)) return sayNews(event);
      const track = tracks.of(event);
      if (track.repeats) {
        const isRepeat = track.repeats.has(event);
        if (track.repeats.isOver()) track.repeats = undefined;
        if (isRepeat) return;
      }
      if (overlap?.lane.ready) {
        placeOf(track, event, overlap.store).said(event);
        if (overlap.lane.served.has(track.key)) track.isMoving = true;
      }
      track.last = event;
      emit(event);
      if (overlap) look(overlap, track.key);
    };
    const sayNews = (event: E): void => {
      learn(serving, event);
      emit(event);
      if (overlap) lookSoon(overlap);
    };

    // The successor says it.
    const hear = (into: Overlap<E>, event: E): void => {
      const held = { event, order: (into.count += 1) };
      if (isData(event.kind)) {
        const track = tracks.of(event);
        placeOf(track, event, into.store).heard(held);
        return look(into, track.key);
      }
      learn(into.lane, event);
      lookSoon(into);
      // The link is that of the session that serves.
      if (event.kind === 'latency' || event.kind === 'unsubscribed') return;
      into.news.push(held);
      into.store.size += 1;
    };

    /** What was held of a topic ends with it; a book that is asked for again begins anew. */
    const learn = (lane: Lane, event: E): void => {
      note(lane, event);
      if (!isServedNews(event) || event.kind !== 'unsubscribed') return;
      for (const topic of event.topics) {
        const track = tracks.find(topicKey(topic));
        track?.place?.drop();
        if (!track || topic.channel !== 'depth') continue;
        track.place?.discard();
        track.place = track.repeats = undefined;
      }
    };

    const look = (into: Overlap<E>, key?: string): void => {
      if (overlap !== into) return;
      if (into.store.size > MOST_HELD) {
        return fail(into.lane, new ConnectionLost(ABNORMAL, `more than ${MOST_HELD} events would have to be held`));
      }
      // An event of one topic says nothing of the one that is waited for.
      if (key !== undefined && into.awaited !== undefined && into.awaited !== key) return;
      if (isAligned(into, serving, tracks)) takeOver(into);
    };

    // News come one after the other where what is wanted changes, in both sessions: none may be left behind.
    const lookSoon = (into: Overlap<E>): void => {
      if (into.isToLook) return;
      into.isToLook = true;
      into.lane.work.add(
        timer(0).subscribe(() => {
          into.isToLook = false;
          look(into);
        }),
      );
    };

    const takeOver = ({ lane, news, store }: Overlap<E>): void => {
      const before = serving;
      overlap = undefined;
      serving = lane;
      before.work.unsubscribe();
      spare.release();
      slot.take(held);
      catchingUp.unsubscribe();
      const told = new Set<string>();
      // The last one counts, where a topic was asked for again meanwhile.
      const items = news.reverse().map(({ event, order }) => ({ event: newsAfter(before, lane, event, told), order }));
      for (const track of tracks.all()) items.push(...settledIn(track, store));
      const pending = items.sort((a, b) => a.order - b.order).flatMap(({ event }) => event ?? []);
      catchingUp = timer(patience).subscribe(() => {
        for (const track of tracks.all()) track.repeats = undefined;
      });
      work.add(catchingUp);
      // What comes meanwhile, as the subscriber changes what it wants, comes after it.
      flushing = pending;
      for (const event of pending) {
        if (subscriber.closed) return;
        if (isData(event.kind) && isUnwanted(lane, tracks.of(event), event)) continue;
        say(event);
      }
      flushing = undefined;
      outage = newOutage;
      plan();
    };
    const begin = (lane: Lane, ready: Ready): void => {
      lane.ready = ready;
      lane.readyAt = asyncScheduler.now();
      if (lane === serving) {
        emit({
          kind: 'ready',
          lastReceivedAt: () => (serving.ready ?? ready).lastReceivedAt(),
          ...(ready.silentFor && { silentFor: () => (serving.ready ?? ready).silentFor?.() ?? 0 }),
        } satisfies Ready);
        return plan();
      }
      lane.work.add(
        interval(patience)
          .pipe(take(2))
          .subscribe(() => {
            if (overlap?.lane !== lane) return;
            overlap.late += 1;
            look(overlap);
          }),
      );
      if (overlap) lookSoon(overlap);
    };
    /** When the serving session is to be succeeded. */
    const plan = (): void => {
      if (serving.isEnding) return succeed();
      if (after === undefined) return;
      const due = serving.readyAt + after - asyncScheduler.now();
      serving.work.add(timer(Math.max(0, due)).subscribe(succeed));
    };
    const succeed = (): void => {
      if (overlap || !serving.ready || serving.work.closed) return;
      const { fork, upkeep } = forkOf(serving.wanted);
      const lane = newLane(fork);
      lane.work.add(upkeep);
      tracks.keep((key) => wanted.state.byKey.has(key));
      overlap = newOverlap(lane);
      work.add(lane.work);
      const takeSlot = (secret: string): void => {
        spare.take(secret);
        held = secret;
      };
      listen(lane, session(fork, { take: takeSlot }));
    };
    /** The vendor says that a session ends soon. */
    const end = (lane: Lane): void => {
      if (lane.isEnding) return;
      lane.isEnding = true;
      if (lane === serving) succeed();
    };

    const fail = (lane: Lane, error: unknown): void => {
      if (lane === serving) {
        if (overlap && isClean(error) && isAligned(overlap, serving, tracks, true)) takeOver(overlap);
        else {
          spare.release();
          subscriber.error(error);
        }
        return;
      }
      if (lane !== overlap?.lane) return;
      overlap = undefined;
      lane.work.unsubscribe();
      spare.release();
      for (const track of tracks.all()) {
        track.place = undefined;
        track.isMoving = false;
      }
      // What no connection can help does not end the session that lives.
      if (isFeedError(error) && isRecoverable(error)) tryAgain(error);
    };
    const tryAgain = (cause: FeedError): void => {
      try {
        const now = instantOf(asyncScheduler.now());
        const next = lost(outage, { now, cause, lastReceivedAt: now, isAway: false }, policy, NAMES);
        if (next instanceof Error) throw next;
        outage = next.outage;
        serving.work.add(timer(next.wait).subscribe(succeed));
      } catch (thrown) {
        subscriber.error(thrown);
      }
    };

    const listen = (lane: Lane, said$: Observable<Ready | In>): void => {
      const noticed$ = notice ? said$.pipe(tap((message) => isNotice(message) && end(lane))) : said$;
      lane.work.add(
        (noticed$ as Observable<unknown> as Observable<Ready | E>).pipe(events(lane.wanted)).subscribe({
          next: (event) => {
            if (isReady(event)) begin(lane, event);
            else if (lane !== serving) {
              if (overlap) hear(overlap, event);
            } else if (flushing) flushing.push(event);
            else say(event);
          },
          error: (error: unknown) => fail(lane, error),
          complete: () => fail(lane, new ConnectionLost(NORMAL, 'the stream completed')),
        }),
      );
    };
    const isNotice = (message: Ready | In): boolean =>
      !isMarketKind(message.kind) && !isReady(message) && notice?.(message) === true;

    work.add(serving.work);
    work.add(spare.release);
    work.add(() => {
      // The next attempt begins with what the vendor refused in this one.
      if (serving.wanted !== wanted) wanted.set({ ...wanted.state, refused: serving.wanted.state.refused });
    });
    listen(serving, session(wanted));
    return work;
  });
};

/** Of an event that is not emitted. */
const NAMES = { provider: '', feed: '' };

const isData = (kind: string): boolean => isMarketKind(kind) || isOwnKind(kind);

/** Whether a session was closed by its vendor, after all that it had to say. */
const isClean = (error: unknown): boolean =>
  isFeedError(error) && error._tag === 'ConnectionLost' && error.code !== ABNORMAL && error.code !== TOO_BIG;

import { nuid, type NatsConnection } from '@nats-io/nats-core';
import { asyncScheduler, Observable, ReplaySubject, Subscription, throttleTime } from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import type { MakeFeed } from '../share/shareFeed.js';
import { checkNats, natsUp, stampOf } from './connection.js';
import { election, type Ownership } from './lease.js';
import { ownFeed } from './ownFeed.js';
import { checkName, subjectsOf } from './subjects.js';
import { wanted, type Wanted } from './wanted.js';
import { readEnd } from './wire.js';

/** Where a feed is owned, and how it is made. */
export interface HostOptions {
  /** A connection of yours. It is never closed or drained here. */
  readonly nats: NatsConnection;
  /** The name of the feed, of letters, digits, `_` and `-`: the same in all its hosts and joiners. It holds no credential. */
  readonly name: string;
  /** Makes the feed, as for `shareFeed`. Only the owner calls it, and only while something is wanted. */
  readonly makeFeed: MakeFeed;
  /**
   * Milliseconds after which another host takes over from one that is not heard any more. All hosts of a NATS account have the
   * same.
   *
   * @defaultValue 3,000
   */
  readonly lease?: number | undefined;
}

/** What a host does now. */
export interface HostState {
  /** An owner holds the vendor's connection; the others stand by. */
  readonly role: 'standby' | 'owner';
  /** Grows with each owner of the feed; set on the owner. */
  readonly epoch?: number | undefined;
  /** When it came to have that role, epoch milliseconds. */
  readonly since: number;
  /** How many topics the vendor is asked for; set on the owner. */
  readonly topics?: number | undefined;
  /** How many joiners there are; set on the owner. */
  readonly joiners?: number | undefined;
}

const LEASE = 3_000;
const SHORTEST_LEASE = 300;
/** Milliseconds from one beat to the next, and at most a third of the lease: a beat goes before each renewal. */
const BEAT = 1_000;

/**
 * Stands for election as the owner of a feed. Of all hosts of a name one owns it: it runs `makeFeed`, asks the vendor for what
 * all joiners want, and sends them what comes. When it dies or cannot reach NATS, another takes over within the lease; when it
 * is unsubscribed, within a second. A host that may have lost its lease ends the vendor's connection before the lease can end.
 *
 * Cold; emits its state at each change. Joiners hear of a change of owner as a gap. A final error of the feed reaches the
 * joiners and ends all hosts with it. Throws `InvalidOption` for a malformed `name` or `lease`, and fails with it when the
 * hosts before this one have another lease, the server has no JetStream, or its user may not do what a host does.
 *
 * @example
 * const nats = await connect({ servers: 'nats://127.0.0.1:4222', maxReconnectAttempts: -1 });
 * hostFeed({ nats, name: 'us', makeFeed: (topics) => itick({ token, market: 'stock', topics }) }).subscribe(console.log);
 */
export const hostFeed = ({ nats, name, makeFeed, lease = LEASE }: HostOptions): Observable<HostState> => {
  checkNats(nats);
  checkName(name);
  if (typeof lease !== 'number' || !(lease >= SHORTEST_LEASE && lease <= LONGEST_TIMER)) {
    throw new InvalidOption('lease', lease, `it is a number of milliseconds, ${SHORTEST_LEASE} or more`);
  }
  if (typeof makeFeed !== 'function') {
    throw new InvalidOption('makeFeed', undefined, 'it is a function that makes a feed of an Observable of topics');
  }
  return new Observable((subscriber) => {
    const up$ = new ReplaySubject<boolean>(1);
    const wanted$ = new ReplaySubject<Wanted>(1);
    const id = nuid.next();
    let owned = Subscription.EMPTY;

    const standBy = (): void => {
      owned.unsubscribe();
      subscriber.next({ role: 'standby', since: asyncScheduler.now() });
    };
    const own = (ownership: Ownership): void => {
      owned.unsubscribe();
      const facts = { role: 'owner', epoch: ownership.epoch, since: asyncScheduler.now() } as const;
      subscriber.next({ ...facts, topics: 0, joiners: 0 });
      const beatEvery = Math.min(BEAT, lease / 3);
      owned = ownFeed({ nats, name, makeFeed, beatEvery, wanted$, up$ }, ownership)
        .pipe(throttleTime(STATE_EVERY, asyncScheduler, { leading: true, trailing: true }))
        .subscribe({
          next: ({ topics, joiners }) => subscriber.next({ ...facts, topics: topics.length, joiners }),
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
      if (subscriber.closed) owned.unsubscribe();
    };

    // First: the vendor's connection is gone before the lease is given back.
    subscriber.add(() => owned.unsubscribe());
    subscriber.add(
      natsUp(nats, name).subscribe({ next: (up) => up$.next(up), error: (error: unknown) => subscriber.error(error) }),
    );
    if (subscriber.closed) return;
    standBy();
    // Kept while standing by, so that nothing has to be read when the lease is won.
    subscriber.add(wanted(nats, name, up$).subscribe(wanted$));
    const link = nats.subscribe(subjectsOf(name).link, {
      callback: (error, message) => {
        if (error || !owned.closed || !stampOf(message)) return;
        const end = readEnd(message.string());
        // Each host would have the same answer of the vendor.
        if (end && 'failed' in end) subscriber.error(end.failed);
        else if (end) subscriber.complete();
      },
    });
    subscriber.add(() => link.unsubscribe());
    subscriber.add(
      election({ nats, name, id, lease }).subscribe({
        next: (ownership) => (ownership ? own(ownership) : standBy()),
        error: (error: unknown) => subscriber.error(error),
      }),
    );
  });
};

/** What is wanted changes often while many join; it is told at most this often, in milliseconds. */
const STATE_EVERY = 100;

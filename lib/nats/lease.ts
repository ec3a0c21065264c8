import { headers, type NatsConnection } from '@nats-io/nats-core';
import { jetstream, JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { Kvm, type KV, type KvEntry } from '@nats-io/kv';
import { asyncScheduler, exhaustMap, from, Observable, Subject, Subscription, timer } from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import { steadyClock } from '../model/steadyClock.js';
import { isRecord } from '../share/foreign.js';
import { OWNERS, subjectsOf } from './subjects.js';

/** The right to own a feed, for as long as it is renewed. */
export interface Ownership {
  /** Grows with each owner. A server that lost its memory begins anew. */
  readonly epoch: number;
  /** Whether no other process can own the feed yet. To be asked before each word, as this process may have been frozen. */
  readonly holds: () => boolean;
  /** Emits before each renewal is sent, so that a beat can go first: no joiner has then heard of the owner before its lease began. */
  readonly renewals$: Observable<void>;
}

export interface Candidate {
  readonly nats: NatsConnection;
  readonly name: string;
  /** Tells this candidate from all others. */
  readonly id: string;
  /** In milliseconds. */
  readonly lease: number;
}

/** How long the server has to answer, in milliseconds; a renewal has less. */
const REQUEST_TIMEOUT = 2_000;
/** How often a candidate looks whether something is due, in milliseconds. */
const TICK = 50;
/** How often a candidate that waits reads the lease, in milliseconds; more often when it is about to end. */
const LOOK = 250;

/**
 * Stands for election: emits the ownership when it is won and undefined when it is lost, as often as that happens. It is won by
 * creating the key of the feed in the bucket of owners, or by replacing, by its revision, a lease that was not renewed.
 * It is renewed each third of a lease, and given up when a renewal is late by a third: the lease has a third left then.
 * Unsubscribing gives it back, so that the next candidate need not wait for its end.
 */
export const election = (candidate: Candidate): Observable<Ownership | undefined> =>
  new Observable((subscriber) => {
    const { nats, name, id, lease } = candidate;
    const steady = steadyClock(() => asyncScheduler.now());
    const work = new Subscription();
    let bucket: KV | undefined;
    let ownership: Ownership | undefined;
    /** The revision of this candidate's lease. */
    let revision = 0;
    let renewAt = 0;
    /** From then on nothing may be said. */
    let stopAt = -Infinity;
    /** The lease of another, and since when it is known. */
    let other = { revision: 0, since: -Infinity };
    let lookAt = -Infinity;
    let isAsking = false;
    const renewals$ = new Subject<void>();

    const holds = (): boolean => steady() < stopAt;
    const value = (): string => JSON.stringify({ owner: id, epoch: ownership?.epoch });

    const held = (won: number, sentAt: number): void => {
      revision = won;
      renewAt = sentAt + lease / 3;
      stopAt = sentAt + (2 * lease) / 3;
      if (!ownership && holds()) subscriber.next((ownership = { epoch: won, holds, renewals$ }));
    };
    const lose = (): void => {
      stopAt = -Infinity;
      if (!ownership) return;
      ownership = undefined;
      other = { revision: 0, since: -Infinity };
      subscriber.next(undefined);
    };

    const renew = async (kv: KV): Promise<void> => {
      renewals$.next();
      const sentAt = steady();
      renewAt = sentAt + lease / 3;
      try {
        held(await kv.update(name, value(), revision, Math.ceil(lease / 3)), sentAt);
      } catch (error) {
        if (!isTaken(error)) throw error;
        // A renewal whose answer was lost has a revision that is not known here.
        const entry = await kv.get(name);
        if (entry && ownerOf(entry) === id) revision = entry.revision;
        else lose();
        renewAt = -Infinity;
      }
    };
    const stand = async (kv: KV): Promise<void> => {
      const entry = await kv.get(name);
      const now = steady();
      const isFree = entry === null || entry.operation !== 'PUT';
      if (!isFree && entry.revision !== other.revision) other = { revision: entry.revision, since: now };
      const endsAt = other.since + lease;
      // The lease of another is known up to one look late.
      lookAt = now + (endsAt - now < 2 * LOOK ? TICK : Math.min(LOOK, lease / 12));
      if (isFree) return held(await kv.create(name, value()), now);
      // What this candidate has asked for before, when the connection was down; or what the server has failed to end.
      if (ownerOf(entry) === id || now > endsAt + TICK) held(await kv.update(name, value(), entry.revision), now);
    };
    const step = async (): Promise<void> => {
      try {
        bucket ??= await openOwners(candidate);
        if (subscriber.closed) return;
        if (ownership) {
          if (steady() >= renewAt) await renew(bucket);
        } else if (steady() >= lookAt) await stand(bucket);
      } catch (error) {
        if (error instanceof InvalidOption) return subscriber.error(error);
        // Taken by another a moment ago, or the server cannot be asked now; it may have lost the bucket too.
        if (!isTaken(error)) bucket = undefined;
        renewAt = -Infinity;
      }
    };
    const asked = async (): Promise<void> => {
      isAsking = true;
      await step();
      isAsking = false;
      if (subscriber.closed) giveBack();
    };
    const giveBack = (): void => {
      // A renewal under way changes the revision; then its answer comes first.
      if (isAsking || !holds() || nats.isClosed()) return;
      const expected = headers();
      expected.set('KV-Operation', 'DEL');
      expected.set('Nats-Expected-Last-Subject-Sequence', String(revision));
      nats.publish(subjectsOf(name).lease, '', { headers: expected });
      stopAt = -Infinity;
    };

    subscriber.add(work);
    // Torn down last: the feed has been stopped by then.
    subscriber.add(() => giveBack());
    work.add(timer(0, TICK).subscribe(() => !holds() && lose()));
    work.add(
      timer(0, TICK)
        .pipe(exhaustMap(() => from(asked())))
        .subscribe(),
    );
  });

const isTaken = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;

const ownerOf = (entry: KvEntry): unknown => {
  try {
    const value = entry.json<unknown>();
    return isRecord(value) ? value['owner'] : undefined;
  } catch {
    return undefined;
  }
};

/** Opens the bucket, or creates it. It is kept in files: a server that is restarted must know who owns a feed. */
const openOwners = async ({ nats, lease }: Candidate): Promise<KV> => {
  const kv = await new Kvm(jetstream(nats, { timeout: REQUEST_TIMEOUT })).create(OWNERS, { ttl: lease, history: 1 });
  const { ttl } = await kv.status();
  if (ttl === lease) return kv;
  throw new InvalidOption(
    'lease',
    lease,
    `the bucket ${OWNERS} of this server has leases of ${ttl} ms; use that, or delete the bucket while no host runs`,
  );
};

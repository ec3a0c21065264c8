import { AckPolicy, DeliverPolicy, jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import { createInbox, nanos, nuid, type ConnectionOptions, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { firstValueFrom, timer } from 'rxjs';
import type { FeedEvent } from '../model/feedEvent.js';
import { isRecord } from '../share/foreign.js';
import { stampOf } from './connection.js';
import { subscribeTo } from './topicSubscriptions.js';
import { LAST, OWNERS, subjectsOf, type TopicPath } from './subjects.js';
import { readEvents, readState, type State } from './wire.js';

/** A state, and how many link events it knows of. */
export interface StateOf extends State {
  readonly epoch: number;
  readonly seq: number;
}

/** The last event of a topic, and its number; no event where the topic was withdrawn. */
export interface LastOf {
  readonly epoch: number;
  readonly seq: number;
  readonly event: FeedEvent | undefined;
}

/** How long the server has to answer, in milliseconds. */
const REQUEST_TIMEOUT = 2_000;

/** Reads what those who join late need. It writes nothing, and fails when the server does not answer. */
export const lastValues = (nats: NatsConnection, name: string) => {
  const subjects = subjectsOf(name);
  let manager: Promise<JetStreamManager> | undefined;
  /** Whether this user may have a consumer. Who only reads need not be allowed to. */
  let maySend = true;

  const open = (): Promise<JetStreamManager> => jetstreamManager(nats, { checkAPI: false, timeout: REQUEST_TIMEOUT });
  const read = async (stream: string, subject: string): Promise<StoredMsg | undefined> => {
    const { direct } = await (manager ??= open());
    return (await direct.getMessage(stream, { last_by_subj: subject })) ?? undefined;
  };

  const refused = (): readonly Msg[] => {
    maySend = false;
    return [];
  };

  return {
    /** The epoch of the present owner; undefined without one. */
    epoch: async (): Promise<number | undefined> => {
      const lease = await orNone(read(`KV_${OWNERS}`, subjects.lease));
      if (lease === undefined || lease.header.has('KV-Operation')) return undefined;
      const value = lease.json<unknown>();
      const epoch = isRecord(value) ? value['epoch'] : undefined;
      // The first value of an owner does not know its own revision.
      return typeof epoch === 'number' ? epoch : lease.seq;
    },
    state: async (): Promise<StateOf | undefined> => {
      const message = await orNone(read(LAST, subjects.state));
      const stamp = message && stampOf({ headers: message.header });
      const state = stamp && readState(message.string());
      return state && { ...stamp, ...state };
    },
    /** The last values of these paths, in their order. Many of one group are sent by the server in one go. */
    of: async (paths: readonly TopicPath[]): Promise<readonly (LastOf | undefined)[]> => {
      const found = new Map<string, LastOf | undefined>();
      const groups = new Map<string, number>();
      for (const { group } of paths) groups.set(group, (groups.get(group) ?? 0) + 1);
      for (const [group, size] of groups) {
        if (size < MANY || !maySend) continue;
        const filter = subjects.last({ group, code: '*' });
        for (const message of await sent(nats, await (manager ??= open()), filter, size * MOST).catch(refused)) {
          found.set(message.subject, lastOf(message));
        }
      }
      // One that was not among them came into being only now, or was never said.
      const rest = paths.map((path) => subjects.last(path)).filter((subject) => !found.has(subject));
      const single = async (subject: string): Promise<void> => {
        const message = await orNone(read(LAST, subject));
        found.set(subject, message && lastOf({ headers: message.header, string: () => message.string() }));
      };
      await Promise.all(rest.map(single));
      return paths.map((path) => found.get(subjects.last(path)));
    },
  };
};

const lastOf = (message: Pick<Msg, 'headers' | 'string'>): LastOf | undefined => {
  const stamp = stampOf(message);
  return stamp && { ...stamp, event: readEvents(message.string())?.events.at(-1) };
};

/** Of one group, so many values are worth a consumer of their own, and so many times as many are too much of what others want. */
const MANY = 16;
const MOST = 8;

/** What the stream of last values has on some subjects, sent in one go; nothing if it is more than `most`. */
const sent = async (
  nats: NatsConnection,
  { consumers }: JetStreamManager,
  filter: string,
  most: number,
): Promise<readonly Msg[]> => {
  const inbox = createInbox((nats as { readonly options?: ConnectionOptions }).options?.inboxPrefix);
  const messages: Msg[] = [];
  let isWhole = (): void => undefined;
  const whole = new Promise<void>((resolve) => (isWhole = resolve));
  const subscription = subscribeTo(nats, inbox, (message) => {
    messages.push(message);
    // The reply subject ends with how many are still to come.
    if (message.reply?.endsWith('.0') === true) isWhole();
  });
  try {
    const { num_pending } = await consumers.add(LAST, {
      // With a name the subject of the request tells what is read, so that it can be permitted.
      name: nuid.next(),
      deliver_subject: inbox,
      deliver_policy: DeliverPolicy.LastPerSubject,
      filter_subject: filter,
      ack_policy: AckPolicy.None,
      mem_storage: true,
      inactive_threshold: nanos(REQUEST_TIMEOUT),
    });
    if (num_pending > most) return [];
    const late = firstValueFrom(timer(REQUEST_TIMEOUT));
    if (num_pending > 0) await Promise.race([whole, late]);
    return messages;
  } finally {
    subscription.unsubscribe();
  }
};

/** Undefined where there is no such stream yet: no host was ever there. */
const orNone = async <A>(reading: Promise<A>): Promise<A | undefined> => {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && /no ?responders|not enabled/i.test(`${error.name} ${error.message}`))
      return undefined;
    throw error;
  }
};

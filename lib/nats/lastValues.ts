import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { FeedEvent } from '../model/feedEvent.js';
import { isRecord } from '../share/foreign.js';
import { stampOf } from './connection.js';
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

  const read = async (stream: string, subject: string): Promise<StoredMsg | undefined> => {
    const { direct } = await (manager ??= jetstreamManager(nats, { checkAPI: false, timeout: REQUEST_TIMEOUT }));
    return (await direct.getMessage(stream, { last_by_subj: subject })) ?? undefined;
  };

  return {
    /** The epoch of the present owner; undefined without one. */
    epoch: async (): Promise<number | undefined> => {
      const lease = await orNone(read(`KV_${OWNERS}`, subjects.lease));
      if (lease === undefined || lease.header.has('KV-Operation')) return undefined;
      const value = lease.json<unknown>();
      const epoch = isRecord(value) ? value['epoch'] : undefined;
      // The first value of a tenure does not know its own revision.
      return typeof epoch === 'number' ? epoch : lease.seq;
    },
    state: async (): Promise<StateOf | undefined> => {
      const message = await orNone(read(LAST, subjects.state));
      const stamp = message && stampOf({ headers: message.header });
      const state = stamp && readState(message.string());
      return state && { ...stamp, ...state };
    },
    of: async (path: TopicPath): Promise<LastOf | undefined> => {
      const message = await orNone(read(LAST, subjects.last(path)));
      const stamp = message && stampOf({ headers: message.header });
      return stamp && { ...stamp, event: readEvents(message.string())?.events.at(-1) };
    },
  };
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

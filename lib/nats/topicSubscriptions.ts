import type { Msg, NatsConnection, Subscription as NatsSubscription } from '@nats-io/nats-core';
import { topicKey, type Topic } from '../model/topic.js';
import { pathOf, type Subjects, type TopicPath } from './subjects.js';

/** A topic of a joiner. */
export interface Entry {
  readonly topic: Topic;
  readonly path: TopicPath;
  /** The number of its last event that is known here; undefined while none is. */
  seq: number | undefined;
  /** The number that a beat gave, where that showed that something is missing: what is read is to be as new. */
  said: number;
  /** Whether its last value has to be read: it is new, or something of it is lost. */
  isStale: boolean;
  /** Whether it is, or may be, a book that is sent in updates: after a hole only a whole book is of use. */
  isBook: boolean;
  /** Whether a message of it was told since its value was read for the first time, or for the first time of an owner. */
  isHeard: boolean;
}

/** What the messages of topics and of groups are handed to. */
export interface MessageHandlers {
  readonly live: (entry: Entry, message: Msg) => void;
  readonly group: (group: Group, message: Msg) => void;
}

/** Topics that share a beat. */
export interface Group {
  readonly name: string;
  readonly entries: Set<Entry>;
  /** The number of its last beat; undefined before the first. */
  seq: number | undefined;
}

/** Hands on what is said on a subject. */
export const subscribeTo = (nats: NatsConnection, subject: string, heard: (message: Msg) => void): NatsSubscription =>
  nats.subscribe(subject, {
    callback: (error, message) => {
      if (!error) heard(message);
    },
  });

/** The subscriptions of a joiner: one for each topic, so that a message is never looked up, and one for each group. */
export const topicSubscriptions = (nats: NatsConnection, subjects: Subjects, hear: MessageHandlers) => {
  const entries = new Map<string, Entry>();
  const open = new Map<Entry | Group, NatsSubscription>();
  const groups = new Map<string, Group>();

  const listen = (to: Entry | Group, subject: string, heard: (message: Msg) => void): void => {
    open.set(to, subscribeTo(nats, subject, heard));
  };
  const leave = (to: Entry | Group): void => {
    open.get(to)?.unsubscribe();
    open.delete(to);
  };

  const groupOf = (name: string): Group => {
    const known = groups.get(name);
    if (known) return known;
    const group: Group = { name, entries: new Set(), seq: undefined };
    groups.set(name, group);
    listen(group, subjects.beatOf(name), (message) => hear.group(group, message));
    return group;
  };
  const add = (key: string, topic: Topic): void => {
    const path = pathOf(topic);
    const entry: Entry = {
      topic,
      path,
      seq: undefined,
      said: 0,
      isStale: true,
      isBook: topic.channel === 'depth',
      isHeard: false,
    };
    entries.set(key, entry);
    groupOf(path.group).entries.add(entry);
    listen(entry, subjects.live(path), (message) => hear.live(entry, message));
  };
  const close = (key: string, entry: Entry): void => {
    entries.delete(key);
    leave(entry);
    const group = groupOf(entry.path.group);
    group.entries.delete(entry);
    if (group.entries.size > 0) return;
    groups.delete(group.name);
    leave(group);
  };

  return {
    entries: (): Iterable<Entry> => entries.values(),
    size: (): number => entries.size,
    groups: (): Iterable<Group> => groups.values(),
    has: (topic: Topic): boolean => entries.has(topicKey(topic)),
    of: (topic: Topic): Entry | undefined => entries.get(topicKey(topic)),
    /** Whether some of the topics are new. */
    set: (topics: readonly Topic[]): boolean => {
      const wanted = new Map(topics.map((topic) => [topicKey(topic), topic]));
      for (const [key, entry] of [...entries]) if (!wanted.has(key)) close(key, entry);
      const size = entries.size;
      for (const [key, topic] of wanted) if (!entries.has(key)) add(key, topic);
      return entries.size > size;
    },
    close: (): void => {
      for (const subscription of open.values()) subscription.unsubscribe();
      open.clear();
    },
  };
};

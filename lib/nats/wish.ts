import { headers, nuid, type NatsConnection } from '@nats-io/nats-core';
import type { Topic } from '../model/topic.js';
import { subjectsOf } from './subjects.js';
import { writeTopics } from './wire.js';

/**
 * Says what one joiner wants, as a key of its own in the bucket of wishes. It is written by a plain publish: a joiner may do
 * no more than that, and where the bucket is missing the owner hears it all the same.
 */
export const ownWish = (nats: NatsConnection, name: string) => {
  const subject = subjectsOf(name).wish(nuid.next());
  let text: string | undefined;
  const say = (): void => {
    if (text !== undefined && !nats.isClosed()) nats.publish(subject, text);
  };
  return {
    say,
    set: (topics: readonly Topic[]): void => {
      const next = writeTopics(topics);
      if (next === text) return;
      text = next;
      say();
    },
    leave: (): void => {
      if (text === undefined || nats.isClosed()) return;
      const gone = headers();
      gone.set('KV-Operation', 'DEL');
      nats.publish(subject, '', { headers: gone });
    },
  };
};

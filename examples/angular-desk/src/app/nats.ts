import { wsconnect } from '@nats-io/nats-core';
import type { MakeFeed } from 'rxtape';
import { joinFeed } from 'rxtape/nats';

/** Makes feeds that hosts elsewhere own, by their names. The address has the user, one that can only read. */
export const joiner = async (address: string): Promise<(name: string) => MakeFeed> => {
  const { protocol, host, username, password } = new URL(address);
  const nats = await wsconnect({
    servers: `${protocol}//${host}`,
    user: username,
    pass: password,
    inboxPrefix: `_INBOX_${username}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    waitOnFirstConnect: true,
  });
  return (name) => (topics) => joinFeed({ nats, name, topics });
};

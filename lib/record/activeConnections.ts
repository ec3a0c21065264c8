import type { ActiveConnection, Entry, SocketEntry } from './Cassette.js';

/** Which connections last, by what was recorded so far. */
export interface ActiveConnections {
  readonly accept: (entry: Entry) => void;
  /** In the order in which they were asked for. */
  readonly list: () => readonly ActiveConnection[];
}

/** A login takes at most so many milliseconds, and so many frames. */
const GREETING_TIME = 1_000;
const GREETING_FRAMES = 64;

interface WatchedConnection {
  readonly connection: number;
  readonly url: string;
  openedAt: number | undefined;
  received: string[];
  /** How many of them came before the last frame that we sent. */
  greeting: number;
}

/**
 * The greeting of a session is what the peer sent in its first second, up to the last frame that we sent then: a login
 * needs that, whatever the protocol of the vendor, and it hardly ever holds market data.
 */
export const activeConnections = (): ActiveConnections => {
  const watched = new Map<number, WatchedConnection>();

  const isGreeting = ({ openedAt }: WatchedConnection, wall: number): boolean =>
    openedAt !== undefined && wall - openedAt < GREETING_TIME;
  const acceptSocket = (one: WatchedConnection, entry: Exclude<SocketEntry, { readonly what: 'connect' }>): void => {
    switch (entry.what) {
      case 'open':
        one.openedAt = entry.wall;
        return;
      case 'in':
        if (isGreeting(one, entry.wall) && one.received.length < GREETING_FRAMES) one.received.push(entry.frame);
        return;
      case 'out':
        if (isGreeting(one, entry.wall)) one.greeting = one.received.length;
        return;
      case 'close':
      case 'refused':
        watched.delete(entry.connection);
    }
  };
  return {
    accept: (entry) => {
      if (entry.what === 'start') {
        const before = new Map(watched);
        watched.clear();
        for (const one of entry.standing) {
          watched.set(one.connection, before.get(one.connection) ?? resumed(one, entry.wall));
        }
      } else if (entry.what === 'connect') {
        const { connection, url } = entry;
        watched.set(connection, { connection, url, openedAt: undefined, received: [], greeting: 0 });
      } else if ('connection' in entry) {
        const one = watched.get(entry.connection);
        if (one) acceptSocket(one, entry);
      }
    },
    list: () =>
      [...watched.values()].map(({ connection, url, openedAt, received, greeting }) => ({
        connection,
        url,
        open: openedAt !== undefined,
        greeting: received.slice(0, greeting),
      })),
  };
};

const resumed = ({ connection, url, open, greeting }: ActiveConnection, wall: number): WatchedConnection => ({
  connection,
  url,
  openedAt: open ? wall - GREETING_TIME : undefined,
  received: [...greeting],
  greeting: greeting.length,
});

import type { Entry, Standing } from './Entry.js';

/** Which connections last, by what was recorded so far. */
export interface Standings {
  readonly hear: (entry: Entry) => void;
  /** In the order in which they were asked for. */
  readonly list: () => readonly Standing[];
}

/** A login takes no longer than this, in milliseconds, and no more frames. */
const GREETING_TIME = 1_000;
const GREETING_FRAMES = 64;

interface Watched {
  readonly connection: number;
  readonly url: string;
  openedAt: number | undefined;
  heard: string[];
  /** How many of them came before our last word. */
  greeting: number;
}

/**
 * The greeting of a session is what the peer said in its first second before our last word in it: that is what a login
 * needs, whatever the vendor's protocol, and hardly ever market data.
 */
export const standings = (): Standings => {
  const watched = new Map<number, Watched>();

  const isGreeting = ({ openedAt }: Watched, wall: number): boolean =>
    openedAt !== undefined && wall - openedAt < GREETING_TIME;
  const hearSocket = (one: Watched, entry: Exclude<Entry, { readonly what: 'start' | 'lost' | 'connect' }>): void => {
    switch (entry.what) {
      case 'open':
        one.openedAt = entry.wall;
        return;
      case 'in':
        if (isGreeting(one, entry.wall) && one.heard.length < GREETING_FRAMES) one.heard.push(entry.frame);
        return;
      case 'out':
        if (isGreeting(one, entry.wall)) one.greeting = one.heard.length;
        return;
      case 'close':
      case 'refused':
        watched.delete(entry.connection);
    }
  };
  return {
    hear: (entry) => {
      if (entry.what === 'start') {
        const before = new Map(watched);
        watched.clear();
        for (const one of entry.standing) {
          watched.set(one.connection, before.get(one.connection) ?? resumed(one, entry.wall));
        }
      } else if (entry.what === 'connect') {
        const { connection, url } = entry;
        watched.set(connection, { connection, url, openedAt: undefined, heard: [], greeting: 0 });
      } else if (entry.what !== 'lost') {
        const one = watched.get(entry.connection);
        if (one) hearSocket(one, entry);
      }
    },
    list: () =>
      [...watched.values()].map(({ connection, url, openedAt, heard, greeting }) => ({
        connection,
        url,
        open: openedAt !== undefined,
        greeting: heard.slice(0, greeting),
      })),
  };
};

const resumed = ({ connection, url, open, greeting }: Standing, wall: number): Watched => ({
  connection,
  url,
  openedAt: open ? wall - GREETING_TIME : undefined,
  heard: [...greeting],
  greeting: greeting.length,
});

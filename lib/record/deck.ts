import type { SchedulerLike } from 'rxjs';
import type { OpenSocket } from '../transport/SocketLike.js';
import type { Entry, Standing } from './Entry.js';
import { standings } from './standings.js';
import { tapeSocket, type TapeSocket } from './tapeSocket.js';
import { endpointOf } from './withoutSecrets.js';

/** Plays entries to the sockets that a feed asks for. */
export interface Deck {
  /** A socket that becomes the next recorded connection to this address. */
  readonly openSocket: OpenSocket;
  readonly play: (entry: Entry) => void;
  /** The address of the socket that is being told something now. */
  readonly speaking: () => string | undefined;
}

/** What the deck has to know of the recording. */
export interface Recording {
  /** The recorded address that stands for this one. */
  readonly recordedAs: (endpoint: string) => string;
  /** Whether it asks for this address again later on. */
  readonly asksAgain: (endpoint: string) => boolean;
}

interface Asked {
  readonly endpoint: string;
  readonly tape: TapeSocket;
  /** The number of the connection that it plays. */
  connection: number | undefined;
}

/**
 * The n-th socket for an address is the n-th recorded connection to it. One that is asked for early waits for it; one
 * that is asked for late finds it open, and hears its greeting first.
 */
export const deck = (clock: SchedulerLike, { recordedAs, asksAgain }: Recording): Deck => {
  const stand = standings();
  const waiting: Asked[] = [];
  const playing = new Map<number, Asked>();
  /** Connections that one socket has had; no other gets them. */
  const taken = new Set<number>();
  let speaking: string | undefined;

  const tell = (asked: Asked, what: (tape: TapeSocket) => void): void => {
    speaking = asked.endpoint;
    try {
      what(asked.tape);
    } finally {
      speaking = undefined;
    }
  };
  const forget = (asked: Asked): void => {
    const place = waiting.indexOf(asked);
    if (place >= 0) waiting.splice(place, 1);
    if (asked.connection !== undefined) playing.delete(asked.connection);
  };
  const join = ({ connection, url, open, greeting }: Standing): void => {
    const asked = taken.has(connection) ? undefined : waiting.find(({ endpoint }) => endpoint === endpointOf(url));
    if (!asked) return;
    forget(asked);
    taken.add(connection);
    asked.connection = connection;
    playing.set(connection, asked);
    if (open) tell(asked, (tape) => tape.join(greeting));
  };
  const match = (): void => stand.list().forEach(join);
  const end = (connection: number): Asked | undefined => {
    const asked = playing.get(connection);
    playing.delete(connection);
    taken.delete(connection);
    return asked;
  };

  return {
    speaking: () => speaking,
    openSocket: (url) => {
      const tape = tapeSocket(() => forget(asked));
      const asked: Asked = { endpoint: recordedAs(endpointOf(url)), tape, connection: undefined };
      waiting.push(asked);
      // Not at once: nobody listens to the socket yet.
      clock.schedule(match);
      return tape.socket;
    },
    play: (entry) => {
      stand.hear(entry);
      switch (entry.what) {
        case 'start': {
          const lasting = new Set(entry.standing.map(({ connection }) => connection));
          const gone = [...taken].filter((connection) => !lasting.has(connection));
          for (const connection of gone) {
            const asked = end(connection);
            if (asked) tell(asked, (tape) => tape.drop());
          }
          match();
          return;
        }
        case 'lost':
          return;
        case 'connect':
          match();
          return;
        case 'close':
        case 'refused': {
          const asked = end(entry.connection);
          // What we closed at the end of a recording is no loss to who replays it.
          const isOurs = entry.what === 'close' && entry.byUs;
          if (asked && (!isOurs || asksAgain(asked.endpoint))) tell(asked, (tape) => tape.play(entry));
          return;
        }
        default: {
          const asked = playing.get(entry.connection);
          if (asked) tell(asked, (tape) => tape.play(entry));
        }
      }
    },
  };
};

import type { SchedulerLike } from 'rxjs';
import { ABNORMAL } from '../model/closeCodes.js';
import type { OpenSocket, SocketLike } from '../transport/SocketLike.js';
import { blankSocket, deliver } from '../transport/wrapSocket.js';
import { activeConnections } from './activeConnections.js';
import type { ActiveConnection, Entry, RequestEntry, SocketEntry } from './Cassette.js';
import { endpointOf } from './withoutSecrets.js';

/** Plays entries to the sockets that a feed asks for. */
interface Player {
  /** A socket that becomes the next recorded connection to this address. */
  readonly openSocket: OpenSocket;
  readonly play: (entry: Exclude<Entry, RequestEntry>) => void;
  /** The address of the socket that is delivering something now. */
  readonly delivering: () => string | undefined;
}

/** What the player has to know of the cassette. */
interface Addresses {
  /** The recorded address that stands for this one. */
  readonly recordedAs: (endpoint: string) => string;
  /** Whether the cassette connects to this address again later on. */
  readonly connectsAgain: (endpoint: string) => boolean;
}

/** A socket that the feed has asked for. */
interface Asked {
  readonly endpoint: string;
  readonly socket: SocketLike;
  /** The number of the connection that it plays. */
  connection: number | undefined;
}

/**
 * The n-th socket for an address is the n-th recorded connection to it. One that is asked for early waits for it; one
 * that is asked for late finds it open, and gets its greeting first.
 */
export const player = (clock: SchedulerLike, { recordedAs, connectsAgain }: Addresses): Player => {
  const active = activeConnections();
  const waiting: Asked[] = [];
  const playing = new Map<number, Asked>();
  /** Connections that one socket has had; no other gets them. */
  const taken = new Set<number>();
  let delivering: string | undefined;

  const during = ({ endpoint, socket }: Asked, what: (socket: SocketLike) => void): void => {
    delivering = endpoint;
    try {
      what(socket);
    } finally {
      delivering = undefined;
    }
  };
  const forget = (asked: Asked): void => {
    const place = waiting.indexOf(asked);
    if (place >= 0) waiting.splice(place, 1);
    if (asked.connection !== undefined) playing.delete(asked.connection);
  };
  const join = ({ connection, url, open, greeting }: ActiveConnection): void => {
    const asked = taken.has(connection) ? undefined : waiting.find(({ endpoint }) => endpoint === endpointOf(url));
    if (!asked) return;
    forget(asked);
    taken.add(connection);
    asked.connection = connection;
    playing.set(connection, asked);
    if (open) during(asked, (socket) => openLate(socket, greeting));
  };
  const match = (): void => active.list().forEach(join);
  const end = (connection: number): Asked | undefined => {
    const asked = playing.get(connection);
    playing.delete(connection);
    taken.delete(connection);
    return asked;
  };

  return {
    delivering: () => delivering,
    openSocket: (url) => {
      const socket = blankSocket(
        () => undefined,
        () => forget(asked),
      );
      const asked: Asked = { endpoint: recordedAs(endpointOf(url)), socket, connection: undefined };
      waiting.push(asked);
      // Not at once: the caller has set no handlers yet.
      clock.schedule(match);
      return socket;
    },
    play: (entry) => {
      active.accept(entry);
      switch (entry.what) {
        case 'start': {
          const lasting = new Set(entry.standing.map(({ connection }) => connection));
          const gone = [...taken].filter((connection) => !lasting.has(connection));
          for (const connection of gone) {
            const asked = end(connection);
            if (asked) during(asked, drop);
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
          // A connection that we closed at the end of a recording is not lost in its replay.
          const isOurs = entry.what === 'close' && entry.byUs;
          if (asked && (!isOurs || connectsAgain(asked.endpoint))) during(asked, (socket) => playTo(socket, entry));
          return;
        }
        default: {
          const asked = playing.get(entry.connection);
          if (asked) during(asked, (socket) => playTo(socket, entry));
        }
      }
    },
  };
};

/** Has a socket do what a recorded one did. */
const playTo = (socket: SocketLike, entry: SocketEntry): void => {
  switch (entry.what) {
    case 'open':
    case 'ping':
      return deliver(socket, { kind: entry.what });
    case 'in':
      return deliver(socket, { kind: 'frame', data: entry.frame });
    case 'binary':
      return deliver(socket, { kind: 'frame', data: bytesOf(entry.base64) });
    case 'refused': {
      const { status, retryAfter, reason } = entry;
      return deliver(socket, {
        kind: 'refused',
        refusal: { status, reason, ...(retryAfter !== '' && { retryAfter }) },
      });
    }
    case 'error':
      return deliver(socket, { kind: 'error', event: { message: entry.message } });
    case 'close':
      return deliver(socket, { kind: 'close', code: entry.code, reason: entry.reason });
  }
};

/** Opens now a connection that was opened earlier. */
const openLate = (socket: SocketLike, greeting: readonly string[]): void => {
  deliver(socket, { kind: 'open' });
  for (const data of greeting) deliver(socket, { kind: 'frame', data });
};

const drop = (socket: SocketLike): void => deliver(socket, { kind: 'close', code: ABNORMAL, reason: '' });

/** In a loop, as a frame may be large. */
const bytesOf = (base64: string): Uint8Array => {
  const chars = atob(base64);
  const bytes = new Uint8Array(chars.length);
  for (let at = 0; at < chars.length; at += 1) bytes[at] = chars.charCodeAt(at);
  return bytes;
};

import { from, interval, of, type Observable, type Unsubscribable } from 'rxjs';
import { GOING_AWAY } from '../model/closeCodes.js';
import { checkWhole } from '../model/check.js';
import { InvalidOption } from '../model/errors.js';
import type { Topic } from '../model/topic.js';
import type { SharedFeed } from '../share/shareFeed.js';
import { client, type GatewayClient, type GatewaySocket } from './client.js';
import type { Bounds } from './outbox.js';

/** The part of a `WebSocketServer` of `ws` that is used here. */
export interface GatewayServer<R> {
  readonly on: (event: 'connection', listener: (socket: GatewaySocket, request: R) => void) => unknown;
  readonly off: (event: 'connection', listener: (socket: GatewaySocket, request: R) => void) => unknown;
}

/** Who may have what, and how much may wait for a client. */
export interface ServeOptions<R> extends Partial<Bounds> {
  /**
   * The topics that a client may have of those it asks for, by its request: its cookies, its address. Asked once for each topic
   * of a connection, and again when the topic comes back. What it leaves out is `refused`; all is when it throws.
   *
   * @defaultValue all
   */
  readonly allow?: ((topics: readonly Topic[], request: R) => readonly Topic[] | Promise<readonly Topic[]>) | undefined;
}

/** A gateway at work. */
export interface Gateway extends Unsubscribable {
  /** Ends the connections of all clients and takes no others. The server stays; it is the caller's. */
  readonly unsubscribe: () => void;
  readonly clients: () => readonly GatewayClient[];
}

const BEAT = 1_000;

/**
 * Serves a shared feed to clients over plain WebSockets, where the feed's own connection or NATS must not be exposed. A client
 * is the `joinFeed` of this door, in a browser or in Node.
 *
 * It works until it is unsubscribed. Each client asks for its own topics, and the shared feed is asked for what all of them want. A
 * client that is slow loses its own quotes, bars and whole books to later ones, which say so (`merged`); one that is too slow for
 * its trades has a gap, with `resumed.lost`. Neither slows the others nor holds more than `maxBuffered` bytes and `maxWaiting`
 * events. Throws `InvalidOption` for what is no server, no shared feed or no bound.
 *
 * @example
 * const desk = shareFeed((topics) => itick({ token, market: 'stock', topics }));
 * serveFeed(new WebSocketServer({ port: 8080 }), desk, { allow: (topics, request) => topicsOf(userOf(request), topics) });
 */
export const serveFeed = <R = unknown>(
  server: GatewayServer<R>,
  shared: SharedFeed,
  { allow = (topics) => topics, maxBuffered = 2 ** 20, maxWaiting = 10_000 }: ServeOptions<R> = {},
): Gateway => {
  checkServed(server, shared);
  checkWhole('maxBuffered', maxBuffered, 'bytes');
  checkWhole('maxWaiting', maxWaiting, 'events');
  if (typeof allow !== 'function') throw new InvalidOption('allow', allow, 'it is a function that returns topics');
  const impossible = new Map<string, string>();
  const clients = new Map<GatewaySocket, ReturnType<typeof client>>();

  const welcome = (socket: GatewaySocket, request: R): void => {
    const ask = (topics: readonly Topic[]): Observable<readonly Topic[]> => {
      try {
        const allowed = allow(topics, request);
        return 'then' in allowed ? from(allowed) : of(allowed);
      } catch {
        return of([]);
      }
    };
    const one = client(socket, shared, ask, { maxBuffered, maxWaiting }, impossible);
    clients.set(socket, one);
    socket.on('close', () => {
      clients.delete(socket);
      one.leave();
    });
  };
  server.on('connection', welcome);
  const beats = interval(BEAT).subscribe(() => clients.forEach((one) => one.beat()));

  return {
    unsubscribe: () => {
      server.off('connection', welcome);
      beats.unsubscribe();
      for (const [socket, one] of clients) {
        one.leave();
        socket.close(GOING_AWAY, 'the gateway goes away');
      }
      clients.clear();
    },
    clients: () => Array.from(clients.values(), (one) => one.facts()),
  };
};

const checkServed = (server: unknown, shared: unknown): void => {
  if (!hasMethods(server, 'on', 'off')) {
    throw new InvalidOption(
      'server',
      undefined,
      'it is a server of WebSockets, as `new WebSocketServer({ port })` of ws',
    );
  }
  if (!hasMethods(shared, 'watch')) {
    throw new InvalidOption('shared', undefined, 'it is a shared feed, as shareFeed returns it');
  }
};

const hasMethods = (value: unknown, ...names: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function');

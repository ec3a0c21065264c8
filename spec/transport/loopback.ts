import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** A real vendor on a port of loopback. */
export interface Loopback {
  readonly url: string;
  /** The upgrade requests so far. */
  readonly requests: readonly IncomingMessage[];
  /** The next socket that opens here. */
  readonly opened: () => Promise<WebSocket>;
  readonly stop: () => Promise<void>;
}

export interface LoopbackOptions {
  /** Answers the upgrade in place of the WebSocket server. */
  readonly upgrade?: (socket: Duplex) => void;
  readonly compress?: boolean;
  /** Speaks first. */
  readonly greet?: (socket: WebSocket) => void;
}

export const loopback = async ({ upgrade, compress = false, greet }: LoopbackOptions = {}): Promise<Loopback> => {
  const requests: IncomingMessage[] = [];
  const raw = new Set<Duplex>();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: compress });
  const server = createServer();
  if (greet) sockets.on('connection', greet);
  server.on('upgrade', (request, socket, head) => {
    requests.push(request);
    raw.add(socket);
    socket.on('error', () => undefined);
    if (upgrade) {
      socket.resume().on('end', () => socket.end());
      upgrade(socket);
    } else sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    requests,
    opened: async () => ((await once(sockets, 'connection')) as [WebSocket])[0],
    stop: async () => {
      raw.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
};

/** The HTTP answer of a vendor that refuses, headers by line; without a length, and the body is not said to end. */
export const answer =
  (status: string, body = '', ...headers: readonly string[]) =>
  (socket: Duplex): void =>
    void socket.write([`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n'));

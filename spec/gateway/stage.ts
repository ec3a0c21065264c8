import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Subject, type Observable } from 'rxjs';
import { WebSocketServer } from 'ws';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Quote, Trade } from '../../lib/model/marketEvent.js';
import type { Topic } from '../../lib/model/topic.js';
import { serveFeed, type Gateway, type ServeOptions } from '../../lib/gateway/index.js';
import { shareFeed, type SharedFeed } from '../../lib/share/shareFeed.js';

/** A vendor's feed that says what it is told to, and remembers what was asked of it. */
export const vendor = (linger = 0) => {
  const asked: (readonly Topic[])[] = [];
  let events$ = new Subject<FeedEvent>();
  let feeds = 0;
  const makeFeed = (topics$: Observable<readonly Topic[]>): Observable<FeedEvent> => {
    feeds += 1;
    events$ = new Subject<FeedEvent>();
    topics$.subscribe((topics) => asked.push(topics));
    return events$;
  };
  const shared: SharedFeed = shareFeed(makeFeed, { linger });
  return {
    shared,
    feeds: () => feeds,
    asked: () => (asked.at(-1) ?? []).map(({ channel, symbol }) => `${channel} ${symbol}`),
    say: (...events: readonly FeedEvent[]) => events.forEach((event) => events$.next(event)),
    fail: (error: Error) => events$.error(error),
    complete: () => events$.complete(),
  };
};

const names = { provider: 'acme', feed: 'acme' };
export const connected = (receivedAt = Date.now()): FeedEvent => ({
  kind: 'connected',
  ...names,
  receivedAt,
  attempt: 1,
  resumed: undefined,
});
export const quote = (symbol: string, last: number): Quote => {
  const now = Date.now();
  return { kind: 'quote', ...names, receivedAt: now, time: now, symbol, last };
};
export const trade = (symbol: string, price: number): Trade => {
  const now = Date.now();
  return { kind: 'trade', ...names, receivedAt: now, time: now, symbol, price, size: 1 };
};

/** A gateway on loopback. */
export const opened = async (
  shared: SharedFeed,
  options?: ServeOptions<{ url?: string | undefined }>,
  port = 0,
): Promise<{ url: string; port: number; server: WebSocketServer; gateway: Gateway; close: () => Promise<void> }> => {
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  const gateway = serveFeed(server, shared, options);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${taken}`,
    port: taken,
    server,
    gateway,
    close: async () => {
      gateway.unsubscribe();
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A client that never reads: its socket is paused after the upgrade, and it has asked for something before. */
export const deafClient = async (port: number, wish: string): Promise<() => void> => {
  const asking = request({
    host: '127.0.0.1',
    port,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  });
  asking.end();
  const [, socket] = (await once(asking, 'upgrade')) as [unknown, Socket];
  socket.pause();
  socket.on('error', () => undefined);
  const body = Buffer.from(wish);
  // A masked text frame whose mask is zero.
  const head = body.length < 126 ? [0x81, 0x80 | body.length] : [0x81, 0x80 | 126, body.length >> 8, body.length & 255];
  socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]));
  return () => socket.destroy();
};

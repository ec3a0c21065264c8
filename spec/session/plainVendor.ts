import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { depths, quotes, topicKey, trades, type Topic } from '../../lib/model/topic.js';
import { nodePlatform } from '../../lib/transport/nodePlatform.js';
import type { OpenSocket, SocketLike } from '../../lib/transport/SocketLike.js';
import { deliver, wrapSocket } from '../../lib/transport/wrapSocket.js';
import { keyOf, numberOf, type Said } from './streamVendor.js';

/** Trades and books, which have numbers, and quotes, which have none. */
export const plainTopics = (symbols: number): readonly Topic[] => {
  const names = Array.from({ length: symbols }, (_, i) => `S${i}.US`);
  return [...trades(...names), ...depths(...names), ...quotes(...names)];
};

/**
 * A vendor on a real socket that says so many events a second, of each topic in turn, the same to all who asked for it.
 */
export const plainVendor = async (perSecond: number, topics: readonly Topic[], every = 10) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const served = new Map<WebSocket, Set<string>>();
  const last = new Map<string, Said>();
  let opened = 0;
  let said = 0;
  let next = 0;

  server.on('connection', (socket) => {
    const own = new Set<string>();
    served.set(socket, own);
    opened += 1;
    socket.on('close', () => served.delete(socket));
    socket.on('message', (data: Buffer) => {
      const { op, topics: asked = [] } = JSON.parse(data.toString()) as { op: string; topics?: readonly Topic[] };
      if (op === 'login') return socket.send('{"op":"login"}');
      if (op === 'unsub') return asked.forEach((topic) => own.delete(topicKey(topic)));
      socket.send('{"op":"sub"}');
      for (const topic of asked) {
        const before = last.get(topicKey(topic));
        // What most vendors do: the last event, or the whole book, comes at once.
        if (before) socket.send(JSON.stringify({ ...before, isSnapshot: true }));
        own.add(topicKey(topic));
      }
    });
  });

  const began = Date.now();
  const timer = setInterval(() => {
    const due = ((Date.now() - began) / 1_000) * perSecond;
    for (; said < due; said += 1) {
      const topic = topics[next++ % topics.length] as Topic;
      const key = topicKey(topic);
      const event: Said = { op: 'data', topic, n: (last.get(key)?.n ?? 0) + 1, at: Date.now() };
      last.set(key, event);
      const frame = JSON.stringify(event);
      for (const [socket, own] of served) if (own.has(key)) socket.send(frame);
    }
  }, every);

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said: () => said,
    opened: () => opened,
    close: async (): Promise<void> => {
      clearInterval(timer);
      served.forEach((_, socket) => socket.terminate());
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Opens real sockets, and counts how many it has not closed yet: a busy server hears of an end later than the next beginning. */
export const countedSockets = () => {
  const open = new Set<SocketLike>();
  let most = 0;
  const openSocket: OpenSocket = (url, options) => {
    const inner = nodePlatform.openSocket(url, options);
    const outer = wrapSocket(inner, {
      onSignal: (signal) => {
        if (signal.kind === 'close') open.delete(inner);
        deliver(outer, signal);
      },
      send: (text) => inner.send(text),
      close: (code, reason) => {
        open.delete(inner);
        inner.close(code, reason);
      },
    });
    open.add(inner);
    most = Math.max(most, open.size);
    return outer;
  };
  return { openSocket, most: () => most };
};

/** Counts what is missing, repeated or out of order in a feed, by the numbers of the vendor. */
export const counting = () => {
  const last = new Map<string, number>();
  const counts = { events: 0, holes: 0, duplicates: 0, disconnected: 0, connected: 0 };
  return {
    counts,
    take: (event: FeedEvent): void => {
      if (event.kind === 'disconnected') counts.disconnected += 1;
      if (event.kind === 'connected') counts.connected += 1;
      if (event.kind !== 'trade' && event.kind !== 'depth' && event.kind !== 'quote') return;
      const key = keyOf(event);
      const n = numberOf(event);
      const before = last.get(key);
      counts.events += 1;
      if (before !== undefined && n > before + 1) counts.holes += n - before - 1;
      if (before !== undefined && n <= before) counts.duplicates += 1;
      last.set(key, Math.max(n, before ?? 0));
    },
  };
};

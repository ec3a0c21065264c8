/**
 * A server in a process of its own that logs a client in and then always has more to send than it can take: the frames
 * are encoded beforehand and written in large blocks, so that a fast client is not the one that waits for each of them.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { codes, symbols, framesOf, type FrameKind } from './frames.js';

/** Two lines of a vendor say each block at once, one a millisecond: 20,000 messages a second each. */
const isPaced = Number(process.argv[5] ?? 1) > 1;
const BLOCK = isPaced ? 20 : 250;
/** Trades, quotes, best bids and offers, and bars of each symbol. */
const BINANCE_STREAMS = 4 * codes.length;
/** Quotes and depth of each symbol. */
const TICKFLOW_TOPICS = 2 * symbols.length;

/** A text frame as a server sends it: unmasked, in one piece. */
const encoded = (text: string): Buffer => {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126 ? [0x81, payload.length] : [0x81, 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from(header), payload]);
};

const [, , kind = 'itMixed', count = '100000', times, lines = '1'] = process.argv;
const isLive = times === 'live';
/** The time of all frames until they are sent. */
const BLANK = 1_000_000_000_000;

interface Block {
  readonly bytes: Buffer;
  /** Where the times in it are. */
  readonly stamps: readonly number[];
}

const blockOf = (frames: readonly Buffer[]): Block => {
  const bytes = Buffer.concat(frames);
  const stamps: number[] = [];
  // Whatever the vendor calls it.
  const text = `:${BLANK}`;
  if (isLive) for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) stamps.push(at + 1);
  return { bytes, stamps };
};
const blocksOf = (texts: readonly string[]): readonly Block[] => {
  const frames = texts.map(encoded);
  return Array.from({ length: frames.length / BLOCK }, (_, i) => blockOf(frames.slice(i * BLOCK, (i + 1) * BLOCK)));
};
const blocks = blocksOf(framesOf(kind as FrameKind, isLive ? Number(count) : 10_000, isLive ? () => BLANK : undefined));
const total = Math.ceil(Number(count) / BLOCK);

/** The next block to send, with the time of now where it is one of a live market. */
const bytesOf = ({ bytes, stamps }: Block): Buffer => {
  if (stamps.length === 0) return bytes;
  const now = String(Date.now());
  for (const at of stamps) bytes.write(now, at, 'latin1');
  return bytes;
};

const wires: Duplex[] = [];

const pump = (wire: Duplex): void => {
  wires.push(wire);
  if (isPaced) {
    if (wires.length === Number(lines)) pace();
    return;
  }
  let sent = 0;
  const more = (): void => {
    let room = true;
    while (room && sent < total) room = wire.write(bytesOf(blocks[sent++ % blocks.length]!));
    if (sent < total) wire.once('drain', more);
  };
  more();
};

const pace = (): void => {
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (; sent < Math.min(total, performance.now() - began); sent += 1) {
      const bytes = bytesOf(blocks[sent % blocks.length]!);
      for (const wire of wires) wire.write(bytes);
    }
    if (sent >= total) clearInterval(timer);
  }, 1);
};

const greetAsBinance = (socket: WebSocket, wire: Duplex): void => {
  let asked = 0;
  socket.on('message', (data: Buffer) => {
    const { id, params = [] } = JSON.parse(data.toString()) as { id: number; params?: readonly string[] };
    asked += params.length;
    socket.send(`{"result":null,"id":${id}}`, () => asked >= BINANCE_STREAMS && pump(wire));
  });
};

const greetAsTickflow = (socket: WebSocket, wire: Duplex): void => {
  let asked = 0;
  socket.on('message', (data: Buffer) => {
    const command = JSON.parse(data.toString()) as { channel: string; symbols: readonly string[] };
    asked += command.symbols.length;
    socket.send(JSON.stringify({ ...command, op: 'subscribed' }), () => asked >= TICKFLOW_TOPICS && pump(wire));
  });
};

const greet = (socket: WebSocket, wire: Duplex): void => {
  if (kind.startsWith('bn')) return greetAsBinance(socket, wire);
  if (kind.startsWith('tf')) return greetAsTickflow(socket, wire);

  socket.send('{"code":1,"msg":"Connected Successfully"}');
  socket.send('{"code":1,"resAc":"auth","msg":"authenticated"}');
  socket.once('message', () => {
    socket.send('{"code":1,"resAc":"subscribe","msg":"subscribe Successfully"}', () => pump(wire));
  });
};

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer();
server.on('upgrade', (request, wire, head) =>
  sockets.handleUpgrade(request, wire, head, (socket) => greet(socket, wire)),
);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());

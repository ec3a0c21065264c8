/**
 * A server in a process of its own that logs a client in and then always has more to send than it can take: the frames
 * are encoded beforehand and written in large blocks, so that a fast client is not the one that waits for each of them.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { framesOf, type FrameKind } from './frames.js';

const BLOCK = 250;

/** A text frame as a server sends it: unmasked, in one piece. */
const encoded = (text: string): Buffer => {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126 ? [0x81, payload.length] : [0x81, 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from(header), payload]);
};

const [, , kind = 'itMixed', count = '100000', times] = process.argv;
/** Slower than a client reads, and from when the frames are made: stamps that fall behind would be those of a delayed feed. */
const PER_MS = 100;
const MAKING = 2_000;

const blocksOf = (texts: readonly string[]): readonly Buffer[] => {
  const frames = texts.map(encoded);
  return Array.from({ length: frames.length / BLOCK }, (_, i) =>
    Buffer.concat(frames.slice(i * BLOCK, (i + 1) * BLOCK)),
  );
};
const ready = times === 'live' ? undefined : blocksOf(framesOf(kind as FrameKind, 10_000));
/** Stamps of now, or any. */
const blocksNow = (): readonly Buffer[] => {
  if (ready) return ready;
  const start = Date.now() + MAKING;
  return blocksOf(framesOf(kind as FrameKind, Number(count), (index) => start + Math.floor(index / PER_MS)));
};
const total = Math.ceil(Number(count) / BLOCK);

const pump = (wire: Duplex): void => {
  const blocks = blocksNow();
  let sent = 0;
  const more = (): void => {
    let room = true;
    while (room && sent < total) room = wire.write(blocks[sent++ % blocks.length]);
    if (sent < total) wire.once('drain', more);
  };
  more();
};

const greet = (socket: WebSocket, wire: Duplex): void => {
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

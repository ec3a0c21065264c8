/** A server in a process of its own that logs a client in and then sends it ready-made frames as fast as it takes them. */
import { WebSocketServer, type WebSocket } from 'ws';
import { framesOf, type FrameKind } from './frames.js';

const HIGH_WATER = 2 ** 20;
const BURST = 64;

const [, , kind = 'itMixed', count = '100000'] = process.argv;
const frames = framesOf(kind as FrameKind, 10_000).map((frame) => Buffer.from(frame));
const total = Number(count);

const pump = (socket: WebSocket): void => {
  let sent = 0;
  const burst = (): void => {
    for (let i = 0; i < BURST && sent < total; i++) socket.send(frames[sent++ % frames.length]!, { binary: false });
    if (sent === total) socket.send('{"resAc":"done","code":1}');
    else if (socket.bufferedAmount < HIGH_WATER) setImmediate(burst);
    else setTimeout(burst, 1);
  };
  burst();
};

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () => {
  process.send?.((server.address() as { readonly port: number }).port);
});
server.on('connection', (socket) => {
  socket.send('{"code":1,"msg":"Connected Successfully"}');
  socket.send('{"code":1,"resAc":"auth","msg":"authenticated"}');
  let pumping = false;
  socket.on('message', () => {
    socket.send('{"code":1,"resAc":"subscribe","msg":"subscribe Successfully"}');
    if (!pumping) pump(socket);
    pumping = true;
  });
});
process.on('disconnect', () => process.exit());

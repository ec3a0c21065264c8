import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { catchError, firstValueFrom, mergeMap, of, take, toArray, type Observable } from 'rxjs';
import { WebSocket } from 'ws';
import { ConnectionLost, HandshakeRefused, Unauthorized } from '../../lib/model/errors.js';
import { connectOver } from '../../lib/transport/connect.js';
import { nodePlatform } from '../../lib/transport/nodePlatform.js';
import { openNodeSocket } from '../../lib/transport/openNodeSocket.js';
import type { Session } from '../../lib/transport/Session.js';
import type { OpenSocket } from '../../lib/transport/SocketLike.js';
import { eventually, newHandles } from '../providers/loopback/resources.js';
import { answer, loopback, type Loopback, type LoopbackOptions } from './loopback.js';

const connect = connectOver(nodePlatform);

/** A raw `ws`, as a caller may hand it in. */
const rawSocket: OpenSocket = (url, { headers }) => new WebSocket(url, { headers });

const texts = mergeMap(({ messages$ }: Session) => messages$);

/** The error with which a stream ends. */
const failureOf = (stream$: Observable<unknown>): Promise<unknown> =>
  firstValueFrom(
    stream$.pipe(
      mergeMap(() => []),
      catchError((error: unknown) => of(error)),
    ),
  );

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** The sockets of either side, and what makes one. */
const CONNECTIONS = /^(?:TCPWRAP|TCPCONNECTWRAP|GETADDRINFOREQWRAP)$/;
const CONNECTIONS_AND_TIMERS = /^(?:TCPWRAP|TCPCONNECTWRAP|GETADDRINFOREQWRAP|Timeout)$/;

describe('openNodeSocket', () => {
  let vendor: Loopback;
  let handles: () => Readonly<Record<string, number>>;
  const nothingLeft = (): Promise<void> => eventually(() => expect(handles()).toEqual({}), 1_000_000);
  beforeEach(() => void (handles = newHandles(CONNECTIONS)));
  const start = async (options?: LoopbackOptions): Promise<Loopback> => (vendor = await loopback(options));
  afterEach(() => vendor.stop());

  describe('an open socket', () => {
    it('speaks and hears text, and reads binary as text', async () => {
      await start({
        greet: (ws) => {
          ws.send('贵州');
          ws.send(Buffer.from('茅台'));
          ws.send(Uint8Array.of(0x61, 0xff));
          ws.on('message', (data: Buffer) => ws.send(`heard ${data.toString()}`));
        },
      });
      const said = connect(vendor.url).pipe(
        mergeMap(({ messages$, send }) => {
          send('hello');
          return messages$;
        }),
        take(4),
        toArray(),
      );
      expect(await firstValueFrom(said)).toEqual(['贵州', '茅台', 'a\uFFFD', 'heard hello']);
    });

    it('reads a text with bytes that are no UTF-8, which would cost the connection and all after it', async () => {
      await start({
        greet: (ws) => {
          ws.send(Uint8Array.of(0xb9, 0xf3), { binary: false });
          ws.send('after');
        },
      });
      const said = connect(vendor.url).pipe(texts, take(2), toArray());
      expect(await firstValueFrom(said)).toEqual(['\uFFFD\uFFFD', 'after']);
    });

    it('reads the texts of an engine whose `ws` gives them as such', async () => {
      const emit = Object.getOwnPropertyDescriptor(EventEmitter.prototype, 'emit')?.value as EventEmitter['emit'];
      const asText = function (this: WebSocket, name: string | symbol, ...said: readonly unknown[]): boolean {
        return emit.call(this, name, ...(name === 'message' ? [String(said[0])] : said));
      };
      const spy = jest.spyOn(WebSocket.prototype, 'emit').mockImplementation(asText as never);
      try {
        await start({ greet: (ws) => ws.send('贵州') });
        expect(await firstValueFrom(connect(vendor.url).pipe(texts))).toBe('贵州');
      } finally {
        spy.mockRestore();
      }
    });

    it('shows pings as a sign of life', async () => {
      await start();
      const opened = vendor.opened();
      const session = new Promise<Session>((resolve) => {
        const subscription = connect(vendor.url).subscribe((open) => {
          resolve(open);
          void opened.then((ws) => once(ws, 'close')).then(() => subscription.unsubscribe());
        });
      });
      const { seesPings, lastReceivedAt } = await session;
      const ws = await opened;
      const before = lastReceivedAt();
      while (Date.now() === before) await turn();
      ws.ping();
      while (lastReceivedAt() === before) await turn();
      expect(seesPings).toBe(true);
      ws.terminate();
    });

    it('sends the headers and offers no compression', async () => {
      await start({ greet: (ws) => ws.send('hi') });
      await firstValueFrom(connect(vendor.url, { headers: { token: 't' } }).pipe(texts));
      expect(vendor.requests[0]?.headers).toMatchObject({ token: 't' });
      expect(vendor.requests[0]?.headers).not.toHaveProperty('sec-websocket-extensions');
    });

    it('offers compression on request', async () => {
      await start({ compress: true, greet: (ws) => ws.send('squeezed '.repeat(1_000)) });
      const said = await firstValueFrom(connect(vendor.url, { compress: true }).pipe(texts));
      expect(said).toHaveLength(9_000);
      expect(vendor.requests[0]?.headers['sec-websocket-extensions']).toContain('permessage-deflate');
    });
  });

  describe('a lost connection', () => {
    it.each([
      [1000, 'bye'],
      [1001, ''],
      [1008, 'policy'],
      [4001, 'kicked'],
    ])('carries close code %p', async (code, reason) => {
      await start({ greet: (ws) => ws.close(code, reason) });
      expect(await failureOf(connect(vendor.url))).toEqual(new ConnectionLost(code, reason));
    });

    it('is 1006 when the line is cut in the middle of a frame', async () => {
      const half = Buffer.from([0x81, 100, ...Buffer.from('half a fr')]);
      await start({
        greet: (ws) => {
          const line = (ws as unknown as { readonly _socket: Socket })._socket;
          line.write(half, () => line.destroy());
        },
      });
      expect(await failureOf(connect(vendor.url))).toEqual(new ConnectionLost(1006));
    });

    it('is one when a frame is larger than allowed', async () => {
      await start({ greet: (ws) => ws.send('x'.repeat(11)) });
      const error = await failureOf(connect(vendor.url, { maxFrameBytes: 10 }));
      expect(error).toEqual(new ConnectionLost(1006, 'Max payload size exceeded'));
    });

    it('is one when nobody listens there', async () => {
      await start();
      const { url } = vendor;
      await vendor.stop();
      const error = await failureOf(connect(url));
      expect(error).toMatchObject({ code: 1006, reason: expect.stringContaining('ECONNREFUSED') as string });
      await start();
    });

    it('is one when the answer to the upgrade makes no sense', async () => {
      await start({ upgrade: answer('101 Switching Protocols', '', 'Upgrade: tea', 'Connection: Upgrade') });
      expect(await failureOf(connect(vendor.url))).toEqual(new ConnectionLost(1006, 'Invalid Upgrade header'));
    });
  });

  describe('a refused upgrade', () => {
    const ended = (body: string): readonly [string, string] => [body, `Content-Length: ${Buffer.byteLength(body)}`];

    it.each([
      ['401 Unauthorized', new Unauthorized('who are you', 401)],
      ['403 Forbidden', new Unauthorized('who are you', 403)],
      ['404 Not Found', new HandshakeRefused(404, undefined, 'who are you')],
      ['302 Found', new HandshakeRefused(302, undefined, 'who are you')],
    ])('is final or not by its status: %s', async (status, error) => {
      await start({ upgrade: answer(status, ...ended('who are you')) });
      expect(await failureOf(connect(vendor.url))).toEqual(error);
    });

    it('carries Retry-After in seconds', async () => {
      await start({ upgrade: answer('429 Too Many Requests', ...ended('slow down'), 'Retry-After: 3') });
      expect(await failureOf(connect(vendor.url))).toEqual(new HandshakeRefused(429, 3_000, 'slow down'));
    });

    it('carries Retry-After as a date', async () => {
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      await start({ upgrade: answer('503 Service Unavailable', ...ended(''), `Retry-After: ${date}`) });
      const error = await failureOf(connect(vendor.url));
      const { retryAfter = 0 } = error as HandshakeRefused;
      expect([retryAfter > 3_500_000, retryAfter <= 3_600_000]).toEqual([true, true]);
    });

    it('is known although its body hangs', async () => {
      await start({ upgrade: answer('429 Too Many Requests', 'slow', 'Retry-After: 3', 'Content-Length: 100') });
      expect(await failureOf(connect(vendor.url))).toEqual(new HandshakeRefused(429, 3_000, 'slow'));
    });

    it('is known although its body is cut off', async () => {
      const cutOff = answer('500 Internal Server Error', 'oh', 'Content-Length: 100');
      await start({ upgrade: (socket) => (cutOff(socket), socket.end()) });
      expect(await failureOf(connect(vendor.url))).toEqual(new HandshakeRefused(500, undefined, 'oh'));
    });

    it('is read no further than the start', async () => {
      await start({ upgrade: answer('500 Internal Server Error', 'x'.repeat(100_000), 'Content-Length: 200000') });
      const error = await failureOf(connect(vendor.url));
      expect((error as HandshakeRefused).reason).toBe('x'.repeat(1_024));
    });
  });

  describe('a socket without handlers', () => {
    const plain = { headers: {}, maxFrameBytes: 10, compress: false };

    it('opens, hears and is closed all the same', async () => {
      await start();
      const opened = vendor.opened();
      openNodeSocket(vendor.url, plain);
      const peer = await opened;
      peer.ping();
      peer.send('watchSilence');
      peer.close();
      await nothingLeft();
    });

    it('may be refused, or find nobody', async () => {
      await start({ upgrade: answer('401 Unauthorized', 'who are you', 'Content-Length: 11') });
      openNodeSocket(vendor.url, plain);
      while (vendor.requests.length === 0) await turn();
      await nothingLeft();
    });
  });

  describe('a raw ws handed in as openSocket', () => {
    it('serves as well', async () => {
      await start({ greet: (ws) => (ws.send('text'), ws.send(Buffer.from('binary'))) });
      const said = connect(vendor.url, { openSocket: rawSocket }).pipe(texts, take(2), toArray());
      expect(await firstValueFrom(said)).toEqual(['text', 'binary']);
    });

    it('shows the status of a refusal, though not its words', async () => {
      await start({ upgrade: answer('401 Unauthorized', 'who are you', 'Content-Length: 11') });
      expect(await failureOf(connect(vendor.url, { openSocket: rawSocket }))).toEqual(
        new Unauthorized('HTTP 401', 401),
      );
    });

    it('may be left while connecting', async () => {
      await start();
      handles = newHandles(CONNECTIONS_AND_TIMERS);
      connect(vendor.url, { openSocket: rawSocket }).subscribe().unsubscribe();
      await nothingLeft();
    });
  });

  describe('unsubscribing leaves nothing behind', () => {
    const startClean = async (options?: LoopbackOptions): Promise<void> => {
      await start(options);
      handles = newHandles(CONNECTIONS_AND_TIMERS);
    };
    /** Both ends of an open connection. */
    const opening = async (): Promise<{ readonly peer: WebSocket; readonly leave: () => void }> => {
      const opened = vendor.opened();
      let leave = (): void => undefined;
      await new Promise<unknown>((resolve) => {
        const subscription = connect(vendor.url).subscribe(resolve);
        leave = () => subscription.unsubscribe();
      });
      return { peer: await opened, leave };
    };

    it('before the connection is made', async () => {
      await startClean();
      connect(vendor.url).subscribe().unsubscribe();
      await nothingLeft();
    });

    it('while the upgrade is unanswered', async () => {
      let asked = (): void => undefined;
      const upgrade = new Promise<void>((resolve) => (asked = resolve));
      await startClean({ upgrade: () => asked() });
      const subscription = connect(vendor.url).subscribe();
      await upgrade;
      subscription.unsubscribe();
      await nothingLeft();
    });

    it('while the words of a refusal are read', async () => {
      await startClean({ upgrade: answer('429 Too Many Requests', 'slow', 'Content-Length: 100') });
      const subscription = connect(vendor.url).subscribe();
      const connecting = handles()['Timeout'] ?? 0;
      await eventually(() => expect(handles()['Timeout']).toBeGreaterThan(connecting), 1_000_000);
      subscription.unsubscribe();
      await nothingLeft();
    });

    it('while open: the peer sees a clean close', async () => {
      await startClean();
      const { peer, leave } = await opening();
      peer.send('watchSilence');
      leave();
      leave();
      expect(await once(peer, 'close')).toEqual([1000, Buffer.alloc(0)]);
      await nothingLeft();
    });

    it('inside a message', async () => {
      await startClean();
      const opened = vendor.opened();
      const said = firstValueFrom(connect(vendor.url).pipe(texts));
      const peer = await opened;
      peer.send('first');
      peer.send('second');
      expect(await said).toBe('first');
      await nothingLeft();
    });

    it('with a peer that does not answer the close frame, which is cut off', async () => {
      await startClean();
      const { peer, leave } = await opening();
      const line = (peer as unknown as { readonly _socket: Socket })._socket;
      peer.on('error', () => undefined);
      line.removeAllListeners('data').resume();
      leave();
      await once(line, 'close');
      await nothingLeft();
    });
  });
});

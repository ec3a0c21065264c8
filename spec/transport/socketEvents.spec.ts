import { EventEmitter } from 'node:events';
import {
  firstValueFrom,
  lastValueFrom,
  mergeMap,
  NEVER,
  of,
  race,
  switchMap,
  take,
  timer,
  toArray,
  type Observable,
} from 'rxjs';
import { WebSocket } from 'ws';
import type { Disconnected, FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { ofKind } from '../../lib/operators/ofKind.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { record } from '../../lib/record/index.js';
import { entriesOf } from '../record/aTape.js';
import { memorySink } from '../../lib/record/sinks.js';
import { connectOver } from '../../lib/transport/connect.js';
import { onPing } from '../../lib/transport/socketEvents.js';
import type { OpenSocket, SocketLike } from '../../lib/transport/SocketLike.js';
import { answer, loopback } from './loopback.js';
import { serving } from './tlsLoopback.js';

/** The way through a proxy that users have found. */
const byHand: OpenSocket = (url) => new WebSocket(url);

const aSocket = (): SocketLike => ({
  onopen: null,
  onmessage: null,
  onclose: null,
  onerror: null,
  send: () => undefined,
  close: () => undefined,
});

describe('pings of the peer', () => {
  it('are heard of a socket of `ws` that was opened by hand', async () => {
    const vendor = await loopback({ greet: (ws) => setTimeout(() => ws.ping(), 20) });
    const session$ = connectOver({ openSocket: byHand, headers: true })(vendor.url);
    const heard = await firstValueFrom(
      session$.pipe(
        switchMap((session) => {
          const openedAt = session.lastReceivedAt();
          return timer(0, 5).pipe(
            mergeMap(() => (session.lastReceivedAt() > openedAt ? of(session.seesPings) : [])),
            take(1),
          );
        }),
      ),
    );
    expect(heard).toBe(true);
    await vendor.stop();
  });

  it('keep a quiet TickFlow alive on such a socket, live and as it is recorded', async () => {
    const vendor = await loopback({
      greet: (ws) => {
        const beat = setInterval(() => ws.ping(), 40);
        ws.on('close', () => clearInterval(beat));
      },
    });
    const feed = (openSocket: OpenSocket) =>
      tickflow({
        url: vendor.url,
        apiKey: 'key',
        topics: quotes('600000.SH'),
        heartbeat: { within: 300 },
        openSocket,
      });
    const sink = memorySink();
    const lost$ = (openSocket: OpenSocket) =>
      race(
        feed(openSocket).pipe(mergeMap((event) => (event.kind === 'disconnected' ? of(event.cause._tag) : NEVER))),
        timer(1_500).pipe(mergeMap(() => of('alive'))),
      );
    expect(await firstValueFrom(lost$(byHand))).toBe('alive');
    const recorded$ = record(({ openSocket }) => lost$(openSocket), sink, { openSocket: byHand });
    expect(await firstValueFrom(recorded$)).toBe('alive');
    const kinds = [...(sink.cassette().blocks() as Iterable<readonly { readonly what: string }[]>)].flat();
    expect(kinds.filter(({ what }) => what === 'ping').length).toBeGreaterThan(3);
    await vendor.stop();
  });

  it('are refused to be waited for on a socket in Node that hides them, with the remedy', async () => {
    const vendor = await loopback({});
    const hiding: OpenSocket = (url) => {
      const ws = new WebSocket(url);
      const socket = { ...aSocket(), close: () => ws.terminate() };
      ws.on('error', () => undefined);
      ws.on('open', () => void socket.onopen?.({}));
      return socket;
    };
    const options = { apiKey: 'key', url: vendor.url, topics: quotes('600000.SH'), openSocket: hiding };
    const refused$ = tickflow({ ...options, heartbeat: { within: 300 } });
    await expect(lastValueFrom(refused$)).rejects.toMatchObject({
      _tag: 'InvalidOption',
      option: 'heartbeat.within',
      message: expect.stringMatching(/nodeSocket.*onping.*leave it out/) as string,
    });
    expect((await firstValueFrom(tickflow(options))).kind).toBe('connected');
    const pinging$ = itick({ ...options, token: 'token', market: 'stock', heartbeat: { every: 100, within: 300 } });
    expect((await firstValueFrom(pinging$)).kind).toBe('disconnected');
    await vendor.stop();
  });

  it('are no longer listened for afterwards, and not at all where the socket cannot tell', () => {
    const emitter = new EventEmitter();
    const socket = Object.assign(emitter, aSocket());
    let pings = 0;
    const leave = onPing(socket, () => (pings += 1));
    emitter.emit('ping');
    leave?.();
    emitter.emit('ping');
    expect([pings, emitter.listenerCount('ping')]).toEqual([1, 0]);
    expect(onPing(aSocket(), () => undefined)).toBeUndefined();
  });
});

type Feed = (url: string, openSocket: OpenSocket) => Observable<FeedEvent>;

const topics = quotes('600000.SH');
const maxRetryAfter = 10;
const backoff = (): number => 1;
const feeds: readonly (readonly [string, Feed])[] = [
  [
    'itick',
    (url, openSocket) => itick({ token: 'token', market: 'stock', topics, url, openSocket, maxRetryAfter, backoff }),
  ],
  ['tickflow', (url, openSocket) => tickflow({ apiKey: 'key', topics, url, openSocket, maxRetryAfter, backoff })],
];

const losses = (feed$: Observable<FeedEvent>, count: number): Promise<readonly Disconnected[]> =>
  lastValueFrom(feed$.pipe(ofKind('disconnected'), take(count), toArray()));

describe.each(feeds)('a socket of `ws` that was opened by hand for %s', (_, feed) => {
  it('tells of a refusal and its Retry-After, live and as it is recorded', async () => {
    const busy = answer('503 Busy', 'busy', 'Retry-After: 31536000', 'Content-Length: 4');
    const vendor = await loopback({ upgrade: busy });
    const sink = memorySink();
    const recorded$ = record(({ openSocket }) => feed(vendor.url, openSocket), sink, { openSocket: byHand });
    const found = [...(await losses(feed(vendor.url, byHand), 2)), ...(await losses(recorded$, 1))];
    await vendor.stop();
    for (const { cause, retryAt, receivedAt } of found) {
      expect(cause).toMatchObject({ _tag: 'HandshakeRefused', status: 503, retryAfter: 31_536_000_000 });
      expect(retryAt - receivedAt).toBe(maxRetryAfter);
    }
    expect(entriesOf(sink.cassette())).toContainEqual(
      expect.objectContaining({ what: 'refused', status: 503, retryAfter: '31536000' }),
    );
  });

  it('tells of a plain server without the numbers of OpenSSL', async () => {
    const server = await serving('none');
    const [loss] = await losses(feed(`wss://127.0.0.1:${server.port}`, byHand), 1);
    await server.stop();
    expect(loss?.cause).toMatchObject({
      reason: 'TLS: wrong version number',
      remedy: expect.stringMatching(/no TLS/) as string,
    });
  });

  it('tells what helps where it gives a code and no words, as of a name with two addresses', async () => {
    const twoAddresses: OpenSocket = () => {
      const socket = aSocket();
      setTimeout(() => {
        socket.onerror?.({ message: '', error: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
        socket.onclose?.({ code: 1006, reason: '' });
      });
      return socket;
    };
    const [loss] = await losses(feed('ws://localhost:1', twoAddresses), 1);
    expect(loss?.cause).toMatchObject({
      reason: 'ECONNREFUSED',
      remedy: expect.stringMatching(/nothing listens/) as string,
    });
  });
});

import { EventEmitter } from 'node:events';
import { firstValueFrom, mergeMap, NEVER, of, race, switchMap, take, timer } from 'rxjs';
import { WebSocket } from 'ws';
import { quotes } from '../../lib/model/topic.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { record } from '../../lib/record/index.js';
import { memorySink } from '../../lib/record/sinks.js';
import { connectOver } from '../../lib/transport/connect.js';
import { hearPings } from '../../lib/transport/hearPings.js';
import type { OpenSocket, SocketLike } from '../../lib/transport/SocketLike.js';
import { loopback } from './loopback.js';

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
          const openedAt = session.heardAt();
          return timer(0, 5).pipe(
            mergeMap(() => (session.heardAt() > openedAt ? of(session.seesPings) : [])),
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

  it('are no longer listened for afterwards, and not at all where the socket cannot tell', () => {
    const emitter = new EventEmitter();
    const socket = Object.assign(emitter, aSocket());
    let pings = 0;
    const leave = hearPings(socket, () => (pings += 1));
    emitter.emit('ping');
    leave?.();
    emitter.emit('ping');
    expect([pings, emitter.listenerCount('ping')]).toEqual([1, 0]);
    expect(hearPings(aSocket(), () => undefined)).toBeUndefined();
  });
});

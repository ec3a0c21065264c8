import { wsconnect, type ConnectionOptions, type NatsConnection } from '@nats-io/nats-core';
import { defer, merge, of, Subject } from 'rxjs';
import { WebSocket } from 'ws';
import { InvalidOption } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { hostFeed, joinFeed } from '../../lib/nats/index.js';
import { describeWithNats } from './describeWithNats.js';
import { documented, owner, reader } from './documented.js';
import { connected, quote } from './events.js';
import { freePort, startNats, type NatsServer } from './natsServer.js';
import { listen, until } from './stage.js';

const again = { maxReconnectAttempts: -1, reconnectTimeWait: 100 } as const;

describeWithNats('a joiner that reads over the WebSocket listener of NATS, as a page does', () => {
  let server: NatsServer;
  let port: number;
  let vendor$: Subject<FeedEvent>;
  let stops: (() => unknown)[];

  beforeEach(async () => {
    stops = [];
    port = await freePort();
    server = await startNats(
      () => `${documented()}\nwebsocket { listen: "127.0.0.1:${port}", no_tls: true, compression: true }`,
    );
    stops.push(() => server.stop());
    // Over the same transport: the client has one for all connections of a process, that of the last call.
    const nats = await page({ ...owner, inboxPrefix: '_INBOX' });
    vendor$ = new Subject();
    const makeFeed = () => defer(() => merge(of(connected(Date.now())), vendor$));
    const hosting = hostFeed({ nats, name: 'us', makeFeed }).subscribe();
    stops.push(() => hosting.unsubscribe());
  });
  afterEach(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  /** Node 20 has no `WebSocket`; that of `ws` is as that of a browser. */
  const page = async (options: ConnectionOptions = {}): Promise<NatsConnection> => {
    const wsFactory = (url: string) =>
      Promise.resolve({ socket: new WebSocket(url) as unknown as globalThis.WebSocket, encrypted: false });
    const nats = await wsconnect({
      servers: `ws://127.0.0.1:${port}`,
      ...reader,
      ...again,
      ...options,
      ...{ wsFactory },
    });
    stops.push(() => nats.close());
    return nats;
  };
  const join = async (name = 'us') => {
    const joiner = listen(joinFeed({ nats: await page(), name, topics: quotes('AAPL.US', '00700.HK') }));
    stops.push(joiner.leave);
    return joiner;
  };

  it('has the link, the last values and what comes, and a restart of NATS is one gap', async () => {
    const early = await join();
    await until(() => early.of('connected').length === 1 && vendor$.observed);
    vendor$.next(quote(1));
    vendor$.next(quote(2, '00700.HK'));
    await until(() => early.of('quote').length === 2);

    const late = await join();
    await until(() => late.of('quote').length === 2);
    expect(late.events[0]).toMatchObject({ kind: 'connected', provider: 'itick', feed: 'itick:stock' });
    expect(new Set(late.of('quote').map(({ symbol, last }) => `${symbol} ${last}`))).toEqual(
      new Set(['AAPL.US 1', '00700.HK 2']),
    );
    vendor$.next(quote(3));
    await until(() => late.of('quote').at(-1)?.last === 3 && early.of('quote').at(-1)?.last === 3);
    expect([...late.of('disconnected'), ...early.of('disconnected')]).toEqual([]);

    const stoppedAt = Date.now();
    await server.stop(false);
    await until(() => late.of('disconnected').length === 1);
    await server.start();
    await until(() => late.of('connected').length === 2 && early.of('connected').length === 2);
    for (const joiner of [early, late]) {
      expect(joiner.of('disconnected')[0]?.cause.message).toContain('the connection to NATS was lost');
      const { from = Infinity, to = -Infinity } = joiner.of('connected')[1]?.resumed ?? {};
      expect(from).toBeLessThanOrEqual(stoppedAt + 500);
      expect(to).toBeGreaterThanOrEqual(stoppedAt);
    }
    await until(() => vendor$.observed);
    // Until it is heard: the owner may be another now, and ask the vendor again.
    await until(() => (vendor$.next(quote(4)), late.of('quote').at(-1)?.last === 4));
    expect(late.ended).toEqual({});
  });

  it('may read its own feed only, and say what it wants', async () => {
    const nats = await page();
    const denied: string[] = [];
    void (async () => {
      for await (const status of nats.status()) if (status.type === 'error') denied.push(status.error.message);
    })();
    const forbidden = ['rxtape.v1.us.live.quote.US.AAPL', 'rxtape.v1.us.last.link', '$KV.rxtape-owners.us', 'other'];
    for (const subject of forbidden) nats.publish(subject, '[]');
    nats.publish('$KV.rxtape-wishes.us.me', '[]');
    await until(() => denied.length === forbidden.length);
    await nats.flush();
    for (const subject of forbidden) expect(denied.join()).toContain(`Publish to "${subject}"`);
    expect(denied).toHaveLength(forbidden.length);

    const other = await join('eu');
    await until(() => other.ended.error !== undefined);
    expect(other.ended.error).toBeInstanceOf(InvalidOption);
    await expect(page({ pass: 'wrong' })).rejects.toThrow(/Authorization/);
  });
});

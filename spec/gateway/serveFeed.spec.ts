import { Subject } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';
import { joinFeed, serveFeed } from '../../lib/gateway/index.js';
import { writeWish } from '../../lib/gateway/wire.js';
import { InvalidOption, InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import { quotes, trades, type Topic } from '../../lib/model/topic.js';
import { listen, until, type Listener } from '../nats/stage.js';
import { connected, deafClient, opened, quote, trade, vendor } from './stage.js';

type Vendor = ReturnType<typeof vendor>;
type Opened = Awaited<ReturnType<typeof opened>>;

describe('a gateway', () => {
  let acme: Vendor;
  let gate: Opened;
  let leave: (() => void)[];

  beforeEach(async () => {
    acme = vendor(300);
    gate = await opened(acme.shared);
    leave = [];
  });
  afterEach(async () => {
    leave.forEach((one) => one());
    await gate.close();
  });

  const join = (topics: Parameters<typeof joinFeed>[0]['topics'], more = {}): Listener => {
    const listener = listen(joinFeed({ url: gate.url, topics, backoff: () => 20, ...more }));
    leave.push(listener.leave);
    return listener;
  };
  const lastsOf = (listener: Listener): readonly unknown[] =>
    listener.of('quote').map(({ symbol, last }) => [symbol, last]);

  it('gives each client its own topics in its spelling, and the late ones the link and the last values', async () => {
    const first = join(quotes('00700.HK', 'AAPL.US'));
    await until(() => acme.asked().length === 2);
    acme.say(connected(), quote('00700.HK', 1), quote('AAPL.US', 2));
    await until(() => first.of('quote').length === 2);
    const second = join(quotes('700.HK'));
    await until(() => second.of('quote').length === 1);
    expect(second.events.map(({ kind }) => kind)).toEqual(['connected', 'quote']);
    expect(lastsOf(second)).toEqual([['700.HK', 1]]);
    acme.say(quote('AAPL.US', 3), quote('00700.HK', 4));
    await until(() => second.of('quote').length === 2 && first.of('quote').length === 4);
    expect(lastsOf(second)).toEqual([
      ['700.HK', 1],
      ['700.HK', 4],
    ]);
    expect(acme.asked()).toEqual(['quote 00700.HK', 'quote AAPL.US']);
    expect(acme.feeds()).toBe(1);
    expect(gate.gateway.clients()).toHaveLength(2);
  });

  it('asks for what is added, and withdraws what is left, also by a client that is gone', async () => {
    const topics$ = new Subject<readonly Topic[]>();
    const client = join(topics$);
    topics$.next(quotes('A.US'));
    await until(() => acme.asked().join() === 'quote A.US');
    topics$.next(quotes('A.US', 'B.US'));
    await until(() => acme.asked().length === 2);
    topics$.next(quotes('B.US'));
    await until(() => acme.asked().join() === 'quote B.US');
    const other = join(quotes('C.US'));
    await until(() => acme.asked().length === 2);
    other.leave();
    await until(() => acme.asked().join() === 'quote B.US');
    expect(client.ended).toEqual({});
  });

  it('makes the loss of a client one gap of the feed of the vendor, with what was said meanwhile in it', async () => {
    const client = join(quotes('A.US'));
    await until(() => acme.asked().length === 1);
    acme.say(connected(Date.now() - 5_000), quote('A.US', 1));
    await until(() => client.of('quote').length === 1);
    for (const socket of gate.server.clients) socket.terminate();
    await until(() => client.of('connected').length === 2);
    expect(client.of('disconnected')).toHaveLength(1);
    expect(client.of('disconnected')[0]).toMatchObject({ provider: 'acme', feed: 'acme', attempt: 1 });
    const { resumed } = client.of('connected')[1] ?? {};
    expect(resumed?.to).toBeGreaterThanOrEqual(resumed?.from ?? Infinity);
    expect((resumed?.to ?? 0) - (resumed?.from ?? 0)).toBeLessThan(2_000);
    expect(client.events.every(({ feed }) => feed === 'acme')).toBe(true);
  });

  it('is connected to again when it was away, and says each failed attempt', async () => {
    const client = join(quotes('A.US'));
    await until(() => acme.asked().length === 1);
    acme.say(connected());
    await until(() => client.of('connected').length === 1);
    const { port } = gate;
    await gate.close();
    await until(() => client.of('disconnected').length > 2);
    gate = await opened(acme.shared, undefined, port);
    await until(() => gate.gateway.clients().some(({ topics }) => topics.length === 1));
    acme.say(connected());
    await until(() => client.of('connected').length > 1);
    expect(client.of('connected')[1]?.resumed).toBeDefined();
    expect(
      client
        .of('disconnected')
        .map(({ attempt }) => attempt)
        .slice(0, 3),
    ).toEqual([1, 2, 3]);
  });

  it('says disconnected for itself while there is none', async () => {
    const { port } = gate;
    await gate.close();
    const client = join(quotes('A.US'));
    await until(() => client.of('disconnected').length > 1);
    expect(client.events[0]).toMatchObject({ provider: 'gateway', kind: 'disconnected', attempt: 1 });
    gate = await opened(acme.shared, undefined, port);
    await until(() => acme.asked().length === 1);
    acme.say(connected());
    await until(() => client.of('connected').length === 2);
    expect(client.of('connected').map(({ provider, resumed }) => [provider, resumed])).toEqual([
      ['gateway', undefined],
      ['acme', undefined],
    ]);
  });

  it('hands on the end of the feed: its error as its class, and its completion', async () => {
    const one = join(quotes('A.US'));
    await until(() => acme.asked().length === 1);
    acme.fail(new Unauthorized('bad key'));
    await until(() => one.ended.error !== undefined);
    expect(one.ended.error).toBeInstanceOf(Unauthorized);
  });

  it('completes its clients with the feed', async () => {
    const one = join(quotes('A.US'));
    await until(() => acme.asked().length === 1);
    acme.complete();
    await until(() => one.ended.completed === true);
  });

  it('is left by a client inside its own next, and joined twice by one process', async () => {
    let heard = 0;
    const feed$ = joinFeed({ url: gate.url, topics: quotes('A.US') });
    const subscription = feed$.subscribe(({ kind }) => {
      heard += 1;
      if (kind === 'quote') subscription.unsubscribe();
    });
    const second = listen(feed$);
    leave.push(second.leave);
    await until(() => gate.gateway.clients().filter(({ topics }) => topics.length === 1).length === 2);
    acme.say(connected(), quote('A.US', 1), quote('A.US', 2));
    await until(() => second.of('quote').length === 2);
    expect(heard).toBe(2);
    await until(() => gate.gateway.clients().length === 1);
  });

  it('refuses what one client asks for and the vendor can never serve, and the others have a gap', async () => {
    const client = join(quotes('A.US'));
    await until(() => acme.asked().length === 1);
    acme.say(connected());
    await until(() => client.of('connected').length === 1);
    const fool = join([...quotes('A.US'), ...trades('B.US')]);
    await until(() => acme.asked().length === 2);
    acme.fail(new InvalidTopic(trades('B.US')[0], 'it pushes no trades'));
    await until(() => fool.of('refused').length === 1);
    expect(fool.of('refused')[0]).toMatchObject({ topics: trades('B.US') });
    await until(() => client.of('disconnected').length === 1 && acme.feeds() === 2);
    acme.say(connected(), quote('A.US', 5));
    await until(() => client.of('quote').length === 1 && fool.of('quote').length === 1);
    expect(client.of('connected')[1]?.resumed?.lost).toBe(0);
    expect({ client: client.ended, fool: fool.ended, asked: acme.asked() }).toEqual({
      client: {},
      fool: {},
      asked: ['quote A.US'],
    });
  });

  it.each(['', '{', '[]', '{"rxtape":2,"topics":"[]"}', '{"rxtape":1}', 'x'.repeat(2 ** 20 + 1)])(
    'closes on what is no message of a client: %#',
    async (text) => {
      const socket = new WebSocket(gate.url);
      socket.on('open', () => socket.send(text));
      const code = await new Promise((resolve) => socket.on('close', resolve));
      expect(code).toBe(1_008);
      await until(() => gate.gateway.clients().length === 0);
    },
  );

  it('takes a frame that breaks off for a client that is gone', async () => {
    const destroy = await deafClient(gate.port, writeWish(quotes('A.US')).slice(0, 20));
    await until(() => gate.gateway.clients().length <= 1);
    destroy();
    await until(() => gate.gateway.clients().length === 0);
  });

  it('bounds what it holds for a client that does not read, and the others have everything', async () => {
    await gate.close();
    gate = await opened(acme.shared, { maxBuffered: 50_000, maxWaiting: 1_000 });
    const destroy = await deafClient(gate.port, writeWish([...quotes('A.US', 'B.US')]));
    leave.push(destroy);
    const good = join([...quotes('A.US', 'B.US')]);
    await until(() => gate.gateway.clients().filter(({ topics }) => topics.length === 2).length === 2);
    acme.say(connected());
    let sent = 0;
    const most = { waiting: 0, buffered: 0 };
    // Until the buffers of the system are full, and long beyond that.
    while (gate.gateway.clients().every(({ conflated }) => conflated < 5_000)) {
      for (let i = 0; i < 500; i += 1) acme.say(quote(i % 2 ? 'A.US' : 'B.US', (sent += 1)));
      await new Promise((resolve) => setImmediate(resolve));
      for (const { waiting } of gate.gateway.clients()) most.waiting = Math.max(most.waiting, waiting);
      for (const { bufferedAmount } of gate.server.clients) most.buffered = Math.max(most.buffered, bufferedAmount);
    }
    await until(() => good.of('quote').at(-1)?.last === sent);
    const counted = good.of('quote').reduce((sum, event) => sum + ((event as { merged?: number }).merged ?? 1), 0);
    expect(counted).toBe(sent);
    expect(good.of('disconnected')).toEqual([]);
    expect(most.waiting).toBeLessThan(1_001);
    expect(most.buffered).toBeLessThan(50_000 + 200_000);
  });
});

describe('the permission of a gateway', () => {
  let gate: Opened;
  afterEach(() => gate.close());

  const withAllow = async (
    allow: NonNullable<NonNullable<Parameters<typeof opened>[1]>['allow']>,
  ): Promise<{ acme: Vendor; client: Listener }> => {
    const acme = vendor();
    gate = await opened(acme.shared, { allow });
    const client = listen(joinFeed({ url: `${gate.url}/desk`, topics: quotes('00700.HK', 'AAPL.US') }));
    return { acme, client };
  };
  const onlyHongKong = (topics: readonly Topic[]): readonly Topic[] =>
    topics.filter(({ symbol }) => symbol.endsWith('.HK'));

  it.each([
    ['at once', (topics: readonly Topic[]) => onlyHongKong(topics)],
    ['later', async (topics: readonly Topic[]) => Promise.resolve(onlyHongKong(topics))],
  ])('lets through what it returns, and refuses the rest in the spelling of the client: %s', async (_when, allow) => {
    const seen: unknown[] = [];
    const { acme, client } = await withAllow((topics, { url }) => {
      seen.push(url);
      return allow(topics);
    });
    await until(() => client.of('refused').length === 1 && acme.asked().length === 1);
    expect(client.of('refused')[0]).toMatchObject({
      topics: quotes('AAPL.US'),
      reason: 'the gateway does not permit it',
    });
    expect(acme.asked()).toEqual(['quote 00700.HK']);
    expect(seen).toEqual(['/desk']);
    client.leave();
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('secret-of-the-house');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('secret-of-the-house'))],
    ['returns nothing', () => undefined as unknown as readonly Topic[]],
  ])('refuses everything when it %s, and says no more', async (_what, allow) => {
    const { acme, client } = await withAllow(allow);
    await until(() => client.of('refused').length === 1);
    expect(client.of('refused')[0]?.topics).toEqual(quotes('00700.HK', 'AAPL.US'));
    expect(JSON.stringify(client.events)).not.toContain('secret');
    expect(acme.feeds()).toBe(0);
    client.leave();
  });
});

describe('a gateway that says what is none of its words', () => {
  it('is undecodable, and the feed goes on', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    server.on('connection', (socket) => {
      for (const text of ['', 'x', '{}', '{"beat":"x"}', '[{"kind":"quote"}]', '[null]']) socket.send(text);
      socket.send(JSON.stringify([connected(), quote('A.US', 7), trade('B.US', 8)]));
    });
    const { port } = server.address() as { port: number };
    const client = listen(joinFeed({ url: `ws://127.0.0.1:${port}`, topics: quotes('A.US') }));
    await until(() => client.of('quote').length === 1);
    expect(client.of('undecodable').length).toBeGreaterThanOrEqual(5);
    expect(client.of('trade')).toEqual([]);
    client.leave();
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('what a gateway is made with', () => {
  it.each([
    ['server', () => serveFeed({} as never, vendor().shared)],
    ['shared', () => serveFeed(new WebSocketServer({ noServer: true }), {} as never)],
    ['maxBuffered', () => serveFeed(new WebSocketServer({ noServer: true }), vendor().shared, { maxBuffered: 0 })],
    ['maxWaiting', () => serveFeed(new WebSocketServer({ noServer: true }), vendor().shared, { maxWaiting: 0.5 })],
    ['allow', () => serveFeed(new WebSocketServer({ noServer: true }), vendor().shared, { allow: 1 as never })],
    ['url', () => joinFeed({ url: 'http://x', topics: quotes('A.US') })],
    ['url', () => joinFeed({ url: 'ws://x?token=1', topics: quotes('A.US') })],
    ['maxSilence', () => joinFeed({ url: 'ws://x', topics: quotes('A.US'), maxSilence: 1_000 })],
  ])('is checked at once: %s', (option, make) => {
    expect(make).toThrow(InvalidOption);
    expect(make).toThrow(`\`${option}\``);
  });
});

import { once } from 'node:events';
import { binanceDefaults } from '../../../lib/simulator/binance/rules.js';
import { refusedUpgrade } from '../rawClient.js';
import { binance, closeAll, command } from './binanceClient.js';

afterEach(closeAll);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Binance: its limits', () => {
  it('are those of its pages, unless they are told otherwise', () => {
    expect(binanceDefaults).toMatchObject({
      lifetime: 24 * 3_600_000,
      pingEvery: 20_000,
      pongWithin: 60_000,
      messages: { count: 5, per: 1_000 },
      attempts: { count: 300, per: 5 * 60_000 },
      maxStreams: 1_024,
      weight: { limit: 6_000, per: 60_000 },
      ban: { lasts: 2 * 60_000 },
    });
  });
});

describe('Binance: what a connection may send', () => {
  it.each(['message', 'ping', 'pong'] as const)('closes it (1008) at the sixth %s in a second', async (kind) => {
    const { connect, simulator } = await binance({ messages: { count: 5, per: 60_000 } });
    const client = await connect('/ws');
    const send = (): void => {
      if (kind === 'message') client.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
      else client.ws[kind]();
    };
    for (let sent = 0; sent < 3; sent += 1) send();
    await command(client, { method: 'LIST_SUBSCRIPTIONS', id: 2 });
    await command(client, { method: 'LIST_SUBSCRIPTIONS', id: 2 });
    expect([simulator.binance.live, simulator.binance.overruns]).toEqual([1, 0]);
    send();
    expect((await client.closed).code).toBe(1008);
    expect(simulator.binance).toMatchObject({ live: 0, overruns: 1 });
  });

  it('counts each connection for itself, and forgets what is long ago', async () => {
    const { connect, simulator } = await binance({ messages: { count: 2, per: 300 } });
    const [one, other] = [await connect('/ws'), await connect('/ws')];
    for (const client of [one, other]) {
      for (let sent = 0; sent < 2; sent += 1) await command(client, { method: 'LIST_SUBSCRIPTIONS', id: 1 });
    }
    const until = Date.now() + 301;
    while (Date.now() < until) await turn();
    await command(one, { method: 'LIST_SUBSCRIPTIONS', id: 1 });
    expect(simulator.binance).toMatchObject({ live: 2, overruns: 0 });
  });
});

describe('Binance: pings', () => {
  it('come by themselves, and a connection that answers them lives', async () => {
    const { connect, simulator } = await binance({ pingEvery: 10, pongWithin: 2_000 });
    const client = await connect('/ws');
    const payloads: string[] = [];
    client.ws.on('ping', (payload: Buffer) => payloads.push(payload.toString()));
    while (payloads.length < 4) await once(client.ws, 'ping');
    expect(new Set(payloads).size).toBe(payloads.length);
    expect(simulator.binance.live).toBe(1);
  });

  it.each([
    ['no pong', undefined],
    ['a pong that nobody asked for', ''],
  ])('end a connection that sends %s', async (_what, payload) => {
    const { connect } = await binance({ pingEvery: 20, pongWithin: 60 });
    const client = await connect('/ws', { autoPong: false });
    client.ws.on('ping', () => {
      if (payload !== undefined) client.ws.pong(payload);
    });
    expect((await client.closed).code).toBe(1008);
  });

  it('of an hour ago do not count when a later one is answered', async () => {
    const { connect, simulator } = await binance({ pingEvery: 10, pongWithin: 5_000 });
    const client = await connect('/ws', { autoPong: false });
    let pings = 0;
    client.ws.on('ping', (payload: Buffer) => {
      pings += 1;
      if (pings % 3 === 0) client.ws.pong(payload);
    });
    while (pings < 9) await once(client.ws, 'ping');
    expect(simulator.binance.live).toBe(1);
  });
});

describe('Binance: the end of a connection', () => {
  it('comes when its lifetime is over, however fast the market runs', async () => {
    const { connect } = await binance({ lifetime: 20 });
    expect((await (await connect('/ws/btcusdt@trade')).closed).code).toBe(1000);
    const { connect: fast } = await binance({ lifetime: 60, endCode: 1001, pingEvery: Infinity }, { speed: 10_000 });
    expect((await (await fast('/ws')).closed).code).toBe(1001);
  });

  it('does not come before 24 hours', async () => {
    // A delay of more than 24 days is one that Node takes for a millisecond.
    const { connect, simulator } = await binance({ lifetime: 1_000 * 86_400_000 });
    const client = await connect('/ws');
    for (let pings = 0; pings < 50; pings += 1) {
      client.ws.ping();
      await once(client.ws, 'pong');
    }
    expect(simulator.binance.live).toBe(1);
  });

  it('can be announced, in the form of the connection, and made to follow', async () => {
    const { connect, simulator } = await binance();
    const [bare, wrapped] = [await connect('/ws'), await connect('/stream')];
    simulator.binance.shutdown();
    const event = { e: 'serverShutdown', E: expect.any(Number) };
    expect(await bare.next()).toEqual(event);
    expect(await wrapped.next()).toEqual({ stream: '!serverShutdown', data: event });
    expect(simulator.binance.live).toBe(2);
    simulator.binance.shutdown(10);
    expect(await bare.next()).toEqual(event);
    expect([(await bare.closed).code, (await wrapped.closed).code]).toEqual([1000, 1000]);
  });

  it('can be made to come without a word', async () => {
    const { connect, simulator } = await binance({ endCode: 1012 });
    const first = await connect('/ws');
    simulator.binance.drop();
    expect((await first.closed).code).toBe(1006);
    const second = await connect('/ws');
    simulator.binance.kick();
    expect((await second.closed).code).toBe(1012);
    expect(simulator.binance).toMatchObject({ live: 0, accepted: 2 });
  });
});

describe('Binance: upgrades', () => {
  it('are refused above their number', async () => {
    const { connect, simulator } = await binance({ attempts: { count: 2, per: 60_000 } });
    await connect('/ws');
    await connect('/ws');
    expect(await refusedUpgrade(`${simulator.url}/ws`)).toMatchObject({ status: 429, retryAfter: '60' });
  });
});

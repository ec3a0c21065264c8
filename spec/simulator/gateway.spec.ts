import { once } from 'node:events';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../lib/simulator/index.js';
import { rawClient, refusedUpgrade, type RawClient } from './rawClient.js';

let simulator: Simulator;
const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  simulator = await startSimulator({ speed: 0, ...options });
  return simulator;
};
afterEach(() => simulator.close());

const subscribed = async (): Promise<RawClient> => {
  const client = await rawClient(`${simulator.url}/stock?token=demo`);
  client.send({ ac: 'subscribe', params: 'AAPL$US', types: 'depth' });
  await client.until(({ resAc }) => resAc === 'subscribe');
  return client;
};

describe('faults on demand', () => {
  it('drop ends connections without a close frame', async () => {
    await start();
    const client = await subscribed();
    simulator.itick.drop();
    expect((await client.closed).code).toBe(1006);
    expect(simulator.itick).toMatchObject({ live: 0, accepted: 1, topics: [] });
  });

  it('close ends them cleanly, or with any code and reason', async () => {
    await start();
    const first = await subscribed();
    simulator.itick.close();
    expect(await first.closed).toEqual({ code: 1000, reason: '' });
    const second = await subscribed();
    simulator.itick.close(1012, 'restart');
    expect(await second.closed).toEqual({ code: 1012, reason: 'restart' });
  });

  it('is deaf to connections that it is closing', async () => {
    await start();
    const client = await subscribed();
    simulator.itick.close();
    expect(simulator.itick).toMatchObject({ live: 0, topics: [] });
    client.send({ ac: 'subscribe', params: 'TSLA$US', types: 'quote' });
    await client.closed;
    expect(simulator.itick.topics).toEqual([]);
  });

  it('kick ends them as a second login would', async () => {
    await start({ itick: { kickCode: 1008 } });
    const client = await subscribed();
    simulator.itick.kick();
    expect((await client.closed).code).toBe(1008);
  });

  it('cut ends them in the middle of a frame', async () => {
    await start();
    const client = await subscribed();
    const bytes: Buffer[] = [];
    (client.ws as unknown as { _socket: NodeJS.ReadableStream })._socket.on('data', (data: Buffer) => bytes.push(data));
    simulator.itick.cut();
    expect((await client.closed).code).toBe(1006);
    expect(Buffer.concat(bytes).toString()).toContain('{"code":1,"data":{"s":"');
    expect(client.rest()).toEqual([]);
  });

  it('say sends any text and any bytes', async () => {
    await start();
    const client = await subscribed();
    simulator.itick.say('{"code":');
    expect(await client.text()).toBe('{"code":');
    const message = once(client.ws, 'message') as Promise<[Buffer, boolean]>;
    simulator.itick.say(Uint8Array.of(1, 2, 3));
    const [data, isBinary] = await message;
    expect([[...data], isBinary]).toEqual([[1, 2, 3], true]);
  });

  it('mute keeps connections, new ones too, and says nothing until it is lifted', async () => {
    await start();
    simulator.itick.mute();
    simulator.tickflow.mute();
    const client = await rawClient(`${simulator.url}/stock?token=demo`);
    const other = await rawClient(`${simulator.url}/v1/ws/stream?api_key=demo`, { autoPong: false });
    let heard = 0;
    for (const event of ['message', 'ping', 'pong']) {
      for (const { ws } of [client, other]) ws.on(event, () => (heard += 1));
    }
    client.ws.ping();
    client.send({ ac: 'subscribe', params: 'AAPL$US', types: 'depth' });
    other.send({ op: 'subscribe', channel: 'quotes', symbols: ['AAPL.US'] });
    while (simulator.itick.topics.length + simulator.tickflow.topics.length < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    simulator.sweep('AAPL.US', 'buyer');
    const forex = await rawClient(`${simulator.url}/forex?token=demo`);
    expect([heard, simulator.itick.live, simulator.itick.sent, simulator.tickflow.live]).toEqual([0, 2, 0, 1]);
    expect(forex.rest()).toEqual([]);
    simulator.itick.mute(false);
    client.ws.ping();
    await once(client.ws, 'pong');
    simulator.sweep('AAPL.US', 'buyer');
    expect(await client.next()).toMatchObject({ data: { type: 'depth' } });
  });

  it('mute holds back Ping frames and the end of connections that miss them', async () => {
    const lively = await startSimulator({ speed: 0, tickflow: { pingEvery: 5 } });
    await start({ tickflow: { pingEvery: 5 }, itick: { heartbeatTimeout: 5 } });
    simulator.tickflow.mute();
    simulator.itick.mute();
    const silent = await rawClient(`${simulator.url}/v1/ws/stream?api_key=demo`, { autoPong: false });
    await rawClient(`${simulator.url}/stock?token=demo`);
    let pings = 0;
    silent.ws.on('ping', () => (pings += 1));
    const clock = await rawClient(`${lively.url}/v1/ws/stream?api_key=demo`);
    for (let beats = 0; beats < 5; beats += 1) await once(clock.ws, 'ping');
    expect([pings, simulator.tickflow.live, simulator.itick.live]).toEqual([0, 1, 1]);
    await lively.close();
  });

  it('ends a connection that reads too slowly', async () => {
    await start();
    const client = await subscribed();
    client.ws.pause();
    simulator.itick.slowConsumer(1_000_000);
    const megabyte = 'x'.repeat(2 ** 20);
    for (let sent = 0; simulator.itick.live > 0 && sent < 200; sent += 1) {
      simulator.itick.say(megabyte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(simulator.itick.live).toBe(0);
    client.ws.resume();
    expect((await client.closed).code).toBe(1006);
  });

  it('refuses upgrades with a status, Retry-After and a body, as often as told', async () => {
    await start();
    simulator.itick.refuseUpgrades(429, { retryAfter: 30, times: 2, body: '{"message":"slow down"}' });
    const answer = { status: 429, retryAfter: '30', body: '{"message":"slow down"}' };
    expect(await refusedUpgrade(`${simulator.url}/stock?token=demo`)).toEqual(answer);
    expect(await refusedUpgrade(`${simulator.url}/forex?token=demo`)).toEqual(answer);
    await subscribed();
    expect(simulator.itick.accepted).toBe(1);
  });

  it('refuses upgrades until they are allowed again, of one vendor only', async () => {
    await start();
    simulator.tickflow.refuseUpgrades(503);
    const path = '/v1/ws/stream?api_key=demo';
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await refusedUpgrade(simulator.url + path)).toEqual({
        status: 503,
        body: '{"code":"SERVICE_UNAVAILABLE","message":"Service Unavailable"}',
      });
    }
    await subscribed();
    simulator.tickflow.allowUpgrades();
    await rawClient(simulator.url + path);
  });

  it('survives clients that break the protocol', async () => {
    await start();
    const client = await subscribed();
    (client.ws as unknown as { _socket: NodeJS.WritableStream })._socket.write(Buffer.from([0xff, 0xff, 0xff]));
    await client.closed;
    expect(simulator.itick.live).toBe(0);
  });

  it('remembers the last ten thousand commands', async () => {
    await start();
    const client = await subscribed();
    for (let count = 0; count < 20_100; count += 1) client.send('{"ac":"ping","params":' + String(count) + '}');
    await client.until(({ data }) => data?.params === 20_099);
    const { commands } = simulator.itick;
    expect([commands.length, commands[0], commands.at(-1)]).toEqual([
      10_000,
      '{"ac":"ping","params":10100}',
      '{"ac":"ping","params":20099}',
    ]);
  });
});

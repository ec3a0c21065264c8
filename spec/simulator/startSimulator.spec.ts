import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../lib/simulator/index.js';
import { eventually, newHandles } from '../providers/loopback/resources.js';
import { rawClient, refusedUpgrade } from './rawClient.js';

const started: Simulator[] = [];
const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const simulator = await startSimulator({ speed: 0, ...options });
  started.push(simulator);
  return simulator;
};
afterEach(() => Promise.all(started.splice(0).map((simulator) => simulator.close())));

const portOf = ({ url }: Simulator): number => Number(new URL(url).port);

describe('startSimulator', () => {
  it('serves the vendors on one loopback port', async () => {
    const { url, itick, tickflow, binance } = await start();
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    for (const cluster of ['stock', 'forex', 'indices', 'crypto', 'future', 'fund']) {
      await rawClient(`${url}/${cluster}?token=demo`);
    }
    for (const endpoint of ['stream', 'quotes']) await rawClient(`${url}/v1/ws/${endpoint}?api_key=demo`);
    for (const path of ['/ws', '/ws/btcusdt@trade', '/stream', '/stream?streams=btcusdt@trade'])
      await rawClient(url + path);
    expect([itick.live, tickflow.live, binance.live]).toEqual([6, 2, 4]);
  });

  it('takes the port it is given, and rejects when that is taken', async () => {
    const port = portOf(await start());
    await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await started.pop()!.close();
    expect(portOf(await start({ port }))).toBe(port);
  });

  it.each(['/bonds', '/', '/v1/ws/other', '//'])('answers an upgrade to %s with 404', async (path) => {
    const { url } = await start();
    expect(await refusedUpgrade(url + path)).toMatchObject({ status: 404 });
  });

  it('answers plain HTTP with 404', async () => {
    const { url } = await start();
    const [response] = (await once(get(url.replace('ws', 'http')), 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(404);
    response.resume();
  });

  it('moves by itself, in real time by default', async () => {
    const { url } = await startSimulator().then((simulator) => (started.push(simulator), simulator));
    const client = await rawClient(`${url}/stock?token=demo`);
    client.send({ ac: 'subscribe', params: 'AAPL$US', types: 'depth' });
    const { data } = await client.until((message) => message.data?.type === 'depth');
    expect(data).toMatchObject({ s: 'AAPL', r: 'US' });
  });

  it('moves many times faster when told to: a minute of the market in a blink', async () => {
    const START = Date.UTC(2026, 3, 21, 2);
    const { url, snapshot } = await start({ speed: 1_000, start: START });
    const client = await rawClient(`${url}/crypto?token=demo`);
    client.send({ ac: 'subscribe', params: 'BTCUSDT$BA', types: 'kline@1' });
    const { data } = await client.until(({ data: row }) => row !== undefined && row.t >= START + 60_000);
    expect(data?.type).toBe('kline@1');
    expect(snapshot('BTCUSDT.BA').trades).toBeGreaterThan(50);
  });

  it('stands still at speed 0 but for step()', async () => {
    const { step, snapshot } = await start();
    const before = snapshot('600000.SH');
    for (let steps = 0; steps < 20; steps += 1) step();
    expect(snapshot('600000.SH').trades).toBeGreaterThan(before.trades);
  });

  it('shows every client the same market for the same seed', async () => {
    const [one, two] = [await start({ seed: 7, start: 0 }), await start({ seed: 7, start: 0 })];
    for (let steps = 0; steps < 20; steps += 1) {
      one.step();
      two.step();
    }
    expect(one.snapshot('AAPL.US')).toEqual(two.snapshot('AAPL.US'));
  });

  it('tells when a client comes and goes', async () => {
    const { url, itick, tickflow } = await start();
    const counts: number[] = [];
    const gone = new Promise<void>((resolve) => {
      itick.live$.subscribe((live) => {
        counts.push(live);
        if (counts.length === 3) resolve();
      });
    });
    const client = await rawClient(`${url}/stock?token=demo`);
    client.ws.close();
    await gone;
    expect([counts, tickflow.live]).toEqual([[0, 1, 0], 0]);
  });

  it('names the symbol that does not exist', async () => {
    const { snapshot, halt } = await start();
    expect(() => snapshot('NOPE.US')).toThrow(new TypeError('the simulator does not know "NOPE.US"'));
    expect(() => halt('AAPL')).toThrow(TypeError);
  });

  it('lists what it was given and nothing else, where the rest is unknown', async () => {
    const { url, snapshot, tickflow } = await start({ symbols: ['600000.SH'], unlisted: 'unknown' });
    expect(() => snapshot('601318.SH')).toThrow(new TypeError('the simulator does not know "601318.SH"'));
    const itick = await rawClient(`${url}/stock?token=demo`);
    itick.send({ ac: 'subscribe', params: '601318$SH', types: 'quote' });
    await itick.until(({ resAc, code }) => resAc === 'subscribe' && code === 0);
    const other = await rawClient(`${url}/v1/ws/stream?api_key=demo`);
    other.send({ op: 'subscribe', channel: 'quotes', symbols: ['601318.SH', '600000.SH'] });
    await other.until(({ op }) => op === 'subscribed');
    expect(tickflow.topics).toEqual(['quote 600000.SH']);
  });

  it.each([-1, NaN])('rejects the speed %d', async (speed) => {
    await expect(startSimulator({ speed })).rejects.toThrow(RangeError);
  });

  it('leaves no handle when closed, whoever is connected', async () => {
    const handles = newHandles();
    const simulator = await startSimulator({ itick: { ackAfter: 1_000 } });
    const client = await rawClient(`${simulator.url}/stock?token=demo`);
    const other = await rawClient(`${simulator.url}/v1/ws/stream?api_key=demo`);
    const half = connect(portOf(simulator), '127.0.0.1');
    half.on('error', () => undefined);
    await once(half, 'connect');
    expect(handles()['Timeout']).toBeGreaterThan(2);
    await Promise.all([simulator.close(), client.closed, other.closed, once(half, 'close')]);
    await simulator.close();

    await eventually(() => expect(handles()).toEqual({}));
    await expect(rawClient(`${simulator.url}/stock`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

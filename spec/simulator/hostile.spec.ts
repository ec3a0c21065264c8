import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { startSimulator, type Simulator } from '../../lib/simulator/index.js';
import { rawClient, type RawClient } from './rawClient.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ speed: 0 });
});
afterEach(() => simulator.close());

const itick = (): Promise<RawClient> => rawClient(`${simulator.url}/stock?token=demo`);
const tickflow = (): Promise<RawClient> => rawClient(`${simulator.url}/v1/ws/stream?api_key=demo`);

/** Whether both servers still answer a well-meant command, and how long the later answer takes. */
const answered = async (): Promise<number> => {
  const started = performance.now();
  const [one, other] = [await rawClient(`${simulator.url}/crypto?token=demo`), await tickflow()];
  one.send({ ac: 'subscribe', params: 'BTCUSDT$BA', types: 'quote' });
  other.send({ op: 'subscribe', channel: 'quotes', symbols: ['AAPL.US'] });
  await one.until(({ resAc }) => resAc === 'subscribe');
  await other.until(({ op }) => op === 'quotes');
  one.ws.terminate();
  other.ws.terminate();
  return performance.now() - started;
};

/** Longer than any machine takes for an answer, shorter than what any of these frames took. */
const PATIENCE = 2_000;

const symbolsOf = (count: number, name: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => name(index));
const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

describe('what strangers send', () => {
  it.each([
    ['a symbol of zeros', { params: `${'0'.repeat(200_000)}x$HK`, types: 'quote' }],
    ['a symbol of dots', { params: `X${'.'.repeat(200_000)}$IN`, types: 'quote' }],
    ['a symbol of dollars', { params: '$'.repeat(200_000), types: 'quote' }],
    ['twenty thousand symbols', { params: symbolsOf(20_000, (at) => `A${at}$US`).join(), types: 'quote' }],
    ['thirty thousand bare codes', { params: symbolsOf(30_000, (at) => `A${at}`).join(), types: 'quote' }],
    ['one type forty thousand times', { params: 'AAPL$US', types: symbolsOf(40_000, () => 'tick').join() }],
  ])('does not block iTick: %s', async (_, command) => {
    const client = await itick();
    client.send({ ac: 'subscribe', ...command });
    expect(await answered()).toBeLessThan(PATIENCE);
    await client.until(({ resAc }) => resAc === 'subscribe');
  });

  it.each([
    ['a symbol of zeros', ['0'.repeat(200_000) + 'x.HK']],
    ['a symbol of dots', [`X${'.'.repeat(200_000)}IN`]],
    ['twenty thousand symbols', symbolsOf(20_000, (at) => `A${at}.US`)],
    ['one symbol twenty-five thousand times', symbolsOf(25_000, () => 'A.US')],
  ])('does not block TickFlow: %s', async (_, symbols) => {
    const client = await tickflow();
    client.send({ op: 'subscribe', channel: 'quotes', symbols });
    expect(await answered()).toBeLessThan(PATIENCE);
    await client.until(({ op }) => op === 'subscribed' || op === 'error');
  });

  it.each([
    ['a login', `{"ac":"auth","params":"demo","x":${nested}}`],
    ['a ping', `{"ac":"ping","params":${nested}}`],
    ['a subscription', `{"ac":"subscribe","params":${nested},"types":"quote"}`],
  ])('costs its connection at most, however deep it is nested: %s', async (_, text) => {
    const [client, other] = [await itick(), await tickflow()];
    client.send(text);
    other.send(text);
    expect(await answered()).toBeLessThan(PATIENCE);
  });

  it('costs its connection where it is longer than any command', async () => {
    const client = await itick();
    client.send('x'.repeat(300_000));
    expect(await client.closed).toMatchObject({ code: 1009 });
    await answered();
  });

  it('is kept up to a size, the newest last', async () => {
    const client = await tickflow();
    for (let count = 0; count < 100; count += 1) client.send(`${count} ${'x'.repeat(250_000)}`);
    for (let count = 0; count < 100; count += 1) await client.next();
    const { commands } = simulator.tickflow;
    expect(commands.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(2 ** 24);
    expect(commands.at(-1)).toMatch(/^99 /);
  });

  it.each([
    'http://other/stock',
    '*',
    '//',
    '/stock?token=%ff%00',
    ':99999/stock',
    '@other:x/stock',
    '/%',
    `/${'a'.repeat(10_000)}`,
    'stock',
    '[/stock',
  ])('is a path that ends no process: %s', async (path) => {
    const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const head = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    socket.write(
      [`GET ${path} HTTP/1.1`, 'Host: x', ...head, `Sec-WebSocket-Key: ${'A'.repeat(22)}==`, '', ''].join('\r\n'),
    );
    await once(socket, 'data');
    socket.destroy();
    await answered();
  });

  it('is any text, any bytes and any command of any fields, at either server', async () => {
    const word = fc.constantFrom(
      'subscribe',
      'unsubscribe',
      'auth',
      'ping',
      'quotes',
      'depth',
      'AAPL$US',
      '700$HK',
      'demo',
    );
    const value = fc.oneof(word, fc.jsonValue(), fc.array(word), fc.string());
    const key = fc.constantFrom('ac', 'op', 'params', 'types', 'symbols', 'channel', '__proto__', 'constructor');
    const command = fc.dictionary(key, value).map((fields) => JSON.stringify(fields));
    const frame = fc.oneof(
      command,
      fc.string(),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 50 }), async (frames) => {
        const clients = [await itick(), await tickflow()];
        for (const { ws } of clients) for (const each of frames) if (ws.readyState === ws.OPEN) ws.send(each);
        expect(await answered()).toBeLessThan(PATIENCE);
        for (const { ws } of clients) ws.terminate();
      }),
      { numRuns: 40 },
    );
  });
});

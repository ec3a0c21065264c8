import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { asking, closeAll, key, token, type Asking } from './asking.js';

let here: Asking;
beforeAll(async () => {
  here = await asking();
});
afterAll(closeAll);

/** Longer than any machine takes for an answer. */
const PATIENCE = 2_000;

/** Whether both vendors still answer, and how long the later answer takes. */
const answered = async (): Promise<number> => {
  const started = performance.now();
  const [one, other] = [
    await here.ask('/crypto/kline?region=BA&code=BTCUSDT&kType=1&limit=5', { headers: token }),
    await here.ask('/v1/klines?symbol=600000.SH&period=1m&count=5', { headers: key }),
  ];
  expect([one.status, other.status]).toEqual([200, 200]);
  return performance.now() - started;
};

/** Sends any bytes to the server and waits for the end of what it says. */
const raw = async (text: string): Promise<string> => {
  const socket = connect(Number(new URL(here.simulator.restUrl).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
};
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

describe('what strangers ask by HTTP', () => {
  it.each(['/', '//', '/nowhere', '/stock', '/v1', 'http://other/stock', '*', '/%', '/v1/ws/stream'])(
    'is a 404 where no vendor has the path: %s',
    async (path) => {
      expect(statusOf(await raw(get(path)))).toBe(404);
      expect(await answered()).toBeLessThan(PATIENCE);
    },
  );

  it.each([
    '//stock/quote',
    '/stock/nothing',
    '/v1/nothing',
    '/v1/klines/',
    '/stock/kline/',
    '/v1/__proto__',
    '/stock/constructor',
  ])('is answered by its vendor where the vendor is known: %s', async (path) => {
    expect([200, 404]).toContain(statusOf(await raw(get(path))));
    expect(await answered()).toBeLessThan(PATIENCE);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('is a 405 by another method: %s', async (method) => {
    const { status, headers } = await here.ask('/stock/kline?region=US&code=AAPL&kType=1', { method, headers: token });
    expect([status, headers.get('allow')]).toEqual([405, 'GET']);
    const other = await here.ask('/v1/quotes?symbols=600000.SH', { method, headers: key });
    expect(other.status).toBe(method === 'POST' ? 400 : 405);
  });

  it.each([
    ['a line of 100 kB', get(`/stock/quote?code=${'A'.repeat(100_000)}`)],
    ['a path without a slash', get('[/stock')],
    ['a port as a path', get(':99999/stock')],
    ['no HTTP', 'hello\r\n\r\n'],
    ['bytes', '\u0000\u0001\u0002\r\n\r\n'],
    ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`],
    ['a length that is none', 'POST /v1/quotes HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n'],
  ])('is refused where it is no request: %s', async (_, text) => {
    expect([400, 413, 414, 431]).toContain(statusOf(await raw(text)));
    expect(await answered()).toBeLessThan(PATIENCE);
  });

  it('costs its connection where its body is too long or does not end', async () => {
    const long = here.ask('/v1/quotes', { method: 'POST', body: 'x'.repeat(1_000_000), headers: key });
    expect(
      await long.then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413);
    const socket = connect(Number(new URL(here.simulator.restUrl).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /v1/quotes HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"sym');
    await once(socket, 'connect');
    expect(await answered()).toBeLessThan(PATIENCE);
    socket.destroy();
    expect(await answered()).toBeLessThan(PATIENCE);
  });

  it.each([
    ['a symbol of dots', `X${'.'.repeat(9_000)}IN`],
    ['a symbol of zeros', `${'0'.repeat(9_000)}x.HK`],
    ['five thousand symbols', Array.from({ length: 1_500 }, (_, at) => `A${at}.US`).join()],
    ['commas', ','.repeat(9_000)],
  ])('does not block a vendor: %s', async (_, symbols) => {
    for (const path of [
      `/stock/klines?region=US&kType=1&codes=${symbols}`,
      `/stock/kline?region=US&kType=1&code=${symbols}`,
    ])
      expect([200, 400]).toContain((await here.ask(path, { headers: token })).status);
    for (const path of [`/v1/klines/batch?period=1m&symbols=${symbols}`, `/v1/klines?period=1m&symbol=${symbols}`])
      expect([200, 400, 404]).toContain((await here.ask(path, { headers: key })).status);
    const body = `{"symbols":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect((await here.ask('/v1/quotes', { method: 'POST', body, headers: key })).status).toBe(400);
    expect(await answered()).toBeLessThan(PATIENCE);
  });

  it('is any path with any parameters, and gets an answer', async () => {
    const path = fc.constantFrom(
      ...['kline', 'klines', 'quote', 'quotes', 'tick', 'ticks', 'depth', 'depths'].map((name) => `/stock/${name}`),
      ...['klines', 'klines/batch', 'klines/intraday', 'quotes', 'depth', 'depth/batch'].map((name) => `/v1/${name}`),
    );
    const name = fc.constantFrom(
      ...['region', 'code', 'codes', 'kType', 'limit', 'et', 'exchange', 'token'],
      ...['symbol', 'symbols', 'period', 'count', 'start_time', 'end_time', 'adjust', '__proto__'],
    );
    const value = fc.oneof(
      fc.constantFrom(
        'US',
        'AAPL',
        'AAPL.US',
        '600000.SH',
        '1',
        '8',
        '10',
        '1m',
        '1d',
        '1Y',
        '500',
        'none',
        'forward',
        'demo',
      ),
      fc.integer().map(String),
      fc.constantFrom('-0', '1e9', 'NaN', '9'.repeat(15), '9'.repeat(400), '0x10', '', ' ', '\u0000', '%', '$$'),
      fc.string(),
    );
    const query = fc.array(fc.tuple(name, value), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(path, query, async (to, pairs) => {
        const { status, json } = await here.ask(`${to}?${new URLSearchParams(pairs).toString()}`, {
          headers: { ...token, ...key },
        });
        expect([200, 400, 404]).toContain(status);
        expect(json).toBeInstanceOf(Object);
      }),
      { numRuns: 300 },
    );
    expect(await answered()).toBeLessThan(PATIENCE);
  });
});

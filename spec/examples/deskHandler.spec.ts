import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly host?: string;
  readonly origin?: string | undefined;
  readonly to?: number;
}

let server: ChildProcessWithoutNullStreams;
let port = 0;
/** That of a desk over NATS. */
let natsPort = 0;
/** The vendors that were dropped so far, and for how many seconds. */
const dropped = async (): Promise<unknown> => JSON.parse((await ask({ path: '/dropped.js' })).body);

beforeAll(async () => {
  server = spawn(process.execPath, [resolve(__dirname, 'startHandler.mjs')]);
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  [port = 0, natsPort = 0] = line.split(' ').map(Number);
});
afterAll(async () => {
  server.stdin.end();
  await once(server, 'exit');
});

const ask = ({ path, method = 'GET', to = port, host = `127.0.0.1:${to}`, origin }: Asked) =>
  new Promise<{ readonly status: number | undefined; readonly body: string }>((done, failed) => {
    const headers = { host, ...(origin === undefined ? {} : { origin }) };
    const asked = request({ host: '127.0.0.1', port: to, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => done({ status: response.statusCode, body }));
    });
    asked.on('error', failed).end();
  });

/** A path that no client library would send. */
const askRaw = async (head: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  socket.end(`${head}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  await once(socket, 'close');
  return said;
};

describe('the server of the desk', () => {
  it('serves the page with the address of the simulator', async () => {
    expect(await ask({ path: '/' })).toEqual({ status: 200, body: '<p name="vendors" content="ws://127.0.0.1:9">' });
  });

  it('serves the page with the address of NATS instead, where it has one', async () => {
    const body = '<p name="nats" content="ws://reader:read@127.0.0.1:8">';
    expect(await ask({ to: natsPort, path: '/' })).toEqual({ status: 200, body });
  });

  it('asks for bars of the past with its own token, where pages have none', async () => {
    const path = '/stock/kline?region=SZ&code=300750';
    expect(await ask({ to: natsPort, path })).toEqual({ status: 429, body: JSON.stringify([path, 'kept']) });
    const coins = '/api/v3/klines?symbol=BTCUSDT';
    expect(await ask({ to: natsPort, path: coins })).toEqual({ status: 429, body: JSON.stringify([coins, null]) });
    expect(await ask({ to: port, path: coins })).toMatchObject({ status: 404 });
    expect(await ask({ to: natsPort, path: '/stock/quote' })).toMatchObject({ status: 404 });
    expect(await ask({ to: natsPort, path, host: 'evil.example' })).toMatchObject({ status: 421 });
    expect(await ask({ to: natsPort, path, method: 'POST' })).toMatchObject({ status: 405 });
    expect(await ask({ path })).toMatchObject({ status: 404 });
  });

  it('says that the vendor does not answer, and outlives it', async () => {
    expect(await ask({ to: natsPort, path: '/stock/kline?hangUp' })).toMatchObject({ status: 502 });
    expect(await ask({ to: natsPort, path: '/' })).toMatchObject({ status: 200 });
  });

  it.each(['//', '//example.org/', '/media', '/media/', '/..%2f', '/../serve.mjs', '/%', '/none.js', '/a b'])(
    'outlives GET %s',
    async (path) => {
      expect(await askRaw(`GET ${path} HTTP/1.1`)).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(await ask({ path: '/' })).toMatchObject({ status: 200 });
    },
  );

  it.each(['GET http://[ HTTP/1.1', 'OPTIONS * HTTP/1.1', 'PUT / HTTP/1.1', 'BREW / HTTP/1.1', 'nonsense'])(
    'outlives %s',
    async (line) => {
      expect(await askRaw(line)).not.toMatch(/^HTTP\/1\.1 [23]/);
      expect(await ask({ path: '/' })).toMatchObject({ status: 200 });
    },
  );

  it('drops a vendor that it has, and outlives one that it has not', async () => {
    for (const vendor of ['constructor', '__proto__', 'toString', ''])
      expect(await ask({ path: `/drop?vendor=${vendor}`, method: 'POST' })).toMatchObject({ status: 404 });
    expect(await ask({ path: '/drop', method: 'POST' })).toMatchObject({ status: 404 });
    expect(await ask({ path: '/drop?vendor=itick' })).toMatchObject({ status: 405 });
    expect(await dropped()).toEqual([]);
    expect(await ask({ path: '/drop?vendor=itick', method: 'POST' })).toMatchObject({ status: 204 });
    const origin = `http://localhost:${port}`;
    const own = { path: '/drop?vendor=tickflow', method: 'POST', host: `localhost:${port}`, origin };
    expect(await ask(own)).toMatchObject({ status: 204 });
    expect(await ask({ ...own, origin: undefined })).toMatchObject({ status: 204 });
    expect(await dropped()).toEqual([
      ['itick', 5],
      ['tickflow', 5],
      ['tickflow', 5],
    ]);
  });

  it('does to the market what it can, to a symbol that is there, for a page of its own', async () => {
    const halt = '/market?act=halt&symbol=600000.SH';
    expect(await ask({ path: halt, method: 'POST' })).toMatchObject({ status: 204 });
    expect(await ask({ path: halt })).toMatchObject({ status: 405 });
    expect(await ask({ path: '/market?act=crash&symbol=600000.SH', method: 'POST' })).toMatchObject({ status: 404 });
    expect(await ask({ path: '/market?act=halt&symbol=NOPE', method: 'POST' })).toEqual({
      status: 400,
      body: 'no such symbol: NOPE',
    });
    expect(await ask({ path: halt, method: 'POST', origin: 'http://evil.example' })).toMatchObject({ status: 403 });
  });

  it('drops a vendor for so many seconds, and for no others than 1 to 600', async () => {
    const before = (await dropped()) as readonly unknown[];
    for (const seconds of ['0', '-1', '601', 'Infinity', 'NaN', 'x', ''])
      expect(await ask({ path: `/drop?vendor=itick&seconds=${seconds}`, method: 'POST' })).toMatchObject({
        status: 400,
      });
    expect(await ask({ path: '/drop?vendor=itick&seconds=120', method: 'POST' })).toMatchObject({ status: 204 });
    expect(await dropped()).toEqual([...before, ['itick', 120]]);
  });

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'takes no drop from a page of %s',
    async (origin) => {
      const before = await dropped();
      expect(await ask({ path: '/drop?vendor=itick', method: 'POST', origin })).toMatchObject({ status: 403 });
      expect(await dropped()).toEqual(before);
    },
  );

  it.each(['evil.example', 'evil.example:4300', '127.0.0.1.evil.example', '10.0.0.1', '['])(
    'answers nothing for the host "%s"',
    async (host) => {
      const { status, body } = await ask({ path: '/', host });
      expect([400, 421]).toContain(status);
      expect(body).not.toContain('<p ');
    },
  );
});

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { firstValueFrom, lastValueFrom, take, toArray, type Observable } from 'rxjs';
import { quotes, type Disconnected, type FeedEvent } from '../../lib/index.js';
import { ofKind } from '../../lib/operators/ofKind.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import * as browser from '../../lib/session/browser.js';
import { nodeSocket, type NodeSocketOptions } from '../../lib/session/index.js';
import { startSimulator } from '../../lib/simulator/index.js';
import { SECRET } from '../secrets/secret.cjs';
import { pemOf, serving } from './tlsLoopback.js';

/** A proxy on loopback that opens tunnels, or answers with another status. */
const startProxy = async (answer = '200 Connection established', ...headers: readonly string[]) => {
  const asked: IncomingMessage[] = [];
  const lines = new Set<Socket>();
  const server = createServer();
  const closed: Promise<unknown>[] = [];
  server.on('connect', (request: IncomingMessage, line: Socket) => {
    asked.push(request);
    lines.add(line);
    closed.push(once(line, 'close'));
    line.on('error', () => undefined);
    if (answer === '') return void line.resume().on('end', () => line.end());
    if (!answer.startsWith('200')) return void line.end([`HTTP/1.1 ${answer}`, ...headers, '', ''].join('\r\n'));
    const [host = '', port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      line.write(`HTTP/1.1 ${answer}\r\n\r\n`);
      line.pipe(onward).pipe(line);
    });
    onward.on('error', () => line.destroy());
    lines.add(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    at: (user = '') => `http://${user}127.0.0.1:${port}`,
    asked,
    closed,
    stop: async () => {
      lines.forEach((line) => line.destroy());
      server.close();
      await once(server, 'close');
    },
  };
};

const feed = (url: string, options: NodeSocketOptions): Observable<FeedEvent> =>
  tickflow({
    apiKey: SECRET,
    topics: quotes('600000.SH'),
    url,
    backoff: () => 1,
    openSocket: nodeSocket(options),
  });

const losses = (feed$: Observable<FeedEvent>, count: number): Promise<readonly Disconnected[]> =>
  lastValueFrom(feed$.pipe(ofKind('disconnected'), take(count), toArray()));

const kindOf = async (feed$: Observable<FeedEvent>): Promise<string> => (await firstValueFrom(feed$)).kind;

describe('nodeSocket through a proxy', () => {
  it('carries the whole of a feed, and tells the proxy the host and the port only', async () => {
    const [proxy, simulator] = [await startProxy(), await startSimulator({ speed: 50, itick: { token: SECRET } })];
    const feed$ = itick({
      token: SECRET,
      market: 'stock',
      topics: quotes('AAPL.US'),
      url: simulator.url,
      openSocket: nodeSocket({ proxy: proxy.at() }),
    });
    const quote = await firstValueFrom(feed$.pipe(ofKind('quote')));
    await Promise.all([proxy.stop(), simulator.close()]);
    expect(quote.symbol).toBe('AAPL.US');
    const { url = '', headers } = proxy.asked[0] ?? {};
    expect(`ws://${url}`).toBe(simulator.url);
    expect(Object.keys(headers ?? {}).sort()).toEqual(['connection', 'host']);
  });

  it('speaks TLS with the vendor, whose own authority it trusts', async () => {
    const [proxy, server] = [await startProxy(), await serving('localhost', '{}')];
    const url = `wss://127.0.0.1:${server.port}`;
    expect(await kindOf(feed(url, { proxy: proxy.at(), ca: pemOf('ca') }))).toBe('connected');
    const [loss] = await losses(feed(url, { proxy: proxy.at() }), 1);
    await Promise.all([proxy.stop(), server.stop()]);
    expect(loss?.cause.message).toContain('NODE_EXTRA_CA_CERTS');
    expect(proxy.asked).toHaveLength(2);
  });

  it('checks the certificate for the name of the vendor', async () => {
    const [proxy, server] = [await startProxy(), await serving('otherName')];
    const [loss] = await losses(feed(`wss://127.0.0.1:${server.port}`, { proxy: proxy.at(), ca: pemOf('ca') }), 1);
    await Promise.all([proxy.stop(), server.stop()]);
    expect(loss?.cause.message).toContain('another name');
  });

  it('sends the user and the password of the address', async () => {
    const [proxy, server] = [await startProxy(), await serving('none', '{}')];
    const url = `ws://127.0.0.1:${server.port}`;
    await firstValueFrom(feed(url, { proxy: proxy.at('me%40home:p%3Aw@') }));
    await Promise.all([proxy.stop(), server.stop()]);
    const credentials = Buffer.from('me@home:p:w').toString('base64');
    expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${credentials}`);
  });

  it.each([
    ['407 Proxy Authentication Required', /http:\/\/user:password@host:port/],
    ['403 Forbidden', /allow CONNECT/],
    ['401 Unauthorized', /allow CONNECT/],
    ['404 Not Found', /allow CONNECT/],
    ['502 Bad Gateway', /allow CONNECT/],
  ])('says once what helps when it refuses with %s, and holds no password', async (answer, remedy) => {
    const proxy = await startProxy(answer, 'X-You-Said: me:hunter2hunter2');
    const feed$ = feed('wss://vendor.example', { proxy: proxy.at('me:hunter2hunter2@') });
    const [first, second] = await losses(feed$, 2);
    await proxy.stop();
    const reason = `the proxy refused the way to vendor.example:443 with HTTP ${answer.slice(0, 3)}`;
    expect(first?.cause).toMatchObject({
      _tag: 'ConnectionLost',
      reason,
      remedy: expect.stringMatching(remedy) as string,
    });
    expect(second?.cause).toMatchObject({ _tag: 'ConnectionLost', reason });
    expect(second?.cause).not.toHaveProperty('remedy');
    expect(inspect([first, second])).not.toMatch(/hunter2|bWU6aHVudGVy/);
  });

  it('says what helps when there is no proxy, or one that hangs up', async () => {
    const proxy = await startProxy();
    await proxy.stop();
    const [loss] = await losses(feed('wss://vendor.example', { proxy: proxy.at('me:hunter2@') }), 1);
    expect(loss?.cause.message).toMatch(
      /the proxy did not answer \(connect ECONNREFUSED.*check the address in `proxy`/,
    );
    expect(inspect(loss)).not.toContain('hunter2');
  });

  it('survives a line that is cut behind the proxy while TLS begins', async () => {
    const [proxy, server] = [await startProxy(), createServer()];
    const hangsUp = server.on('connection', (line: Socket) => line.resetAndDestroy()).listen(0, '127.0.0.1');
    await once(hangsUp, 'listening');
    const { port } = hangsUp.address() as AddressInfo;
    const found = await losses(feed(`wss://127.0.0.1:${port}`, { proxy: proxy.at() }), 2);
    hangsUp.close();
    await proxy.stop();
    expect(found.map(({ cause }) => cause._tag)).toEqual(['ConnectionLost', 'ConnectionLost']);
  });

  it('leaves nothing behind when it is left while the proxy thinks', async () => {
    const proxy = await startProxy('');
    const subscription = feed('wss://vendor.example', { proxy: proxy.at() }).subscribe();
    while (proxy.asked.length === 0) await new Promise((resolve) => void setImmediate(resolve));
    subscription.unsubscribe();
    await Promise.all(proxy.closed);
    await proxy.stop();
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('nodeSocket without a proxy', () => {
  it.each([
    ['text', pemOf('ca')],
    ['bytes', Buffer.from(pemOf('ca'))],
    ['a list', [pemOf('selfSigned'), Buffer.from(pemOf('ca'))]],
  ])('trusts an own authority, given as %s', async (_, ca) => {
    const server = await serving('localhost');
    expect(await kindOf(feed(`wss://127.0.0.1:${server.port}`, { ca }))).toBe('connected');
    await server.stop();
  });

  it('trusts a server that signed its own certificate', async () => {
    const server = await serving('selfSigned');
    expect(await kindOf(feed(`wss://localhost:${server.port}`, { ca: pemOf('selfSigned') }))).toBe('connected');
    await server.stop();
  });

  it('goes by an agent', async () => {
    const server = await serving('localhost');
    const agent = new Agent({ ca: pemOf('ca') });
    expect(await kindOf(feed(`wss://127.0.0.1:${server.port}`, { agent }))).toBe('connected');
    agent.destroy();
    await server.stop();
  });

  it('is the plain way without options', async () => {
    const server = await serving('none');
    expect(await kindOf(feed(`ws://127.0.0.1:${server.port}`, {}))).toBe('connected');
    await server.stop();
  });
});

describe('what nodeSocket is given', () => {
  const agent = new Agent();

  it.each<readonly [string, NodeSocketOptions, RegExp]>([
    ['a proxy that is no address', { proxy: 'proxy.example:3128' }, /`proxy`.*http:/],
    ['an empty proxy', { proxy: '' }, /`proxy`.*http:/],
    ['a proxy of SOCKS', { proxy: 'socks5://me:hunter2@proxy.example' }, /`proxy`.*agent/],
    ['a proxy with a path', { proxy: 'http://me:hunter2@proxy.example/path' }, /`proxy`/],
    ['a password with a lone %', { proxy: 'http://me:hunter2%@proxy.example' }, /`proxy`.*%25/],
    ['the name of a file', { ca: '/etc/ssl/ca.pem' }, /`ca`.*PEM.*read it/],
    ['no authority', { ca: [] }, /`ca`/],
    ['half a certificate', { ca: pemOf('ca').slice(0, 200) }, /`ca`/],
    ['a broken certificate', { ca: pemOf('ca').replace(/M.{9}/, 'MAAAAAAAAA') }, /`ca`/],
    ['an agent and a proxy', { agent, proxy: 'http://proxy.example' }, /`agent`.*proxy/],
    ['an agent and an authority', { agent, ca: pemOf('ca') }, /`agent`/],
    ['an agent that is none', { agent: { destroy: () => undefined } }, /`agent`.*https\.Agent/],
  ])('is refused at once where it makes no sense: %s', (_, options, problem) => {
    let thrown: unknown;
    try {
      nodeSocket(options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ _tag: 'InvalidOption', message: expect.stringMatching(problem) as string });
    expect(inspect(thrown)).not.toContain('hunter2');
  });

  it('is refused in a browser', () => {
    expect(() => browser.nodeSocket({})).toThrow(/nodeSocket is for Node/);
  });
});

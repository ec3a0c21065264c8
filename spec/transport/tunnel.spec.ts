import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { InvalidOption } from '../../lib/model/errors.js';
import { proxyAt, tunnel, type Proxy } from '../../lib/transport/tunnel.js';
import { pemOf } from './tlsLoopback.js';

/** Answers each CONNECT with these bytes, in one write, and hands its line on. */
const answering = async (bytes: string, onward?: (line: Socket) => void) => {
  const asked: string[] = [];
  const lines: Socket[] = [];
  const server = createServer((line) => {
    lines.push(line);
    line.on('error', () => undefined);
    line.once('data', (said) => {
      asked.push(said.toString());
      line.write(bytes);
      onward?.(line);
    });
  });
  const proxy: Proxy = { host: '127.0.0.1', port: await listening(server), headers: {} };
  return {
    proxy,
    asked,
    stop: async () => {
      lines.forEach((line) => line.destroy());
      server.close();
      await once(server, 'close');
    },
  };
};

const listening = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const lineTo = (proxy: Proxy, host: string, secure = false): Promise<Socket> =>
  new Promise((made, failed) =>
    tunnel(proxy, secure).createConnection({ host, port: 443, rejectUnauthorized: false }, (error, line) =>
      line ? made(line) : failed(error ?? new Error('neither a line nor an error')),
    ),
  );

const OPEN = 'HTTP/1.1 200 Connection established\r\n\r\n';

describe('the address of a proxy', () => {
  it.each<[string, Proxy]>([
    ['http://proxy.example', { host: 'proxy.example', port: 80, headers: {} }],
    ['http://proxy.example:3128/', { host: 'proxy.example', port: 3128, headers: {} }],
    ['http://[::1]:3128', { host: '::1', port: 3128, headers: {} }],
    ['http://me@h:1', { host: 'h', port: 1, headers: { 'proxy-authorization': 'Basic bWU6' } }],
    ['http://:pass@h:1', { host: 'h', port: 1, headers: { 'proxy-authorization': 'Basic OnBhc3M=' } }],
    ['http://a%40b:p%3A@h:1', { host: 'h', port: 1, headers: { 'proxy-authorization': 'Basic YUBiOnA6' } }],
  ])('%s says where it is and what it wants to hear', (address, proxy) => {
    expect(proxyAt(address)).toEqual(proxy);
  });

  it.each([
    'proxy.example:3128',
    'https://h:1',
    'socks5://h:1',
    'http://h:1/path',
    'http://h:1?q',
    'http://u:%zz@h:1',
    '',
  ])('is none: %s', (address) => {
    expect(() => proxyAt(address)).toThrow(InvalidOption);
  });
});

describe('a line through a proxy', () => {
  it('is asked for by host and port, in brackets where the host is an address with colons', async () => {
    const { proxy, asked, stop } = await answering(OPEN);
    for (const host of ['vendor.example', '::1', '10.1.2.3']) (await lineTo(proxy, host)).destroy();
    expect(asked.map((said) => said.split('\r\n')[0])).toEqual([
      'CONNECT vendor.example:443 HTTP/1.1',
      'CONNECT [::1]:443 HTTP/1.1',
      'CONNECT 10.1.2.3:443 HTTP/1.1',
    ]);
    await stop();
  });

  it('loses nothing that comes together with the answer of the proxy', async () => {
    const { proxy, stop } = await answering(`${OPEN}hello`);
    const line = await lineTo(proxy, 'vendor.example');
    expect(String((await once(line, 'data'))[0])).toBe('hello');
    line.destroy();
    await stop();
  });

  it.each(['199 Early', '302 Found', '407 Proxy Authentication Required', '502 Bad Gateway'])(
    'is an error for the answer %s',
    async (answer) => {
      const { proxy, stop } = await answering(`HTTP/1.1 ${answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      const refused = `the proxy refused the way to vendor.example:443 with HTTP ${answer.slice(0, 3)}`;
      await expect(lineTo(proxy, 'vendor.example')).rejects.toThrow(refused);
      await stop();
    },
  );

  it('is an error where there is no proxy', async () => {
    const { proxy, stop } = await answering(OPEN);
    await stop();
    await expect(lineTo(proxy, 'vendor.example')).rejects.toThrow('the proxy did not answer');
  });

  it.each([
    ['localhost', 'localhost'],
    ['127.0.0.1', false],
  ])('to %s names the vendor in TLS as %s', async (host, servername) => {
    const named: unknown[] = [];
    const vendor = createTlsServer({ key: pemOf('key'), cert: pemOf('selfSigned') }, (socket: TLSSocket) => {
      named.push((socket as TLSSocket & { readonly servername?: unknown }).servername);
      socket.end('hello');
    });
    const { proxy, stop } = await answering(OPEN, (line) => vendor.emit('connection', line));
    const line = await lineTo(proxy, host, true);
    expect(String((await once(line, 'data'))[0])).toBe('hello');
    expect(named).toEqual([servername]);
    line.destroy();
    await stop();
  });

  it('that is left before there was one is left in silence', () => {
    expect(tunnel({ host: '127.0.0.1', port: 9, headers: {} }, false).leave()).toBeUndefined();
  });
});

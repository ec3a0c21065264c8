import { request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { InvalidOption } from '../model/errors.js';

/** The address of a proxy and its authorization. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads the address of a proxy. Throws `InvalidOption` without repeating it, as it may hold a password. */
export const proxyAt = (address: string): Proxy => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const rest = url && `${url.search}${url.hash}${url.pathname.replace(/^\/$/, '')}`;
  if (url?.protocol !== 'http:' || rest !== '') {
    throw new InvalidOption(
      'proxy',
      undefined,
      'it is http://host:port, or http://user:password@host:port; give an `agent` for a proxy of another kind, as SOCKS',
    );
  }
  const { hostname, port, username, password } = url;
  const headers =
    username === '' && password === '' ? {} : { 'proxy-authorization': basic(decoded(username), decoded(password)) };
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), headers };
};

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new InvalidOption('proxy', undefined, 'its user or password has a % that begins no escape; write %25');
  }
};

/** What `ws` says of the vendor, besides all options of TLS. */
interface Target extends ConnectionOptions {
  readonly host: string;
  readonly port: number;
}

/** A line that is being made, for the option `createConnection`, and what ends the attempt. */
export interface Tunnel {
  readonly createConnection: (target: Target, made: (error: Error | null, line?: Socket) => void) => undefined;
  readonly leave: () => void;
}

/**
 * A line through a proxy. The proxy learns the host and port of the vendor and nothing else: no path, no header and, under TLS,
 * no message. Errors do not repeat the proxy's answer, because it may echo the credential of the request.
 */
export const tunnel = (proxy: Proxy, secure: boolean): Tunnel => {
  let leave = (): void => undefined;
  return {
    createConnection: (target, made) => {
      const { host, port } = target;
      const name = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
      const headers = { host: name, ...proxy.headers };
      const asked = request({
        host: proxy.host,
        port: proxy.port,
        method: 'CONNECT',
        path: name,
        headers,
        agent: false,
      });
      leave = () => void asked.destroy();
      asked.on('connect', ({ statusCode = 0 }, line: Socket, head) => {
        if (statusCode < 200 || statusCode > 299) {
          line.destroy();
          made(new Error(`the proxy refused the way to ${name} with HTTP ${statusCode}`));
        } else {
          if (head.length > 0) line.unshift(head);
          made(null, secure ? encrypted(target, line) : line);
        }
      });
      asked.on('error', (error: NodeJS.ErrnoException) =>
        made(new Error(`the proxy did not answer (${error.message || (error.code ?? '')})`)),
      );
      asked.end();
      return undefined;
    },
    leave: () => leave(),
  };
};

/** TLS with the vendor, not with the proxy: its certificate is checked for the name in the url. */
const encrypted = (target: Target, line: Socket): Socket =>
  connect({ ...target, path: undefined, socket: line, servername: isIP(target.host) ? '' : target.host });

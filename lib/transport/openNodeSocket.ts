import { X509Certificate } from 'node:crypto';
import type { Agent, IncomingMessage } from 'node:http';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { defaultIfEmpty, fromEvent, merge, scan, takeLast, takeUntil, takeWhile, timer, type Observable } from 'rxjs';
import { WebSocket, type ClientOptions } from 'ws';
import { InvalidOption } from '../model/errors.js';
import type { NodeSocketOptions } from './NodeSocketOptions.js';
import { tidied } from './remedy.js';
import type { OpenSocket, SocketLike } from './SocketLike.js';
import { proxyAt, tunnel, type Tunnel } from './tunnel.js';
import { blankSocket } from './wrapSocket.js';

/** A peer that does not answer the close frame is cut off after this many milliseconds. */
const CLOSE_TIMEOUT = 1_000;
/**
 * A refusal is worth reading to its end, but no longer than this, in milliseconds and characters: more than is shown, as it
 * is redacted before it is cut.
 */
const BODY_TIMEOUT = 1_000;
const BODY_LENGTH = 8_192;

/** What the typings of ws do not know. */
interface Options extends Omit<ClientOptions, 'createConnection'> {
  readonly closeTimeout: number;
  readonly secureContext?: SecureContext | undefined;
  readonly createConnection?: Tunnel['createConnection'] | undefined;
}

/**
 * Opens sockets of Node the way of the caller: through a proxy, by an agent, trusting an own authority. All else is as
 * without it. For the option `openSocket`. Throws `InvalidOption`, which never repeats the value.
 *
 * A proxy that refuses, or cannot be reached, is a `ConnectionLost` with a `remedy`, and the feed tries again.
 *
 * @example
 * itick({ token, market: 'stock', topics, openSocket: nodeSocket({ proxy: 'http://user:password@proxy.example:3128' }) })
 */
export const nodeSocket = ({ agent, ca, proxy: address }: NodeSocketOptions = {}): OpenSocket => {
  if (agent !== undefined && !('addRequest' in agent)) {
    throw new InvalidOption('agent', undefined, 'it is an http.Agent or https.Agent of Node, or of a package');
  }
  if (agent !== undefined && (ca !== undefined || address !== undefined)) {
    throw new InvalidOption(
      'agent',
      undefined,
      'it makes the connection itself: give it the authorities and the proxy',
    );
  }
  const secureContext = ca === undefined ? undefined : trusting(ca);
  const proxy = address === undefined ? undefined : proxyAt(address);
  return (url, options) => {
    const way = proxy && tunnel(proxy, /^(?:wss|https):/i.test(url));
    const { headers, maxFrameBytes: maxPayload, compress: perMessageDeflate } = options;
    const all: Options = {
      headers,
      maxPayload,
      perMessageDeflate,
      // A frame with a wrong byte is read as far as it goes, where the check would cost the connection, and 3 % of the CPU.
      skipUTF8Validation: true,
      closeTimeout: CLOSE_TIMEOUT,
      ...(agent && { agent: agent as object as Agent }),
      ...(secureContext && { secureContext }),
      ...(way && { createConnection: way.createConnection }),
    };
    return socketOf(new WebSocket(url, all as ClientOptions), way?.leave);
  };
};

/** TLS that trusts these authorities besides those of Node. */
const trusting = (ca: NonNullable<NodeSocketOptions['ca']>): SecureContext => {
  const texts = typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca;
  const own = texts.map((pem) => Buffer.from(pem).toString());
  if (own.length === 0 || !own.every(isPem)) {
    throw new InvalidOption('ca', undefined, 'it is the text of certificates in PEM; of a file, read it first');
  }
  return createSecureContext({ ca: [...rootCertificates, ...own] });
};

/** OpenSSL passes over in silence what it cannot read. */
const isPem = (text: string): boolean => {
  try {
    const certificates = text.split('-----BEGIN ').slice(1);
    return certificates.map((rest) => new X509Certificate(`-----BEGIN ${rest}`)).length > 0;
  } catch {
    return false;
  }
};

/** A `ws` socket of Node, on the straight way. */
export const openNodeSocket: OpenSocket = nodeSocket();

const nothing = Buffer.alloc(0);

/**
 * A `ws` socket behind `SocketLike`. It shows the status of a refused upgrade and the pings of the peer.
 *
 * Listens with `on('message')`: the `onmessage` of ws builds an event object and costs 1.3 times as much.
 */
const socketOf = (ws: WebSocket, leave?: () => void): SocketLike => {
  const socket = blankSocket(
    (text) => ws.send(text),
    // close() in mid-handshake would wait for the server; terminate() does not.
    (code, reason) => (ws.readyState === WebSocket.CONNECTING ? ws.terminate() : ws.close(code, reason)),
  );
  ws.on('open', () => void socket.onopen?.({}));
  let bytes: Buffer = nothing;
  // One event for all messages, and a text only where it is read: most frames are read from their bytes.
  const message = {
    get bytes() {
      return bytes;
    },
    get data() {
      return bytes.toString();
    },
  };
  ws.on('message', (data: Buffer | string) => {
    // The `ws` of some engines gives a text as one.
    bytes = typeof data === 'string' ? Buffer.from(data) : data;
    socket.onmessage?.(message);
    bytes = nothing;
  });
  ws.on('ping', () => socket.onping?.());
  // Stays attached after everybody left: ws emits an error when it is closed while connecting.
  ws.on(
    'error',
    (error: NodeJS.ErrnoException) => void socket.onerror?.({ message: tidied(error.message || (error.code ?? '')) }),
  );
  ws.on('close', (code, reason) => {
    ws.removeAllListeners();
    leave?.();
    socket.onclose?.({ code, reason: reason.toString() });
  });
  ws.on('unexpected-response', (_request, response) => {
    startOf(response).subscribe((reason) => {
      const { statusCode: status = 0, headers: answer } = response;
      socket.onrefused?.({ status, retryAfter: answer['retry-after'], reason });
      ws.terminate();
    });
  });
  return socket;
};

/** The start of a refusal's body: what has come when it ends, fails, grows long, or hangs. */
const startOf = (response: IncomingMessage): Observable<string> => {
  response.setEncoding('utf8');
  // Stays attached: a body that is cut off is an error, and one without a handler ends Node.
  response.on('error', () => undefined);
  const over$ = merge(fromEvent(response, 'end'), fromEvent(response, 'close'), timer(BODY_TIMEOUT));
  return (fromEvent(response, 'data') as Observable<string>).pipe(
    scan((text, chunk) => (text + chunk).slice(0, BODY_LENGTH), ''),
    takeWhile(({ length }) => length < BODY_LENGTH, true),
    takeUntil(over$),
    takeLast(1),
    defaultIfEmpty(''),
  );
};

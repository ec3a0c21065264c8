import type { IncomingMessage } from 'node:http';
import { defaultIfEmpty, fromEvent, merge, scan, takeLast, takeUntil, takeWhile, timer, type Observable } from 'rxjs';
import { WebSocket, type ClientOptions } from 'ws';
import { tidied } from './remedy.js';
import type { OpenSocket, SocketLike } from './SocketLike.js';

/** A peer that does not answer the close frame is cut off after this many milliseconds. */
const CLOSE_TIMEOUT = 1_000;
/**
 * A refusal is worth reading to its end, but no longer than this, in milliseconds and characters: more than is shown, as it
 * is redacted before it is cut.
 */
const BODY_TIMEOUT = 1_000;
const BODY_LENGTH = 8_192;

/** `closeTimeout` is younger than the typings of ws. */
interface Options extends ClientOptions {
  readonly closeTimeout: number;
}

/**
 * A `ws` socket behind `SocketLike`. It shows the status of a refused upgrade and the pings of the peer.
 *
 * Listens with `on('message')`: the `onmessage` of ws builds an event object and costs 1.3 times as much.
 */
export const openNodeSocket: OpenSocket = (url, { headers, maxFrameBytes, compress }) => {
  const options: Options = {
    headers,
    maxPayload: maxFrameBytes,
    perMessageDeflate: compress,
    closeTimeout: CLOSE_TIMEOUT,
  };
  const ws = new WebSocket(url, options);
  const socket: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    onrefused: null,
    onping: null,
    send: (text) => ws.send(text),
    // close() in mid-handshake would wait for the server; terminate() does not.
    close: (code, reason) => (ws.readyState === WebSocket.CONNECTING ? ws.terminate() : ws.close(code, reason)),
  };
  ws.on('open', () => void socket.onopen?.({}));
  ws.on('message', (data: Buffer) => void socket.onmessage?.({ data: data.toString() }));
  ws.on('ping', () => socket.onping?.());
  // Stays attached after everybody left: ws emits an error when it is closed while connecting.
  ws.on(
    'error',
    (error: NodeJS.ErrnoException) => void socket.onerror?.({ message: tidied(error.message || (error.code ?? '')) }),
  );
  ws.on('close', (code, reason) => {
    ws.removeAllListeners();
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
  // Stays attached: a body that is cut off is an error, and one unheard ends Node.
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

import type { Refusal, SocketLike } from './SocketLike.js';

/** Sockets of `ws` are emitters of Node. One that was opened by hand, as for a proxy, reports by events. */
interface Emitter {
  readonly on: (event: string, listener: (request: never, response: Response) => void) => unknown;
  readonly off: (event: string, listener: () => void) => unknown;
}

interface Response {
  readonly statusCode?: number;
  readonly headers: { readonly 'retry-after'?: string };
}

/** Listens for protocol-level pings. Returns what ends it; undefined where the platform shows no pings. */
export const onPing = (socket: SocketLike, listener: () => void): (() => void) | undefined => {
  if (socket.onping !== undefined) {
    socket.onping = listener;
    return () => {
      socket.onping = null;
    };
  }
  if (!isEmitter(socket)) return undefined;
  socket.on('ping', listener);
  return () => void socket.off('ping', listener);
};

/** Listens for a refused upgrade; to stop, set `onrefused` to another handler. */
export const onRefusal = (socket: SocketLike, listener: (refusal: Refusal) => void): void => {
  socket.onrefused = listener;
  if (!isEmitter(socket)) return;
  socket.on('unexpected-response', (_, { statusCode: status = 0, headers }) =>
    socket.onrefused?.({ status, retryAfter: headers['retry-after'] }),
  );
};

const isEmitter = (socket: object): socket is Emitter => 'on' in socket && 'off' in socket;

/** The error text of a socket; some give only a code. */
export const errorTextOf = (event: SocketFailure): string => event?.message || (event?.error?.code ?? '');

/** What platforms report an error with, if anything: some fakes and workers give nothing. */
export type SocketFailure =
  { readonly message?: string; readonly error?: { readonly code?: string } | null } | undefined;

import type { SocketLike } from './SocketLike.js';

/** What the sockets of `ws` are besides: emitters of Node. */
interface Emitter {
  readonly on: (event: 'ping', listener: () => void) => unknown;
  readonly off: (event: 'ping', listener: () => void) => unknown;
}

/**
 * Listens for protocol-level pings: by `onping`, or by the `ping` event of a socket of `ws` that was opened by hand, as for
 * a proxy. Returns what ends it; undefined where the platform shows no pings.
 */
export const hearPings = (socket: SocketLike, heard: () => void): (() => void) | undefined => {
  if (socket.onping !== undefined) {
    socket.onping = heard;
    return () => {
      socket.onping = null;
    };
  }
  if (!isEmitter(socket)) return undefined;
  socket.on('ping', heard);
  return () => void socket.off('ping', heard);
};

const isEmitter = (socket: object): socket is Emitter =>
  typeof (socket as Partial<Emitter>).on === 'function' && typeof (socket as Partial<Emitter>).off === 'function';

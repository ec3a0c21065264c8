import type { OpenSocket } from '../../transport/SocketLike.js';

/** What goes wrong with connections, around any way to open a socket. Write your own as a function. */
export type Fault = (openSocket: OpenSocket) => OpenSocket;

/**
 * Opens sockets as `openSocket` does, with faults on the line: on a fake network, on loopback, in staging.
 *
 * The first fault is nearest to the vendor: what arrives goes through it first, what is said goes through it last. Each
 * call counts connections and draws chance from the beginning, so that the same test sees the same faults.
 *
 * @example
 * itick({ token, market: 'stock', topics, openSocket: faulty(platform.openSocket, dropAfter({ frames: 100 }), garble()) })
 */
export const faulty = (openSocket: OpenSocket, ...faults: readonly Fault[]): OpenSocket =>
  faults.reduce((open, fault) => fault(open), openSocket);

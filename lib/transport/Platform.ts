import type { OpenSocket } from './SocketLike.js';

/** What differs between Node and a browser. */
export interface Platform {
  readonly openSocket: OpenSocket;
  /** Whether sockets can carry request headers. */
  readonly headers: boolean;
}

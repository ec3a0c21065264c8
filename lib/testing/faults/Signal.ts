import type { Refusal } from '../../transport/SocketLike.js';

/** Text, or binary in the form the platform gives it. */
export interface Frame {
  readonly kind: 'frame';
  readonly data: unknown;
}

/** The end of a connection, as the client hears of it. */
export interface Closed {
  readonly kind: 'close';
  readonly code: number;
  readonly reason: string;
}

/** What goes over the line: inwards all that a socket tells its owner, outwards frames. */
export type Signal =
  | { readonly kind: 'open' | 'ping' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'error'; readonly event: unknown }
  | Frame
  | Closed;

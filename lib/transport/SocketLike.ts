/* eslint-disable @typescript-eslint/no-explicit-any -- the one interop file: the DOM's and ws's own event types differ */

/** What a server that refuses the upgrade says, where the platform shows it. */
export interface Refusal {
  /** The HTTP status. */
  readonly status: number;
  /** The `Retry-After` header as sent. */
  readonly retryAfter?: string | undefined;
  /** The start of the body. */
  readonly reason?: string | undefined;
}

/**
 * The part of a WebSocket that is used here. The platform's `WebSocket`, the class of `ws`, and fakes all fit.
 *
 * Handlers may be set to null at any time; `close` may be called in any state, more than once.
 */
export interface SocketLike {
  onopen: ((event: any) => any) | null;
  /**
   * Gets `{ data }`: text as a string, binary as an `ArrayBuffer` or a view of one; with `receivedAt`, epoch milliseconds, from a
   * socket that has read the clock, and with `bytes` from one that has the text as bytes, which are valid until the call returns.
   */
  onmessage: ((event: any) => any) | null;
  /** Gets `{ code, reason }`, once, after everything else. */
  onclose: ((event: any) => any) | null;
  /** Gets at best a `message`; `onclose` follows. */
  onerror: ((event: any) => any) | null;
  /** Gets a `Refusal` instead of `onerror`, on platforms that show it. */
  onrefused?: ((refusal: Refusal) => void) | null;
  /**
   * Called for each protocol-level ping, on platforms that show them; undefined on the others. Sockets of `ws` have an
   * event for it.
   */
  onping?: (() => void) | null;
  /** Browsers hand binary out as a `Blob` unless this is set. */
  binaryType?: any;
  send: (text: string) => void;
  close: (code?: number, reason?: string) => void;
}

/** What a socket is opened with; a platform ignores what it cannot do. */
export interface SocketOptions {
  /** Request headers of the upgrade. Browsers cannot send any. */
  readonly headers: Readonly<Record<string, string>>;
  /** The largest frame to accept, in bytes. */
  readonly maxFrameBytes: number;
  /** Whether to offer permessage-deflate. Browsers decide for themselves. */
  readonly compress: boolean;
  /**
   * Takes credentials out of a text, for a socket that records what it receives; absent for a provider without a
   * credential.
   */
  readonly redact?: ((text: string) => string) | undefined;
}

/** Opens a socket: for tests, proxies, zones and workers. `(url) => new WebSocket(url)` is one. */
export type OpenSocket = (url: string, options: SocketOptions) => SocketLike;

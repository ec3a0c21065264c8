import { asyncScheduler, Subject, type Observable } from 'rxjs';
import { ABNORMAL, NORMAL } from '../model/closeCodes.js';
import type { OpenSocket, SocketLike, SocketOptions } from '../transport/SocketLike.js';
import { blankSocket } from '../transport/wrapSocket.js';

/** The far end of a fake socket: what a vendor sees of one connection, and all it can do to it. */
export interface FakeConnection {
  /** The address that was asked for, its query included. */
  readonly url: string;
  /** What it was asked for with: headers, compression, the largest frame. */
  readonly options: SocketOptions;
  /** All that the client has sent, oldest first. */
  readonly received: readonly string[];
  /** What the client sends from now on; completes when the connection is over. */
  readonly received$: Observable<string>;
  readonly state: 'connecting' | 'open' | 'closed';
  /** How the client closed it, if it did. */
  readonly closedByClient: { readonly code?: number; readonly reason?: string } | undefined;
  /** Accepts the connection. */
  readonly open: () => void;
  /** Refuses the upgrade with an HTTP status. */
  readonly refuse: (status: number, retryAfter?: string, reason?: string) => void;
  /** Sends a frame: text, or binary. */
  readonly say: (frame: string | ArrayBuffer) => void;
  /** Sends a protocol-level ping. */
  readonly ping: () => void;
  /** Closes with a close frame. */
  readonly close: (code?: number, reason?: string) => void;
  /** Ends the connection without a close frame. */
  readonly drop: () => void;
}

/** What the platform of a fake network shows. */
export interface FakeNetworkOptions {
  /**
   * Whether the client is shown pings, as in Node.
   *
   * @defaultValue `true`
   */
  readonly showsPings?: boolean | undefined;
}

/** Where sockets are fake, and what was asked of it. */
export interface FakeNetwork {
  /** Hand it to a provider as its `openSocket`. */
  readonly openSocket: OpenSocket;
  /** Every connection ever made, oldest first. */
  readonly connections: readonly FakeConnection[];
}

/**
 * A network without sockets, for specs in virtual time. `accept` plays the server: it is called for each connection one
 * tick of the RxJS clock after the client asked for it.
 *
 * @example
 * const { openSocket, connections } = fakeNetwork((connection) => connection.open());
 */
export const fakeNetwork = (
  accept: (connection: FakeConnection) => void,
  { showsPings = true }: FakeNetworkOptions = {},
): FakeNetwork => {
  const connections: FakeConnection[] = [];
  const openSocket: OpenSocket = (url, options) => {
    const { socket, connection } = fakeSocket(url, options, showsPings);
    connections.push(connection);
    asyncScheduler.schedule(() => {
      if (connection.state === 'connecting') accept(connection);
    });
    return socket;
  };
  return { openSocket, connections };
};

const fakeSocket = (
  url: string,
  options: SocketOptions,
  showsPings: boolean,
): { readonly socket: SocketLike; readonly connection: FakeConnection } => {
  const received: string[] = [];
  const received$ = new Subject<string>();
  let state: FakeConnection['state'] = 'connecting';
  let closedByClient: FakeConnection['closedByClient'];

  const end = (notify: () => void): void => {
    if (state === 'closed') return;
    state = 'closed';
    notify();
    received$.complete();
  };
  const send = (text: string): void => {
    if (state !== 'open') throw new Error(`the socket is ${state}`);
    received.push(text);
    received$.next(text);
  };
  const close: SocketLike['close'] = (code, reason) =>
    end(() => {
      closedByClient = { ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) };
    });
  const socket = blankSocket(send, close, showsPings);
  const connection: FakeConnection = {
    url,
    options,
    received,
    received$,
    get state() {
      return state;
    },
    get closedByClient() {
      return closedByClient;
    },
    open: () => {
      if (state !== 'connecting') return;
      state = 'open';
      void socket.onopen?.({});
    },
    refuse: (status, retryAfter, reason) => end(() => socket.onrefused?.({ status, retryAfter, reason })),
    say: (data) => {
      if (state === 'open') void socket.onmessage?.({ data });
    },
    ping: () => {
      if (state === 'open') socket.onping?.();
    },
    close: (code = NORMAL, reason = '') => end(() => void socket.onclose?.({ code, reason })),
    drop: () => end(() => void socket.onclose?.({ code: ABNORMAL, reason: '' })),
  };
  return { socket, connection };
};

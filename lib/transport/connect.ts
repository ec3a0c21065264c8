import { asyncScheduler, map, Observable, throwError, timeout, type SubjectLike } from 'rxjs';
import { ABNORMAL, NORMAL, TOO_BIG } from '../model/closeCodes.js';
import {
  ConnectionLost,
  ConnectTimeout,
  HandshakeRefused,
  InvalidOption,
  Unauthorized,
  type FeedError,
} from '../model/errors.js';
import { broadcast } from './broadcast.js';
import { errorTextOf, onPing, onRefusal, type SocketFailure } from './socketEvents.js';
import { isLonger } from './isLonger.js';
import type { Platform } from './Platform.js';
import { retryAfter, waitIn } from '../model/retryAfter.js';
import type { Session } from './Session.js';
import type { OpenSocket, Refusal } from './SocketLike.js';
import { textOf } from './textOf.js';
import type { FrameSignal } from './wrapSocket.js';

/** How a socket is opened, and what it may carry. */
export interface ConnectOptions {
  /**
   * Opens the socket.
   *
   * @defaultValue `ws` in Node, and the platform's `WebSocket` elsewhere
   */
  readonly openSocket?: OpenSocket | undefined;
  /**
   * Milliseconds the socket may take to open.
   *
   * @defaultValue `10_000`
   */
  readonly connectTimeout?: number | undefined;
  /**
   * The largest frame to accept, in bytes; a larger one costs the connection.
   *
   * @defaultValue 4 MiB
   */
  readonly maxFrameBytes?: number | undefined;
  /**
   * Whether to offer permessage-deflate; it costs 20 to 40 times the CPU per message.
   *
   * @defaultValue `false`
   */
  readonly compress?: boolean | undefined;
  /** Request headers, in Node. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Takes credentials out of a text of the peer or the platform before it becomes part of an error. */
  readonly redact?: ((text: string) => string) | undefined;
}

/**
 * A cold stream of sessions over a WebSocket: emits one when the socket is open, and fails when it is lost.
 *
 * Fails with `ConnectTimeout`, with `Unauthorized` (HTTP 401 or 403) or `HandshakeRefused` (any other status, where the
 * platform shows it), and with `ConnectionLost` on any close, a clean one included. Never completes. Unsubscribing
 * closes the socket, also while it is being opened.
 */
export const connectOver =
  (platform: Platform) =>
  (url: string, options: ConnectOptions = {}): Observable<Session> => {
    const { connectTimeout = 10_000 } = options;
    return sessions(platform, url, options).pipe(
      timeout({ first: connectTimeout, with: () => throwError(() => new ConnectTimeout(connectTimeout)) }),
    );
  };

/** What a peer says for a reason is read up to the first length, redacted, and then cut to the second, in characters. */
const READ = 8_192;
const SHOWN = 1_024;

const sessions = (platform: Platform, url: string, options: ConnectOptions): Observable<Session> =>
  new Observable((subscriber) => {
    const { openSocket = platform.openSocket, maxFrameBytes = 2 ** 22, headers = {}, compress = false } = options;
    const { redact: clean = (text: string) => text } = options;
    const redact = (text: string): string => clean(text.slice(0, READ)).slice(0, SHOWN);
    const frames = broadcast<string | Uint8Array>();
    let lastReceivedAt = 0;
    let complaint = '';
    let live = false;

    const fail = (error: FeedError): void => {
      live = false;
      subscriber.error(error);
    };
    const received = (at = asyncScheduler.now()): void => {
      lastReceivedAt = at;
    };
    const opened = (): void => {
      received();
      live = true;
      subscriber.next({
        messages$: texts(frames),
        frames$: frames as unknown as Observable<string | Uint8Array>,
        send: (message) => {
          if (live) socket.send(message);
        },
        lastReceivedAt: () => lastReceivedAt,
        seesPings: pings !== undefined,
      });
    };

    const socket = open();
    socket.binaryType = 'arraybuffer';
    socket.onopen = opened;
    socket.onmessage = (event: Omit<FrameSignal, 'kind'>) => {
      received(event.receivedAt);
      const frame = event.bytes ?? textOf(event.data);
      const isTooBig = typeof frame === 'string' ? isLonger(frame, maxFrameBytes) : frame.length > maxFrameBytes;
      if (isTooBig) fail(new ConnectionLost(TOO_BIG, `a frame is larger than ${maxFrameBytes} bytes`));
      else frames.next(frame);
    };
    const pings = onPing(socket, () => received());
    onRefusal(socket, (refusal) => fail(refused(refusal, redact)));
    socket.onerror = (event: SocketFailure) => {
      complaint = errorTextOf(event);
      const status = /^Unexpected server response: (\d{3})$/.exec(complaint)?.[1];
      if (status !== undefined) fail(refused({ status: Number(status) }, redact));
    };
    socket.onclose = ({ code = ABNORMAL, reason }: { readonly code?: number; readonly reason?: string } = {}) => {
      // What helps to open a socket is of no use to one that was open.
      const remedy = live || reason ? undefined : platform.remedyOf?.(complaint);
      fail(new ConnectionLost(code, redact(reason || (platform.tidied?.(complaint) ?? complaint)), remedy));
    };

    return () => {
      live = false;
      socket.onopen = socket.onmessage = socket.onclose = null;
      // The handler of errors stays, silenced: closing while connecting is an error to ws, and one without a handler ends Node.
      socket.onerror = socket.onrefused = () => undefined;
      pings?.();
      socket.close(NORMAL);
      frames.complete();
    };

    function open(): ReturnType<OpenSocket> {
      try {
        return openSocket(url, { headers, maxFrameBytes, compress, redact: options.redact });
      } catch (error) {
        // Platforms put the url, and with it a credential, into this message.
        throw new InvalidOption('openSocket', undefined, `no socket could be made (${redact(String(error))})`);
      }
    }
  });

/** The frames as texts, for those who do not read bytes. */
const texts = (frames$: SubjectLike<string | Uint8Array>): Observable<string> =>
  (frames$ as unknown as Observable<string | Uint8Array>).pipe(map(textOf));

const refused = ({ status, retryAfter: header, reason = '' }: Refusal, redact: (text: string) => string): FeedError =>
  status === 401 || status === 403
    ? new Unauthorized(redact(reason) || `HTTP ${status}`, status)
    : new HandshakeRefused(status, retryAfter(header, asyncScheduler.now()) ?? waitIn(reason), redact(reason));

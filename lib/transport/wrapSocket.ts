import { ABNORMAL } from '../model/closeCodes.js';
import { onPing, onRefusal } from './socketEvents.js';
import type { Refusal, SocketLike } from './SocketLike.js';

/** A frame: text, or binary in the form that the platform gives it. */
export interface FrameSignal {
  readonly kind: 'frame';
  readonly data: unknown;
  /** A text as the bytes that it came in, where the platform has them: valid until the call returns. */
  readonly bytes?: Uint8Array | undefined;
  /** When it came, epoch milliseconds, where that was read before: a tape and the events of its frames tell the same moment. */
  readonly receivedAt?: number | undefined;
}

/** The end of a connection, with the code and the reason that its owner gets. */
export interface CloseSignal {
  readonly kind: 'close';
  readonly code: number;
  readonly reason: string;
}

/** Everything that a socket reports to its owner. */
export type SocketSignal =
  | { readonly kind: 'open' | 'ping' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'error'; readonly event: unknown }
  | FrameSignal
  | CloseSignal;

/** A socket without listeners. `pings` says whether it can report pings. */
export const blankSocket = (send: SocketLike['send'], close: SocketLike['close'], pings = true): SocketLike => ({
  onopen: null,
  onmessage: null,
  onclose: null,
  onerror: null,
  onrefused: null,
  ...(pings && { onping: null }),
  send,
  close,
});

/** Calls the handler of a socket that a signal is for. */
export const deliver = (socket: SocketLike, signal: SocketSignal): void => {
  switch (signal.kind) {
    case 'open':
      return void socket.onopen?.({});
    case 'frame':
      return void socket.onmessage?.({ data: signal.data, receivedAt: signal.receivedAt });
    case 'ping':
      return socket.onping?.();
    case 'refused':
      return socket.onrefused?.(signal.refusal);
    case 'error':
      return void socket.onerror?.(signal.event);
    case 'close':
      return void socket.onclose?.({ code: signal.code, reason: signal.reason });
  }
};

/** What stands between a socket and its owner. */
export interface Interception extends Pick<SocketLike, 'send' | 'close'> {
  /** Gets what the inner socket reports, instead of the owner. */
  readonly onSignal: (signal: SocketSignal) => void;
}

/**
 * A socket around another one, for recording, faults and logs. Nothing passes between the inner socket and the owner of
 * the outer one by itself: the interception hands it on, with `deliver` and with the inner `send` and `close`.
 */
export const wrapSocket = (inner: SocketLike, { onSignal, send, close }: Interception): SocketLike => {
  const pings = onPing(inner, () => onSignal({ kind: 'ping' }));
  const outer = blankSocket(send, close, pings !== undefined);
  Object.defineProperty(outer, 'binaryType', {
    get: () => inner.binaryType as unknown,
    set: (type: unknown) => (inner.binaryType = type),
  });
  inner.onopen = () => onSignal({ kind: 'open' });
  inner.onmessage = ({ data, receivedAt }: Omit<FrameSignal, 'kind'>) => onSignal({ kind: 'frame', data, receivedAt });
  onRefusal(inner, (refusal) => onSignal({ kind: 'refused', refusal }));
  inner.onerror = (event: unknown) => onSignal({ kind: 'error', event });
  inner.onclose = ({ code = ABNORMAL, reason = '' }: Partial<CloseSignal> = {}) =>
    onSignal({ kind: 'close', code, reason });
  return outer;
};

import type { SocketLike } from '../transport/SocketLike.js';
import type { SocketEntry } from './Entry.js';

/** A socket that does what a recorded one did. What is sent through it is not heard by anybody. */
export interface TapeSocket {
  readonly socket: SocketLike;
  readonly play: (entry: SocketEntry) => void;
  /** Opens now a connection that was opened earlier. */
  readonly join: (greeting: readonly string[]) => void;
  /** Ends without a close frame. */
  readonly drop: () => void;
}

const ABNORMAL = 1006;

/** `onClosed` is told when the feed has closed it. */
export const tapeSocket = (onClosed: () => void): TapeSocket => {
  const socket: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    onrefused: null,
    onping: null,
    send: () => undefined,
    close: onClosed,
  };
  const say = (data: unknown): void => void socket.onmessage?.({ data });
  return {
    socket,
    play: (entry) => {
      switch (entry.what) {
        case 'open':
          socket.onopen?.({});
          return;
        case 'in':
          say(entry.frame);
          return;
        case 'binary':
          say(bytesOf(entry.base64));
          return;
        case 'ping':
          socket.onping?.();
          return;
        case 'refused': {
          const { status, retryAfter, reason } = entry;
          socket.onrefused?.({ status, reason, ...(retryAfter !== '' && { retryAfter }) });
          return;
        }
        case 'error':
          socket.onerror?.({ message: entry.message });
          return;
        case 'close':
          socket.onclose?.({ code: entry.code, reason: entry.reason });
      }
    },
    join: (greeting) => {
      socket.onopen?.({});
      greeting.forEach(say);
    },
    drop: () => void socket.onclose?.({ code: ABNORMAL, reason: '' }),
  };
};

/** In a loop, as a frame may be large. */
const bytesOf = (base64: string): Uint8Array => {
  const chars = atob(base64);
  const bytes = new Uint8Array(chars.length);
  for (let at = 0; at < chars.length; at += 1) bytes[at] = chars.charCodeAt(at);
  return bytes;
};

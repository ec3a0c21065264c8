import { hearPings } from '../transport/hearPings.js';
import type { OpenSocket, Refusal, SocketLike } from '../transport/SocketLike.js';
import type { Happening } from './Entry.js';
import { withoutQueryValues, withoutSecrets } from './withoutSecrets.js';

/** Tells of all that happens to one connection. */
export type Tell = (happening: Happening) => void;

const ABNORMAL = 1006;

/**
 * Opens the same sockets, and tells of all that they do and that is done to them, without credentials. `connected` is
 * asked for each connection who wants to know.
 */
export const recorded =
  (openSocket: OpenSocket, connected: () => Tell): OpenSocket =>
  (url, options) => {
    const clean = withoutSecrets(url, options);
    const tellAll = connected();
    let over = false;
    const tell: Tell = (happening) => {
      if (!over) tellAll(happening);
    };
    const end: Tell = (happening) => {
      tell(happening);
      over = true;
    };

    tell({ what: 'connect', url: clean(withoutQueryValues(url)) });
    const inner = opened(() => openSocket(url, options));
    inner.binaryType = 'arraybuffer';
    const pings = hearPings(inner, () => {
      tell({ what: 'ping' });
      outer.onping?.();
    });
    const outer: SocketLike = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      onrefused: null,
      ...(pings && { onping: null }),
      send: (text) => {
        tell({ what: 'out', frame: clean(text) });
        inner.send(text);
      },
      close: (code, reason = '') => {
        end({ what: 'close', code: code ?? ABNORMAL, reason: clean(reason), byUs: true });
        inner.close(code, reason);
      },
    };
    inner.onopen = (event) => {
      tell({ what: 'open' });
      outer.onopen?.(event);
    };
    inner.onmessage = (event: { readonly data: unknown }) => {
      tell(heard(event.data, clean));
      outer.onmessage?.(event);
    };
    inner.onrefused = (refusal: Refusal) => {
      const { status, retryAfter = '', reason = '' } = refusal;
      end({ what: 'refused', status, retryAfter: clean(retryAfter), reason: clean(reason) });
      outer.onrefused?.(refusal);
    };
    inner.onerror = (event?: { readonly message?: string }) => {
      tell({ what: 'error', message: clean(event?.message ?? '') });
      outer.onerror?.(event);
    };
    inner.onclose = (event?: { readonly code?: number; readonly reason?: string }) => {
      const { code = ABNORMAL, reason = '' } = event ?? {};
      end({ what: 'close', code, reason: clean(reason), byUs: false });
      outer.onclose?.(event);
    };
    return outer;

    function opened(open: () => SocketLike): SocketLike {
      try {
        return open();
      } catch (error) {
        tell({ what: 'error', message: clean(String(error)) });
        end({ what: 'close', code: ABNORMAL, reason: '', byUs: true });
        throw error;
      }
    }
  };

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder();

/** A frame as text where it is any: what is binary and no UTF-8 is kept as it is, unless a credential shows in it. */
const heard = (data: unknown, clean: (text: string) => string): Happening => {
  if (typeof data === 'string') return { what: 'in', frame: clean(data) };
  if (!(data instanceof ArrayBuffer || ArrayBuffer.isView(data))) return { what: 'in', frame: clean(String(data)) };
  try {
    return { what: 'in', frame: clean(strict.decode(data)) };
  } catch {
    const readable = lenient.decode(data);
    const cleaned = clean(readable);
    return cleaned === readable ? { what: 'binary', base64: base64Of(data) } : { what: 'in', frame: cleaned };
  }
};

const base64Of = (data: ArrayBuffer | ArrayBufferView): string => {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  // A call takes no more arguments than the stack has room for.
  const chars: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    chars.push(Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + CHUNK)) as string);
  }
  return btoa(chars.join(''));
};

const CHUNK = 2 ** 13;

import { asyncScheduler, defer, finalize, Subject, takeUntil, type Observable } from 'rxjs';
import type { HistoryFetch } from '../history/HistoryFetch.js';
import { ABNORMAL } from '../model/closeCodes.js';
import type { FeedError } from '../model/errors.js';
import { isVirtual } from '../model/steadyClock.js';
import { errorTextOf, type SocketFailure } from '../transport/socketEvents.js';
import { nodePlatform } from '../transport/nodePlatform.js';
import type { OpenSocket, SocketLike } from '../transport/SocketLike.js';
import { deliver, wrapSocket, type SocketSignal } from '../transport/wrapSocket.js';
import type { Entry, SocketEvent, Stamp } from './Cassette.js';
import { recordedFetch } from './recordedFetch.js';
import type { Sink } from './sinks.js';
import { withoutQueryValues, withoutSecrets } from './withoutSecrets.js';

/** How a feed connects while it is recorded or replayed: spread it into the options of its factory. */
export interface FeedConnection {
  /** The sockets: live ones that are listened to, or those of the cassette. */
  readonly openSocket: OpenSocket;
  /** The same for requests: hand it to the history of the feed. Answers come from the tape when it is replayed. */
  readonly fetch: HistoryFetch;
  /** When the recording asked for its next connection; only when it is replayed. */
  readonly backoff?: (attempt: number, cause: FeedError) => number;
  /** No limit when it is replayed: a cassette refuses no connection. */
  readonly connections?: number;
}

/** Makes the feed that is recorded or replayed, and what is built on it. */
export type RecordableFeed<T> = (connection: FeedConnection) => Observable<T>;

/** The sockets, the requests and the clock of a recording, and what happens when its sink fails. */
export interface RecordOptions {
  /**
   * Opens the sockets.
   *
   * @defaultValue Node's
   */
  readonly openSocket?: OpenSocket | undefined;
  /**
   * Sends the requests.
   *
   * @defaultValue the platform's `fetch`
   */
  readonly fetch?: HistoryFetch | undefined;
  /**
   * A clock that is never set, in milliseconds: a replay goes by it.
   *
   * @defaultValue `performance.now`, and the clock of RxJS where a recording begins in virtual time
   */
  readonly monotonic?: (() => number) | undefined;
  /** Called when the sink fails; the feed then goes on unrecorded. Without it the feed fails with the same error. */
  readonly onFailure?: ((error: Error) => void) | undefined;
}

/**
 * The feed, unchanged; while it is subscribed, all that its sockets do goes to the sink, in both directions and without
 * credentials, and so do the requests of its `fetch` with their answers.
 *
 * Cold: each subscription is a recording. Fails with what the sink fails with, unless there is an `onFailure`.
 *
 * @example
 * record((connection) => itick({ token, market: 'stock', topics, ...connection }), fileSink('tape.ndjson.gz'))
 */
export const record = <T>(
  makeFeed: RecordableFeed<T>,
  sink: Sink,
  {
    openSocket = nodePlatform.openSocket,
    fetch = (...request) => globalThis.fetch(...request),
    monotonic: given,
    onFailure,
  }: RecordOptions = {},
): Observable<T> =>
  defer(() => {
    const monotonic = given ?? monotonicNow();
    const beganAt = monotonic();
    /** Both clocks at one moment: read again where time has passed between them, as on a busy machine. */
    const stamp = (tries = 3): Stamp => {
      const wall = asyncScheduler.now();
      const mono = monotonic() - beganAt;
      return asyncScheduler.now() === wall || tries <= 1 ? { wall, mono } : stamp(tries - 1);
    };
    const failure$ = new Subject<never>();
    const track = sink.start(onFailure ?? ((error) => failure$.error(error)));
    const write = (entry: Entry): void => track.write(entry);

    let connections = 0;
    let requests = 0;
    const recordedConnection: FeedConnection = {
      openSocket: recorded(openSocket, stamp, () => {
        connections += 1;
        const connection = connections;
        return (event, at = stamp()) => write({ ...at, connection, ...event });
      }),
      fetch: recordedFetch(fetch, () => {
        requests += 1;
        const request = requests;
        return (event) => write({ ...stamp(), request, ...event });
      }),
    };
    write({ what: 'start', ...stamp(), standing: [] });
    return defer(() => makeFeed(recordedConnection)).pipe(takeUntil(failure$), finalize(track.end));
  });

/** One clock for a whole recording. Asked twice, as the machine may have been busy between two readings. */
const monotonicNow = (): (() => number) =>
  isVirtual(asyncScheduler.now()) && isVirtual(asyncScheduler.now())
    ? () => asyncScheduler.now()
    : () => performance.now();

/** Emits of all that happens to one connection. */
type Emit = (event: SocketEvent, at?: Stamp) => void;

/**
 * Opens the same sockets, and records all that they do and that is done to them, without credentials. `connected` is called
 * for each connection, and returns where its events go.
 */
const recorded =
  (openSocket: OpenSocket, stamp: () => Stamp, connected: () => Emit): OpenSocket =>
  (url, options) => {
    const clean = withoutSecrets(url, options);
    const emitToSink = connected();
    let over = false;
    const emit: Emit = (event, at) => {
      if (!over) emitToSink(event, at);
    };
    const end: Emit = (event, at) => {
      emit(event, at);
      over = true;
    };
    const emitOf = (signal: SocketSignal, at: Stamp): void => {
      switch (signal.kind) {
        case 'open':
        case 'ping':
          return emit({ what: signal.kind }, at);
        case 'frame':
          return emit(received(signal.data, clean), at);
        case 'refused': {
          const { status, retryAfter = '', reason = '' } = signal.refusal;
          return end({ what: 'refused', status, retryAfter: clean(retryAfter), reason: clean(reason) }, at);
        }
        case 'error':
          return emit({ what: 'error', message: clean(errorTextOf(signal.event as SocketFailure)) }, at);
        case 'close':
          return end({ what: 'close', code: signal.code, reason: clean(signal.reason), byUs: false }, at);
      }
    };

    emit({ what: 'connect', url: clean(withoutQueryValues(url)) });
    const inner = opened(() => openSocket(url, options));
    inner.binaryType = 'arraybuffer';
    const outer = wrapSocket(inner, {
      onSignal: (signal) => {
        const at = stamp();
        emitOf(signal, at);
        deliver(outer, signal.kind === 'frame' ? { ...signal, receivedAt: at.wall } : signal);
      },
      send: (text) => {
        emit({ what: 'out', frame: clean(text) });
        inner.send(text);
      },
      close: (code, reason = '') => {
        end({ what: 'close', code: code ?? ABNORMAL, reason: clean(reason), byUs: true });
        inner.close(code, reason);
      },
    });
    return outer;

    function opened(open: () => SocketLike): SocketLike {
      try {
        return open();
      } catch (error) {
        emit({ what: 'error', message: clean(String(error)) });
        end({ what: 'close', code: ABNORMAL, reason: '', byUs: true });
        throw error;
      }
    }
  };

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder();

/** A frame as text; a binary frame that is not UTF-8 is kept as it is, unless a credential shows in it. */
const received = (data: unknown, clean: (text: string) => string): SocketEvent => {
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
  // The stack bounds the number of arguments of a call.
  const chars: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    chars.push(Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + CHUNK)) as string);
  }
  return btoa(chars.join(''));
};

const CHUNK = 2 ** 13;

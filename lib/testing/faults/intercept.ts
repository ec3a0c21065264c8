import { identity, observeOn, queueScheduler, Subject, type MonoTypeOperatorFunction } from 'rxjs';
import { checkCount } from '../../model/check.js';
import type { OpenSocket, SocketLike } from '../../transport/SocketLike.js';
import { textOf } from '../../transport/textOf.js';
import { deliver, wrapSocket, type CloseSignal, type SocketSignal } from '../../transport/wrapSocket.js';

/** What goes wrong with connections, around any way to open a socket. Write your own as a function. */
export type Fault = (openSocket: OpenSocket) => OpenSocket;

/**
 * Opens sockets as `openSocket` does, with faults on the line: on a fake network, on loopback, in staging.
 *
 * The first fault is nearest to the vendor: a frame that arrives goes through it first, a frame that is sent goes through
 * it last. Each call counts connections and draws chance from the beginning, so that the same test sees the same faults.
 *
 * @example
 * itick({ token, market: 'stock', topics, openSocket: faulty(platform.openSocket, dropAfter({ frames: 100 }), garble()) })
 */
export const faulty = (openSocket: OpenSocket, ...faults: readonly Fault[]): OpenSocket =>
  faults.reduce((open, fault) => fault(open), openSocket);

/** What every fault takes. */
export interface FaultOptions {
  /**
   * How many connections it affects at most, counted from the first.
   *
   * @defaultValue all
   */
  readonly maxConnections?: number | undefined;
}

/** Which way frames go: `in` is what the client receives, `out` what it sends. */
export type Direction = 'in' | 'out' | 'both';

/** What is done to one connection; what is left out passes as it is. */
export interface Interceptor {
  /** From what the peer and the platform report to what the client receives. A `close` in it ends the connection. */
  readonly incoming?: MonoTypeOperatorFunction<SocketSignal>;
  /** From the frames that the client sends to those that the peer receives. */
  readonly outgoing?: MonoTypeOperatorFunction<SocketSignal>;
}

/**
 * A socket around another one. Signals are handed on one after the other, never inside one another, as the platforms
 * do; closing it ends at once all that is under way, and leaves no timer.
 */
export const intercept = (inner: SocketLike, { incoming = identity, outgoing = identity }: Interceptor): SocketLike => {
  const received$ = new Subject<SocketSignal>();
  const sent$ = new Subject<SocketSignal>();
  let state: 'connecting' | 'open' | 'closed' = 'connecting';
  let isOver = false;

  const end = (close: CloseSignal): void => {
    if (isOver) return;
    isOver = true;
    leave();
    if (state !== 'closed') inner.close();
    deliver(outer, close);
  };
  const outer = wrapSocket(inner, {
    onSignal: (signal) => {
      if (signal.kind === 'open') state = 'open';
      if (signal.kind === 'close') state = 'closed';
      if (signal.kind === 'close' && receiving.closed) end(signal);
      else received$.next(signal);
    },
    send: (text) => {
      // Too early is an error of the caller, and the platform reports it.
      if (state === 'connecting') inner.send(text);
      else sent$.next({ kind: 'frame', data: text });
    },
    close: (code, reason) => {
      leave();
      inner.close(code, reason);
    },
  });

  const receiving = received$
    .pipe(observeOn(queueScheduler), incoming)
    .subscribe((signal) => (signal.kind === 'close' ? end(signal) : deliver(outer, signal)));
  const sending = sent$.pipe(outgoing).subscribe((signal) => {
    if (signal.kind === 'frame' && state === 'open') inner.send(textOf(signal.data));
  });
  const leave = (): void => {
    receiving.unsubscribe();
    sending.unsubscribe();
  };
  return outer;
};

/** A fault of what it does to each connection; `make` is called when a connection is asked for. */
export const faultOf = (
  { maxConnections = Infinity }: FaultOptions,
  make: (connection: number) => Interceptor,
): Fault => {
  checkCount('maxConnections', maxConnections);
  return (openSocket) => {
    let opened = 0;
    return (url, options) => {
      opened += 1;
      const socket = openSocket(url, options);
      return opened > maxConnections ? socket : intercept(socket, make(opened));
    };
  };
};

interface DirectedOptions extends FaultOptions {
  readonly direction: Direction;
  readonly seed?: number | undefined;
}

/** A fault that does the same each way, with chance of its own for each connection and way. */
export const directedFault = (
  name: string,
  { direction, seed = 1, maxConnections }: DirectedOptions,
  make: (random: Random) => MonoTypeOperatorFunction<SocketSignal>,
): Fault =>
  faultOf({ maxConnections }, (connection) => {
    const along = (way: Direction): MonoTypeOperatorFunction<SocketSignal> =>
      direction === way || direction === 'both' ? make(seeded(seed, `${name} ${way} ${connection}`)) : identity;
    return { incoming: along('in'), outgoing: along('out') };
  });

/** A number in [0, 1), another one each time. */
export type Random = () => number;

/** Mulberry32, begun at a place of its own for each name (FNV-1a): faults with the same seed do not fall together. */
export const seeded = (seed: number, name: string): Random => {
  let state = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at += 1) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

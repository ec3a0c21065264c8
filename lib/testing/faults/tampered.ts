import { identity, observeOn, queueScheduler, Subject, type MonoTypeOperatorFunction } from 'rxjs';
import { hearPings } from '../../transport/hearPings.js';
import type { Refusal, SocketLike } from '../../transport/SocketLike.js';
import { textOf } from '../../transport/textOf.js';
import type { Closed, Signal } from './Signal.js';

/** What is done to one connection; what is left out passes as it is. */
export interface Tampering {
  /** From all that the peer and the platform say to what the client hears. A `close` in it ends the connection. */
  readonly incoming?: MonoTypeOperatorFunction<Signal>;
  /** From the frames the client says to those the peer hears. */
  readonly outgoing?: MonoTypeOperatorFunction<Signal>;
}

const ABNORMAL = 1006;

/**
 * A socket around another one. Signals are handed on one after the other, never inside one another, as the platforms
 * do; closing it ends at once all that is under way, and leaves no timer.
 */
export const tampered = (inner: SocketLike, { incoming = identity, outgoing = identity }: Tampering): SocketLike => {
  const heard$ = new Subject<Signal>();
  const said$ = new Subject<Signal>();
  let state: 'connecting' | 'open' | 'closed' = 'connecting';
  let isOver = false;

  const end = ({ code, reason }: Closed): void => {
    if (isOver) return;
    isOver = true;
    leave();
    if (state !== 'closed') inner.close();
    void outer.onclose?.({ code, reason });
  };
  const deliver = (signal: Signal): void => {
    switch (signal.kind) {
      case 'open':
        return void outer.onopen?.({});
      case 'frame':
        return void outer.onmessage?.({ data: signal.data });
      case 'ping':
        return outer.onping?.();
      case 'refused':
        return outer.onrefused?.(signal.refusal);
      case 'error':
        return void outer.onerror?.(signal.event);
      case 'close':
        return end(signal);
    }
  };

  const pings = hearPings(inner, () => heard$.next({ kind: 'ping' }));
  const outer: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    onrefused: null,
    ...(pings && { onping: null }),
    send: (text) => {
      // Too early is an error of the caller, and the platform says so.
      if (state === 'connecting') inner.send(text);
      else said$.next({ kind: 'frame', data: text });
    },
    close: (code, reason) => {
      leave();
      inner.close(code, reason);
    },
  };
  Object.defineProperty(outer, 'binaryType', {
    get: () => inner.binaryType as unknown,
    set: (type: unknown) => (inner.binaryType = type),
  });

  inner.onopen = () => {
    state = 'open';
    heard$.next({ kind: 'open' });
  };
  inner.onmessage = ({ data }: { readonly data: unknown }) => heard$.next({ kind: 'frame', data });
  inner.onrefused = (refusal: Refusal) => heard$.next({ kind: 'refused', refusal });
  inner.onerror = (event: unknown) => heard$.next({ kind: 'error', event });
  inner.onclose = ({ code = ABNORMAL, reason = '' }: Partial<Closed> = {}) => {
    state = 'closed';
    const closed: Closed = { kind: 'close', code, reason };
    if (listening.closed) end(closed);
    else heard$.next(closed);
  };

  const listening = heard$.pipe(observeOn(queueScheduler), incoming).subscribe(deliver);
  const speaking = said$.pipe(outgoing).subscribe((signal) => {
    if (signal.kind === 'frame' && state === 'open') inner.send(textOf(signal.data));
  });
  const leave = (): void => {
    listening.unsubscribe();
    speaking.unsubscribe();
  };
  return outer;
};

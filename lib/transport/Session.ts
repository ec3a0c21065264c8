import type { Observable } from 'rxjs';

/**
 * One open connection. It lives as long as the observable that emitted it stays subscribed.
 *
 * A connection is a stream of sessions: `connect` emits one when the socket is open and fails when it is lost, so that
 * whatever a `switchMap` hangs on a session dies with it.
 */
export interface Session<In = string, Out = string> {
  /**
   * All messages of the peer, from now on. Completes when the session ends. It errors only with a defect: what a
   * subscriber of decoded messages throws.
   */
  readonly messages$: Observable<In>;
  /**
   * The frames behind `messages$`, where the platform gives their bytes; those are overwritten after their turn.
   *
   * @defaultValue `messages$` tells them, as texts
   */
  readonly frames$?: Observable<string | Uint8Array> | undefined;
  /** Sends a message. Does nothing once the session is over. */
  readonly send: (message: Out) => void;
  /** When a frame was last received, pings included, or when the socket opened: epoch ms by the RxJS clock. */
  readonly lastReceivedAt: () => number;
  /**
   * For how many milliseconds nothing has been received, also where the clock was set meanwhile. Set by `heartbeat`.
   */
  readonly silentFor?: (() => number) | undefined;
  /** Whether protocol-level pings count for `lastReceivedAt`; browsers do not show them. */
  readonly seesPings: boolean;
  /** The messages sent, where they are counted. */
  readonly sends?: Sends | undefined;
}

/** Counts the messages to a peer that takes only so many in a time. */
export interface Sends {
  /** A message goes out. */
  readonly note: () => void;
  /** From now on there are at most so many messages in any `per` milliseconds; those that went out before count. */
  readonly limit: (rate: { readonly commands: number; readonly per: number }) => void;
  /** Milliseconds until the next message may go out. */
  readonly wait: () => number;
}

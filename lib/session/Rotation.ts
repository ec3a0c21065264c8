import type { Observable } from 'rxjs';
import type { ConnectionSlot } from './connectionSlot.js';
import type { Control } from './Control.js';
import type { Ready } from './messages.js';
import type { ReconnectOptions } from './reconnect.js';
import type { WantedTopics } from './wanted.js';

/** When a session is succeeded by another one. */
export interface RotationOptions<Message> {
  /**
   * Milliseconds after its login. Where many feeds begin together, let each have another time.
   *
   * @defaultValue only a `notice` has a session succeeded
   */
  readonly after?: number | undefined;
  /** Whether a message of the vendor, which is no data, says that the session ends soon: it is succeeded at once. */
  readonly notice?: ((message: Message) => boolean) | undefined;
  /**
   * How long to wait for topics of which nothing comes, in milliseconds, from the login of the successor.
   *
   * @defaultValue `15_000`
   */
  readonly patience?: number | undefined;
}

/** What a rotation needs of the feed around it. */
export interface Rotated<In> {
  /** What is wanted, across all sessions. */
  readonly wanted: WantedTopics;
  /** One session, in the connection slot of the feed unless another one is given. */
  readonly session: (wanted: WantedTopics, slot?: Pick<ConnectionSlot, 'take'>) => Observable<Ready | In>;
  /** The slot of the feed. */
  readonly slot: ConnectionSlot;
  readonly endpoint: string;
  readonly connections: number;
  /** How long to wait before a successor is tried again. */
  readonly policy: Pick<ReconnectOptions, 'backoff' | 'maxRetryAfter'>;
}

/** Has the sessions of a feed succeed each other. Made by `rotating`, for the `rotation` of `feedOf`. */
export type Rotation = <In extends { readonly kind: string }>(
  rotated: Rotated<In>,
) => Observable<Ready | Exclude<In, Control>>;

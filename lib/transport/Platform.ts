import type { Observable } from 'rxjs';
import type { OpenSocket } from './SocketLike.js';

/** Whether a page can hold a connection: it is in use, without a network, or put to rest with all its timers. */
export type PageState = 'live' | 'offline' | 'frozen';

/** What differs between Node and a browser. */
export interface Platform {
  /** Opens a socket of the platform. */
  readonly openSocket: OpenSocket;
  /** Whether sockets can carry request headers. */
  readonly headers: boolean;
  /**
   * Whether a refused upgrade looks like a lost network, a close with 1006, as in browsers.
   *
   * @defaultValue `false`
   */
  readonly hidesRefusals?: boolean | undefined;
  /** What helps when no socket could be opened, by what the platform says of it; absent where it says nothing. */
  readonly remedyOf?: ((complaint: string) => string | undefined) | undefined;
  /** Takes the useless part out of the messages of the platform. */
  readonly tidied?: ((complaint: string) => string) | undefined;
  /** The state of the page now, and each change of it; absent where there is no page. */
  readonly page$?: Observable<PageState> | undefined;
}

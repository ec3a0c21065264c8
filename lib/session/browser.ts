import type { Observable } from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import { browserPlatform as platform } from '../transport/browserPlatform.js';
import { connectOver, type ConnectOptions } from '../transport/connect.js';
import type { NodeSocketOptions } from '../transport/NodeSocketOptions.js';
import type { Session } from '../transport/Session.js';
import type { OpenSocket } from '../transport/SocketLike.js';
import { feedOver } from './feedOf.js';

export * from './parts.js';

/** For Node only: it throws `InvalidOption` here, as a browser goes the way that its system is set to. */
export const nodeSocket: (options?: NodeSocketOptions) => OpenSocket = () => {
  throw new InvalidOption(
    'openSocket',
    undefined,
    'nodeSocket is for Node; a browser takes agent, authorities and proxy from its system',
  );
};

/** The platform this door was opened on: a browser. */
export { platform };

/** `connectOver` for this platform: its own `WebSocket`. */
export const connect: (url: string, options?: ConnectOptions) => Observable<Session> = connectOver(platform);

/** `feedOver` for this platform: the feed of a provider, around the pipe of its protocol. */
export const feedOf: ReturnType<typeof feedOver> = feedOver(platform);

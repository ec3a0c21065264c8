import type { Observable } from 'rxjs';
import { connectOver, type ConnectOptions } from '../transport/connect.js';
import { nodePlatform as platform } from '../transport/nodePlatform.js';
import type { Session } from '../transport/Session.js';
import { feedOver } from './feedOf.js';

export * from './parts.js';
export { nodeSocket } from '../transport/openNodeSocket.js';

/** The platform this door was opened on: Node. */
export { platform };

/** `connectOver` for this platform: `ws`. */
export const connect: (url: string, options?: ConnectOptions) => Observable<Session> = connectOver(platform);

/** `feedOver` for this platform: the feed of a provider, around the pipe of its protocol. */
export const feedOf: ReturnType<typeof feedOver> = feedOver(platform);

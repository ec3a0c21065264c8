import type { Observable } from 'rxjs';
import { connectOver, type ConnectOptions } from '../transport/connect.js';
import { nodePlatform as platform } from '../transport/nodePlatform.js';
import type { Session } from '../transport/Session.js';

export * from './parts.js';
export { nodeSocket } from '../transport/openNodeSocket.js';

/** The platform this door was opened on: Node. */
export { platform };

/** `connectOver` for this platform: `ws`. */
export const connect: (url: string, options?: ConnectOptions) => Observable<Session> = connectOver(platform);
